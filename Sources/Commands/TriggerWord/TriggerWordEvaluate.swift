import ArgumentParser
import Kernels
import Learning
import Media
import Synchronization
import TriggerWords

/// `triggerword evaluate CLIPS…`: see `discussion`.
struct TriggerWordEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how often the phrase is missed, and how often it is heard where it was not said.",
    discussion: """
      CLIPS are what tells where the phrase is said:
        a folder      sound files, each with an Audacity label track of the same name (x.txt beside x.wav); without one the phrase is not said
        x.csv         lines file,start,end in seconds, one for each time; a file alone where the phrase is not said
        x.json        the index that `triggerword synth` writes, also as clips.json in a folder
        a sound file  with the label track beside it

      False rejects come with Wilson's interval, false accepts with Garwood's (exact for counts), of 95 %. Every threshold's numbers are what the detector would do.

      EXAMPLES
        triggerword evaluate clips/ --plot det.png
        triggerword evaluate said.csv long-recording.flac --false-accepts 0.5
        triggerword evaluate test/clips.json --model words.safetensors --json

      Exit code: 0 done, 64 wrong usage, 65 a list or sound could not be read (the others were counted), 69 the network is missing, 70 the plot could not be written.
      """)

  @Argument(help: ArgumentHelp("Labelled sound files.", valueName: "clips"), completion: .file())
  var clips: [String]

  @Option(help: ArgumentHelp("The score from which on the phrase counts as said (default: the network's own).", valueName: "0…1"))
  var threshold: Float?

  @Option(help: ArgumentHelp("How far the ends of an event and of the phrase may lie apart.", valueName: "seconds")) var tolerance = 0.5

  @Option(help: ArgumentHelp("Find the threshold for at most so many false accepts an hour.", valueName: "rate")) var falseAccepts: Double?

  @Option(
    help: ArgumentHelp("Plot false rejects against false accepts over all thresholds.", valueName: "out.png"), completion: .file(extensions: ["png", "jpg"]))
  var plot: String?

  @Flag(help: "Print one JSON document, schema percept.triggerword-evaluation/1.") var json = false

  @OptionGroup var network: TriggerModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try TriggerModelOptions.check(threshold: threshold)
    guard tolerance > 0, tolerance <= 60 else { throw ValidationError("--tolerance takes seconds above 0, at most 60, found \(tolerance).") }
    if let falseAccepts, !(falseAccepts >= 0 && falseAccepts.isFinite) {
      throw ValidationError("--false-accepts takes a number an hour, 0 or more, found \(falseAccepts).")
    }
    if let plot, PictureFormat(suffixOf: plot) == nil { throw ValidationError("--plot \(plot): the name must end in .png, .jpg or .jpeg.") }
  }

  func run() throws {
    do { try evaluate() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("triggerword evaluate: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func evaluate() throws {
    let model = try network.load()
    var listed: [ListedClip] = []
    for path in clips { listed += try listedClips(path) }
    let bar = ProgressBar(label: "evaluate", total: listed.count, isQuiet: common.quiet)
    defer { bar.finish() }
    let work = Listening(clips: listed, model: model, bar: bar)
    ThreadPool(threadCount: common.threads ?? availableProcessorCount()).forEach(listed.count, work) { work, _, index in work.hear(index) }
    let results = work.results.withLock { $0 }
    var heard: [ClipScores] = [], failures: [FailureRecord] = []
    bar.clear()
    for index in listed.indices {
      switch results[index] {
      case .success(let scores): heard.append(scores)
      case .failure(let error):
        guard ExitStatus(error) == .unreadableInput else { throw error }
        printError("triggerword evaluate: \(error)")
        failures.append(FailureRecord(file: listed[index].path, error: "\(error)"))
      case nil: break
      }
    }
    bar.finish()
    guard !heard.isEmpty else { throw ExitStatus.unreadableInput.exitCode }
    let evaluation = try TriggerEvaluation(heard, phraseSeconds: model.phraseSeconds, tolerance: tolerance)
    let record = TriggerEvaluationRecord(
      evaluation, model: network.name, threshold: threshold ?? model.threshold, wanted: falseAccepts, failures: failures)
    printOutput(json ? jsonText(record, isPretty: true) : record.table)
    if let plot {
      do throws(ImageError) { try saveImage(tradeoffPlot(record, title: "“\(model.phrase)”").image(), to: plot) } catch { throw OutputError(error) }
      if !json, !common.quiet { printError("wrote \(plot)") }
    }
    if !failures.isEmpty { throw ExitStatus.unreadableInput.exitCode }
  }
}

/// Clips that are heard by several threads, each by one.
private final class Listening: Sendable {
  let clips: [ListedClip], model: TriggerModel, bar: ProgressBar
  let results = Mutex<[Int: Result<ClipScores, any Error>]>([:])

  init(clips: [ListedClip], model: TriggerModel, bar: ProgressBar) {
    self.clips = clips
    self.model = model
    self.bar = bar
  }

  func hear(_ index: Int) {
    let result = Result { try scores(of: clips[index]) }
    let done = results.withLock { results in
      results[index] = result
      return results.count
    }
    bar.advance(to: done)
  }

  private func scores(of clip: ListedClip) throws -> ClipScores {
    let file = try AudioFile(clip.path), facts = file.facts
    let scorer = try SoundScorer(model, sampleRate: facts.sampleRate, channels: facts.channels, processor: Processor(threadCount: 1))
    var scores: [Float] = []
    while true {
      let block = try file.read(upTo: max(65_536 / facts.channels, 64))
      if block.isEmpty { break }
      scores += try scorer.push(block)
    }
    guard file.position > 0 else { throw AudioError(path: file.path, kind: .noSamples) }
    scores += try scorer.finish()
    return ClipScores(path: clip.path, seconds: scorer.seconds, stepSeconds: scorer.stepSeconds, scores: scores, phrases: clip.phrases)
  }
}
