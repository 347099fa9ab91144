import Glibc
import Synchronization

/// A value that a thread of its own computes, while this one does something else.
///
/// ```swift
/// let next = Background { load(batch) }
/// step.run(inputs)
/// let inputs = next.value
/// ```
final class Background<Value: Sendable>: Sendable {
  private final class Work: Sendable {
    let body: @Sendable () -> Value
    let result = Mutex<Value?>(nil)
    init(_ body: @escaping @Sendable () -> Value) { self.body = body }
    func run() {
      let value = body()
      result.withLock { $0 = value }
    }
  }
  private let work: Work
  /// nil once it has been waited for, and where the system gave no thread: then the value is computed when it is asked for.
  private let thread: Mutex<pthread_t?>

  init(_ body: @escaping @Sendable () -> Value) {
    let work = Work(body)
    self.work = work
    var thread = pthread_t()
    // Without the type: a function for C cannot know what is generic.
    let start = unsafe Unmanaged.passRetained(Start { work.run() })
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        (unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()).run()
        return nil
      }, start.toOpaque())
    if code != 0 { unsafe start.release() }
    self.thread = Mutex(code == 0 ? thread : nil)
  }

  /// Waits until the value is there.
  var value: Value {
    join()
    if let done = work.result.withLock({ $0 }) { return done }
    return work.body()
  }

  private func join() {
    thread.withLock { thread in
      if let running = thread { pthread_join(running, nil) }
      thread = nil
    }
  }

  deinit { join() }
}

/// What a thread begins with.
private final class Start {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
