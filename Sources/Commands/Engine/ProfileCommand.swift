import ArgumentParser
import Benchmarks
import Detection
import Graphs
import ModelFormats
import ModelStore

/// `percept profile MODEL`: where a network's time goes.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Measure the time of each node of a network.",
    discussion: """
      Prints the nodes in the order of execution with the median time of each, its speed and its share. A network that `percept bench` measures has random
      weights, and so has a cfg file without weights: they do not change the time.

      EXAMPLES
        percept profile yolov3-tiny
        percept profile resnet50 --top 10           the ten nodes that take longest
        percept profile vgg16 --tune                with the algorithms that are fastest on this machine
        percept profile x.cfg --weights x.weights --threads 1 --json

      Exit code: 0 done, 64 no such network, 69 the network is not installed or cannot be read.
      """)

  @Argument(
    help: ArgumentHelp(
      "A network of `percept bench` (\(BenchmarkNetwork.all.map(\.name).joined(separator: ", "))) or of `percept models list`, or a Darknet cfg file.",
      valueName: "model"), completion: .file(extensions: ["cfg"]))
  var model: String

  @Option(help: ArgumentHelp("The weights of a cfg file.", valueName: "x.weights"), completion: .file(extensions: ["weights"]))
  var weights: String?

  @Option(help: ArgumentHelp("How long to run the network.", valueName: "s"))
  var seconds = 3.0

  @Option(help: ArgumentHelp("How often to run the network, instead of how long.", valueName: "n"))
  var runs: Int?

  @Option(help: ArgumentHelp("Print only the nodes that take longest, the slowest first.", valueName: "n"))
  var top: Int?

  @Option(help: ArgumentHelp("What numbers the network multiplies: float32, bf16 or int8, with the ranges of random pictures.", valueName: "kind"))
  var precision = PrecisionName.float32

  @Flag(help: "Prepare as for a few runs: the way that `detect` takes for up to three pictures.") var quick = false
  @Flag(help: "Print one JSON document, schema percept.profile/1.") var json = false

  @OptionGroup var tuning: TuningOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !quick || !tuning.isUsed else { throw ValidationError("--tune and --large-tiles are for many runs: leave out --quick.") }
    guard (0.001...3600).contains(seconds) else { throw ValidationError("--seconds takes a number from 0.001 to 3600, found \(seconds).") }
    if let runs, !(1...1_000_000).contains(runs) { throw ValidationError("--runs takes a whole number from 1 to 1000000, found \(runs).") }
    if let top, top < 1 { throw ValidationError("--top takes a whole number above 0, found \(top).") }
    guard weights == nil || model.hasSuffix(".cfg") else {
      throw ValidationError("--weights belongs to a cfg file: name that instead of \(model).")
    }
  }

  func run() throws {
    do {
      let graph = try graph(), processor = common.processor
      let numbers =
        switch precision {
        case .float32: Precision.float32
        case .bf16: Precision.bfloat16
        case .int8: Precision.int8(graph.calibratedOnRandomInputs(processor: processor))
        }
      let program = tuning.prepared(quick ? .quick : .thorough, isQuiet: common.quiet) {
        graph.compiled(for: processor, preparation: $0, precision: numbers)
      }
      let count = program.memoryPlan.arenaCount
      guard count <= Self.largestMemory else { throw DetectorError.tooLarge(file: model, numbers: count, limit: Self.largestMemory) }
      let profile = NetworkProfile(of: program, runs.map { .runs($0) } ?? .seconds(seconds))
      printOutput(
        json
          ? jsonText(ProfileRecord(profile, model: model, program: program, top: top), isPretty: true)
          : profileTable(profile, model: model, program: program, top: top))
    } catch {
      printError("percept profile: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  /// How many numbers a network may keep in memory while it runs: 2 GiB of them.
  private static let largestMemory = 1 << 29

  private func graph() throws -> Graph {
    if let network = BenchmarkNetwork.all.first(where: { $0.name == model }) { return network.graph().graph }
    if model.hasSuffix(".cfg") { return try DarknetNetwork.load(configuration: model, weights: weights).graph }
    let files = try ModelStore().locate(model).values
    guard let configuration = files.first(where: { $0.hasSuffix(".cfg") }), let weights = files.first(where: { $0.hasSuffix(".weights") }) else {
      throw ProfileError(model: model)
    }
    return try DarknetNetwork.load(configuration: configuration, weights: weights).graph
  }
}

/// A model of the registry whose format no importer reads.
struct ProfileError: Error, CustomStringConvertible {
  let model: String
  var description: String { "\(model): the model is no Darknet network, and no other kind can be profiled" }
}
