import Glibc
import Synchronization

/// What a long piece of work asks, from step to step, to leave something usable when the user presses Ctrl-C.
///
/// ```swift
/// Interruption.watch()
/// while !run.isDone, !Interruption.wasAsked { try run.step() }
/// ```
enum Interruption {
  /// Whether the user has asked to stop since ``watch()``.
  static var wasAsked: Bool { asked.load(ordering: .relaxed) }

  /// From now on the first SIGINT asks to stop; a second one ends the process at once.
  static func watch() {
    asked.store(false, ordering: .relaxed)  // also makes it before the handler needs it
    signal(SIGINT) { _ in
      asked.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    // Whoever started the process may have blocked it.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGINT)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}

private let asked = Atomic<Bool>(false)
