import ArgumentParser
import Benchmarks
import Kernels

/// `percept bench`: the engine's speed.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the speed of networks and of single operations.",
    discussion: """
      Networks have random weights, which do not change their speed. Each row's result is compared with the plainest kernels' before it is timed. GFLOP/s count
      two operations for each multiplication and addition of the formula, whatever the algorithm saves; GB/s count each operand and each result once.

      EXAMPLES
        percept bench                               all rows, a second each
        percept bench --filter fp32                 the networks
        percept bench --filter "convolution 3x3" --seconds 0.2
        percept bench --filter vgg16 --threads 1 --json

      Tools/bench runs the rows side by side with other programs. Exit code: 0 done, 64 no such row, 70 a result was wrong.
      """)

  @Option(help: ArgumentHelp("Only rows whose names contain this, in any case; x stands for ×.", valueName: "text"))
  var filter = ""

  @Option(help: ArgumentHelp("How long to repeat each row.", valueName: "s"))
  var seconds = 1.0

  @Option(help: ArgumentHelp("How often to repeat each row, instead of how long.", valueName: "n"))
  var runs: Int?

  @Flag(help: "Print the names of the rows and measure nothing.") var list = false
  @Flag(help: "Print one JSON document, schema percept.bench/1.") var json = false

  @Flag(
    help: ArgumentHelp(
      "Measure the row that each line of standard input names, and print a line of JSON for it; the line `machine` asks for the machine's state.",
      visibility: .hidden))
  var serve = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0.001...3600).contains(seconds) else { throw ValidationError("--seconds takes a number from 0.001 to 3600, found \(seconds).") }
    if let runs, !(1...1_000_000).contains(runs) { throw ValidationError("--runs takes a whole number from 1 to 1000000, found \(runs).") }
    guard !Benchmark.matching(filter).isEmpty else {
      throw ValidationError("no row's name contains “\(filter)”; `percept bench --list` prints all names.")
    }
  }

  private var repetition: Repetition { runs.map { .runs($0) } ?? .seconds(seconds) }

  func run() throws {
    let rows = Benchmark.matching(filter)
    guard !list else { return printOutput(rows.map { $0.name + "\n" }.joined()) }
    let processor = common.processor
    guard !serve else { return serveRows(on: processor) }

    var report = BenchReport(isJSON: json, machine: MachineState(of: processor), names: rows.map(\.name))
    let bar = ProgressBar(label: "bench", total: rows.count, isQuiet: common.quiet)
    var isWrong = false
    for (index, row) in rows.enumerated() {
      do throws(BenchmarkError) {
        let prepared = try row.prepare(on: processor), times = prepared.measure(repetition)
        bar.clear()
        report.add(BenchRecord(row.name, prepared, times))
      } catch {
        bar.clear()
        printError("percept bench: \(error)")
        isWrong = true
      }
      bar.advance(to: index + 1)
    }
    bar.finish()
    report.finish()
    if isWrong { throw ExitStatus.internalError.exitCode }
  }

  /// Answers line by line, so that another program can measure ours and others in turn; the rows that were asked for last stay prepared.
  private func serveRows(on processor: Processor) {
    struct Failure: Encodable { let error: String }
    var ready: [(name: String, benchmark: PreparedBenchmark)] = []
    while let name = readLine() {
      if name == "machine" {
        printOutput(jsonText(MachineRecord(MachineState(of: processor)), isPretty: false))
        continue
      }
      guard let row = Benchmark.all.first(where: { $0.name == name }) else {
        printOutput(jsonText(Failure(error: "there is no row named “\(name)”"), isPretty: false))
        continue
      }
      do throws(BenchmarkError) {
        let known = ready.first { $0.name == name }?.benchmark
        let benchmark = if let known { known } else { try row.prepare(on: processor) }
        ready = ready.filter { $0.name != name }.suffix(3) + [(name, benchmark)]
        printOutput(jsonText(BenchRecord(name, benchmark, benchmark.measure(repetition)), isPretty: false))
      } catch { printOutput(jsonText(Failure(error: "\(error)"), isPretty: false)) }
    }
  }
}
