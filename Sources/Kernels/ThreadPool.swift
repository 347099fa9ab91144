import Glibc
import SIMDShims
import Synchronization

/// Threads that share one piece of work at a time. They spin briefly for the next piece, since a network's layers follow each other within microseconds, then
/// park.
///
/// The work is cut by the caller, by shape. Each thread begins with its own run of neighbouring pieces, so that what it reads lies where it wrote it in the work
/// before; when these are done it takes pieces from the ends of the others' runs. A piece must not depend on the thread that runs it, so results are the same
/// for any number of threads. Work that is started from inside a piece, or while another caller's work is running, runs on its caller's thread alone.
public final class ThreadPool: Sendable {
  /// How many threads work, the caller's among them.
  public let threadCount: Int

  private let shared: PoolState
  private let isBusy = Atomic<Bool>(false)

  /// - Parameter threadCount: how many threads should work; the pool starts one less, or as many as the system grants.
  public init(threadCount wanted: Int) {
    precondition(wanted > 0, "a pool has at least one thread")
    shared = PoolState(threadCount: wanted)
    var count = 1
    while count < wanted, shared.startThread(number: count) { count += 1 }
    threadCount = count
  }

  deinit {
    shared.isEnding.store(true, ordering: .sequentiallyConsistent)
    shared.announce()
  }

  /// Calls `body` once for each index in 0..<count, on all threads. `body` is given `context`, the number of its thread, below ``threadCount``, to choose its
  /// working memory by, and the index. Returns when all are done.
  ///
  /// What `body` needs comes in `context`, not as captures: a closure without captures needs no memory, and so running a program needs none.
  public func forEach<Context>(_ count: Int, _ context: Context, _ body: @escaping (Context, _ thread: Int, _ index: Int) -> Void) {
    let isAlone = threadCount == 1 || count <= 1
    guard !isAlone, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      for index in 0..<count { body(context, 0, index) }
      return
    }
    share(count, Work(context: context, body: body))
    isBusy.store(false, ordering: .releasing)
  }

  /// Calls `body` in each of `steps` steps once for each index in 0..<count, on all threads; a step begins when the one before is done.
  ///
  /// An index stays with its thread through all steps, and so what it reads stays in one core's cache. Threads wait for each other some hundred nanoseconds a
  /// step: for steps too short to be handed out one by one, such as those of a recurrent layer.
  public func forEachStep<Context>(
    _ steps: Int, _ count: Int, _ context: Context, _ body: @escaping (Context, _ step: Int, _ index: Int) -> Void
  ) {
    let sharers = min(threadCount, count)
    guard sharers > 1, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      for step in 0..<steps { for index in 0..<count { body(context, step, index) } }
      return
    }
    // Each sharer waits within its one piece for the others, so no thread can take two, and all are taken: the pool is this call's alone.
    shared.arrived.store(0, ordering: .relaxed)
    let steps = Steps(context: context, body: body, steps: steps, count: count, sharers: sharers, shared: shared)
    let work = Work(context: steps) { work, _, sharer in
      for step in 0..<work.steps {
        for index in stride(from: sharer, to: work.count, by: work.sharers) { work.body(work.context, step, index) }
        work.shared.arrive((step + 1) * work.sharers)
      }
    }
    share(sharers, work)
    isBusy.store(false, ordering: .releasing)
  }

  private func share<Context>(_ count: Int, _ work: Work<Context>) {
    withUnsafePointer(to: work) { work in
      shared.work = UnsafeRawPointer(work)
      shared.perform = { work, thread, index in
        let work = work.assumingMemoryBound(to: Work<Context>.self)
        work.pointee.body(work.pointee.context, thread, index)
      }
      shared.share(count, among: threadCount)
      shared.working.store(threadCount - 1, ordering: .relaxed)
      shared.announce()
      shared.takePieces(thread: 0)
      while shared.working.load(ordering: .acquiring) != 0 { shim_pause() }
    }
  }
}

/// What `forEach` was asked to do, on its caller's stack while the threads work.
private struct Work<Context> {
  let context: Context
  let body: (Context, Int, Int) -> Void
}

/// What `forEachStep` was asked to do. A structure of its own: a closure taken out of a tuple would be wrapped in memory in each run.
private struct Steps<Context> {
  let context: Context
  let body: (Context, Int, Int) -> Void
  let steps, count, sharers: Int
  let shared: PoolState
}

