import ArgumentParser
import Kernels
import TriggerWords

/// Which network listens.
struct TriggerModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A network of the package, or a file that `triggerword train` wrote.", valueName: "name|file"), completion: .file())
  var model = "activate"

  /// - Throws: ``TriggerModelError``.
  func load() throws(TriggerModelError) -> TriggerModel {
    model.contains("/") || model.hasSuffix(".safetensors") ? try TriggerModel.load(model) : try TriggerModel.shipped(model)
  }

  /// What the network is called in reports.
  var name: String { model.contains("/") || model.hasSuffix(".safetensors") ? stem(of: model) : model }

  /// - Throws: `ValidationError` where `threshold` is none.
  static func check(threshold: Float?) throws {
    if let threshold, !(threshold > 0 && threshold <= 1) {
      throw ValidationError("--threshold takes a number above 0, at most 1, found \(threshold).")
    }
  }
}

extension CommonOptions {
  /// The processor to hear one sound with. A step of the small network takes less time than handing it out to threads.
  func processor(hearingWith model: TriggerModel) -> Processor { model.network.kind == .causal && threads == nil ? Processor(threadCount: 1) : processor }
}
