import Glibc
import Synchronization

/// What a long piece of work asks, from step to step, to leave something usable when the user presses Ctrl-C or the system goes down.
///
/// ```swift
/// Interruption.watch()
/// while !run.isDone, !Interruption.wasAsked { try run.step() }
/// ```
enum Interruption {
  /// Whether the user has asked to stop since ``watch()``.
  static var wasAsked: Bool { asked.load(ordering: .relaxed) }

  /// From now on the first SIGINT or SIGTERM asks to stop; a second one ends the process at once.
  static func watch() {
    asked.store(false, ordering: .relaxed)  // also makes it before the handler needs it
    // Whoever started the process may have blocked them.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        asked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
      unsafe sigaddset(&mask, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}

private let asked = Atomic<Bool>(false)