/// What the threads of a pool share; it outlives the pool until the last thread has ended.
private final class PoolState: @unchecked Sendable {  // `work` and `perform` are written only while no thread works
  /// How long a thread looks for work before it parks: some 50 µs.
  static let spins = 2_000

  var work: UnsafeRawPointer?
  var perform: (_ work: UnsafeRawPointer, _ thread: Int, _ index: Int) -> Void = { _, _, _ in }
  /// The pieces that nobody has taken yet of each thread's run, one run a cache line: first << 32 | end.
  private let runs: UnsafeMutablePointer<Atomic<UInt64>>
  private let threadCount: Int
  private static let line = 8
  let generation = Atomic<Int>(0)
  let working = Atomic<Int>(0)
  let parked = Atomic<Int>(0)
  /// How often threads have arrived at the end of a step; see ``ThreadPool/forEachStep(_:_:_:_:)``.
  let arrived = Atomic<Int>(0)
  let isEnding = Atomic<Bool>(false)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(threadCount: Int) {
    self.threadCount = threadCount
    runs = .allocate(capacity: threadCount * Self.line)
    for index in 0..<threadCount * Self.line { (runs + index).initialize(to: Atomic(0)) }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    runs.deinitialize(count: threadCount * Self.line)
    runs.deallocate()
    condition.deallocate()
    mutex.deallocate()
  }

  /// Starts a thread that takes part as number `number`; false if the system refuses.
  func startThread(number: Int) -> Bool {
    final class Start {
      let number: Int
      let shared: PoolState
      init(_ number: Int, _ shared: PoolState) {
        self.number = number
        self.shared = shared
      }
    }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(number, self))
    let code = pthread_create(
      &thread, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.shared.run(thread: start.number)
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Tells the threads that there is something new, and wakes those that have parked.
  func announce() {
    generation.add(1, ordering: .sequentiallyConsistent)
    guard parked.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Gives each thread a run of the pieces 0..<count.
  func share(_ count: Int, among threads: Int) {
    for thread in 0..<threads {
      let first = UInt64(count * thread / threads), end = UInt64(count * (thread + 1) / threads)
      runs[thread * Self.line].store(first << 32 | end, ordering: .relaxed)
    }
  }

  func takePieces(thread: Int) {
    let work = work.unsafelyUnwrapped, perform = perform
    while let index = take(from: thread, atEnd: false) { perform(work, thread, index) }
    for other in 1..<max(1, threadCount) {
      while let index = take(from: (thread + other) % threadCount, atEnd: true) { perform(work, thread, index) }
    }
  }

  /// The first or last piece of a thread's run that is left, taken out of it; nil when none is.
  private func take(from thread: Int, atEnd: Bool) -> Int? {
    let run = runs + thread * Self.line
    var seen = run.pointee.load(ordering: .relaxed)
    while true {
      let first = seen >> 32, end = seen & 0xffff_ffff
      guard first < end else { return nil }
      let left = atEnd ? first << 32 | (end - 1) : (first + 1) << 32 | end
      let result = run.pointee.weakCompareExchange(expected: seen, desired: left, ordering: .relaxed)
      if result.exchanged { return Int(atEnd ? end - 1 : first) }
      seen = result.original
    }
  }

  /// Tells that this thread has ended a step, and waits until `everybody` have.
  func arrive(_ everybody: Int) {
    arrived.add(1, ordering: .acquiringAndReleasing)
    var spins = 0
    while arrived.load(ordering: .acquiring) < everybody {
      spins += 1
      if spins % PoolState.spins == 0 { sched_yield() } else { shim_pause() }  // a thread that is waited for may need this one's processor
    }
  }

  func run(thread: Int) {
    var seen = 0
    while true {
      waitForNews(since: seen)
      if isEnding.load(ordering: .sequentiallyConsistent) { return }
      seen += 1
      takePieces(thread: thread)
      working.subtract(1, ordering: .releasing)
    }
  }

  private func waitForNews(since seen: Int) {
    for _ in 0..<PoolState.spins {
      if generation.load(ordering: .acquiring) != seen { return }
      shim_pause()
    }
    pthread_mutex_lock(mutex)
    parked.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(condition, mutex) }
    parked.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
