import ArgumentParser
import Kernels

/// What every command that computes takes.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads to compute with (default: all cores).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print no progress and no messages but errors.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a whole number from 1 to 1024, found \(threads).") }
  }

  /// The processor to compute with.
  var processor: Processor { threads.map { Processor(threadCount: $0) } ?? .default }
}
