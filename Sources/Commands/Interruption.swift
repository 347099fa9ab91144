import Glibc
import Synchronization

/// Whether the user has asked a long piece of work to end (Ctrl-C, or a signal to terminate), so that it can leave a usable state.
///
/// ```swift
/// Interruption.watch()
/// for step in steps { step.run(); if Interruption.wasAsked { save(); throw ExitStatus.interrupted.exitCode } }
/// ```
/// A second signal ends the process at once.
enum Interruption {
  private static let asked = Atomic(false)

  static var wasAsked: Bool { asked.load(ordering: .relaxed) }

  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.asked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}
