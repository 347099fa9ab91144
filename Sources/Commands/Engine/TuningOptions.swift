import ArgumentParser
import Files
import Graphs
import Kernels

/// How the algorithm of each convolution is chosen.
struct TuningOptions: ParsableArguments {
  @Flag(help: "Time the ways to compute each convolution, once on each machine, and take the fastest, instead of estimating it.")
  var tune = false

  @Flag(help: "Allow Winograd's F(6×6) for convolutions: often faster, with rounding errors some seven times as large.")
  var largeTiles = false

  /// Whether anything is asked for that pays for many runs alone.
  var isUsed: Bool { tune || largeTiles }

  /// Calls `body` with `usual` and what the options add to it, and keeps the times that were measured meanwhile.
  func prepared<Result>(_ usual: Preparation, isQuiet: Bool, _ body: (Preparation) throws -> Result) rethrows -> Result {
    var preparation = usual
    preparation.allowsLargeTiles = largeTiles
    guard tune else { return try body(preparation) }
    let file = TuningFile(), tuning = file.read(), start = ContinuousClock.now
    preparation.tuning = tuning
    let result = try body(preparation)
    let count = tuning.measuredCount, seconds = (ContinuousClock.now - start) / .seconds(1)
    guard count > 0 else { return result }
    let measured = "timed \(count) \(count == 1 ? "convolution" : "convolutions") in \(decimal(seconds, digits: 1)) s"
    do {
      try file.write(tuning)
      if !isQuiet { printError("\(measured), once for this machine: the times are kept in \(file.path)") }
    } catch { printError("\(measured), but the times cannot be kept for the next time: \(error)") }
    return result
  }
}

/// The measured times of this machine, for this version of the kernels.
private struct TuningFile {
  let path = "\(cacheFolder())/tuning.txt"
  private let header = "percept.tuning/1, percept \(perceptVersion), \(Processor.machineName)\n"

  /// Nothing is known when there is no file, or one of another machine or version, or a damaged one: all of it can be measured again.
  func read() -> ConvolutionTuning {
    guard let bytes = try? readFile(path) else { return ConvolutionTuning() }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix(header) ? ConvolutionTuning(String(text.dropFirst(header.count))) ?? ConvolutionTuning() : ConvolutionTuning()
  }

  func write(_ tuning: ConvolutionTuning) throws(FileError) {
    try createFolder(cacheFolder())
    try writeFile(path, header + tuning.text)
  }
}
