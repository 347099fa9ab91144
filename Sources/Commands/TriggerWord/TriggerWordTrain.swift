import ArgumentParser
import Files
import Learning
import Media
import Training
import TriggerWords

/// `triggerword train --phrase "…"`: a network for a phrase of the user's own, without recordings.
struct TriggerWordTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a network for a phrase of your own, from the phrase alone.", usage: "triggerword train --phrase <words> [<options>]",
    discussion: """
      The synthesisers that are installed (apt-get install espeak-ng flite) speak the phrase, words that sound like it, and everyday sentences; clips of these with
      noise, in rooms, over the telephone are what the network learns from. Speakers that it does not learn from give an honest test at the end.
      Recordings of your own make it better: of the phrase, of other speech, and of the noise where you use it.

      EXAMPLES
        triggerword train --phrase "hey computer"                   half an hour on two cores; then:
        triggerword clip.wav --model hey-computer.safetensors
        triggerword train --phrase "hey computer" --positives mine/ --negatives talk/ --backgrounds kitchen/
        triggerword train --phrase activate --hold-out ked,espeak-ng+f4 --clips 8000 --epochs 40 --plot curves.png
        triggerword train --phrase activate --from activate.safetensors --negatives mined/ --epochs 5
        triggerword train --phrase activate --from activate.safetensors --epochs 0    its threshold and test anew

      Exit code: 0 done, 64 wrong usage, 65 recordings could not be read, 70 no synthesiser, or training diverged, 130 interrupted: the best network so far is written.
      """)

  @Option(help: ArgumentHelp("What is to be heard.", valueName: "words")) var phrase: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The network (default: the phrase with hyphens).", valueName: "x.safetensors"), completion: .file(extensions: ["safetensors"]))
  var output: String?
  @Option(help: ArgumentHelp("Your own recordings of the phrase, one in each file.", valueName: "folder"), completion: .directory) var positives: String?
  @Option(help: ArgumentHelp("Recordings of speech without the phrase.", valueName: "folder"), completion: .directory) var negatives: String?
  @Option(help: ArgumentHelp("Recordings of noise or music without the phrase.", valueName: "folder"), completion: .directory) var backgrounds: String?
  @Option(help: ArgumentHelp("Recorded prompts as negatives, or none (default: Debian's, where they are installed).", valueName: "folder"), completion: .directory)
  var prompts: String?
  @Option(help: ArgumentHelp("Synthesisers, voices or speakers, with commas between them (default: all).", valueName: "names")) var voices: String?
  @Option(help: ArgumentHelp("Speakers that are only tested with (default: a fifth of them).", valueName: "names")) var holdOut: String?
  @Option(help: ArgumentHelp("Which network: causal, or that of the course.", valueName: "name"), completion: .list(TriggerNetwork.Kind.allCases.map(\.rawValue)))
  var network = TriggerNetwork.Kind.causal
  @Option(help: ArgumentHelp("How many networks learn and answer together: better, and each takes its time (default: 3, or as many as --from has).", valueName: "n")) var members: Int?
  @Option(help: ArgumentHelp("Utterances of the phrase to speak, and twice as many others.", valueName: "n")) var utterances: Int?
  @Option(help: ArgumentHelp("Clips of ten seconds to learn from.", valueName: "n")) var clips: Int?
  @Option(help: ArgumentHelp("How many times all clips are heard.", valueName: "n")) var epochs: Int?
  @Option(help: ArgumentHelp("How many clips a step learns from.", valueName: "n")) var batch: Int?
  @Option(help: ArgumentHelp("The largest learning rate.", valueName: "x")) var learningRate: Float?
  @Option(help: ArgumentHelp("The threshold allows so many false accepts in an hour of everyday speech.", valueName: "rate")) var falseAccepts = 0.5
  @Option(help: ArgumentHelp("What chance follows from.", valueName: "n")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Go on from this network, such as with what `triggerword mine` found.", valueName: "x.safetensors"), completion: .file(extensions: ["safetensors"]))
  var from: String?
  @Option(help: ArgumentHelp("Draw loss and recall over the epochs.", valueName: "x.png"), completion: .file()) var plot: String?
  @Flag(help: "Print one JSON document, schema percept.triggerword-train/1.") var json = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    let counts = [
      ("--utterances", utterances, 20...1_000_000), ("--clips", clips, 8...1_000_000), ("--members", members, 1...TriggerModel.mostMembers),
      ("--epochs", epochs, (from == nil ? 1 : 0)...100_000), ("--batch", batch, 1...1024),
    ]
    for (name, value, range) in counts {
      if let value, !range.contains(value) { throw ValidationError("\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), found \(value).") }
    }
    if network == .course, (members ?? 1) > 1 { throw ValidationError("--members: only causal networks answer together.") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) { throw ValidationError("--learning-rate takes a number above 0, found \(learningRate).") }
    if !(falseAccepts >= 0 && falseAccepts.isFinite) { throw ValidationError("--false-accepts takes a number from 0 on, found \(falseAccepts).") }
    if let plot, PictureFormat(suffixOf: plot) == nil { throw ValidationError("--plot \(plot): the name must end in .png, .jpg or .jpeg.") }
    if let output, !output.lowercased().hasSuffix(".safetensors") { throw ValidationError("-o \(output): the name must end in .safetensors.") }
  }

  func run() throws {
    do { try train() } catch let code as ExitCode { throw code } catch {
      printError("triggerword train: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func train() throws {
    Interruption.watch()
    let started = ContinuousClock.now, path = output ?? "\(fileName(of: phrase)).safetensors"
    let training = try training(), display = PhraseTrainingDisplay(isQuiet: common.quiet)
    let result = try training.run(processor: common.processor) { stage in
      display.show(stage)
      return !Interruption.wasAsked
    }
    display.finish()
    if !common.quiet { for problem in result.problems.prefix(20) { printError("triggerword train: left out: \(problem)") } }
    do {
      try result.model.save(to: path)
      if let plot { try saveImage(result.history.curves(title: "“\(phrase)”", score: "mean recall at 1 to 64 false accepts/h").image(), to: plot) }
    } catch let error as any Error & CustomStringConvertible { throw OutputError(error) }
    let time = started.duration(to: .now).components, seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
    let record = PhraseTrainingRecord(result, output: path, training: training, seconds: seconds)
    printOutput(json ? jsonText(record, isPretty: true) : record.table)
    if !json, !common.quiet { for path in [path] + (plot.map { [$0] } ?? []) { printError("wrote \(path)") } }
    if !result.isComplete {
      printError("triggerword train: interrupted after \(result.history.epochs.count) epochs; the best network so far was written, untested")
      throw ExitStatus.interrupted.exitCode
    }
  }

  private func training() throws -> PhraseTraining {
    func names(_ list: String) -> [String] { list.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty } }
    let all = try VoiceSet.installed(), chosen = try voices.map { try all.named(names($0)) } ?? all
    var training = try PhraseTraining(phrase, voices: chosen, heldOut: holdOut.map { try all.named(names($0)) }, seed: seed)
    training.folders = ClipMaterial.Folders(
      positives: positives, negatives: negatives, backgrounds: backgrounds,
      prompts: prompts == "none" ? nil : prompts ?? (isFolder(recordedPromptsFolder) ? recordedPromptsFolder : nil))
    training.learning.kind = network
    // The course's spectrograms are fourteen times as large as the others' bands, and its network takes longer.
    if network == .course {
      (training.clips, training.devClips, training.thresholdClips) = (800, 200, 360)
      (training.learning.batchSize, training.learning.learningRate, training.members) = (16, 0.001, 1)
    }
    if let utterances { training.utterances = utterances }
    if let clips { training.setClips(clips) }
    if let epochs { training.learning.epochs = epochs }
    if let batch { training.learning.batchSize = batch }
    if let learningRate { training.learning.learningRate = learningRate }
    training.falseAcceptsPerHour = falseAccepts
    if let from {
      let model = try TriggerModel.load(from)
      guard model.network.kind == network else {
        throw ValidationError("--from \(from): it is a \(model.network.kind.rawValue) network; give --network \(model.network.kind.rawValue).")
      }
      training.start = model.network
      training.members = model.network.members.count
    }
    if let members { training.members = members }
    return training
  }

  /// “Hey, Computer!” → `hey-computer`
  private func fileName(of phrase: String) -> String {
    phrase.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}

extension TriggerNetwork.Kind: ExpressibleByArgument {}

/// How far a training is: a bar for each stage.
private final class PhraseTrainingDisplay {
  private let isQuiet: Bool
  private var bar: ProgressBar?
  private var label = ""

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ stage: PhraseTraining.Stage) {
    switch stage {
    case .speech(let done, let total, let member): next("speech", member).advance(to: done, of: total)
    case .clips(let done, let total, let member): next("clips", member).advance(to: done, of: total)
    case .learning(let step, let history, let member):
      next("learning", member).advance(
        to: step.epoch * step.batches + step.batch + 1, of: step.epochs * step.batches, note: TrainingDisplay.note(step, history))
    case .test(let done, let total): next("test").advance(to: done, of: total)
    }
  }

  func finish() { bar?.finish() }

  private func next(_ stage: String, _ member: Int = 0) -> ProgressBar {
    let name = member == 0 ? stage : "\(stage) \(member + 1)"
    if label != name {
      bar?.finish()
      bar = ProgressBar(label: name, total: nil, isQuiet: isQuiet)
      label = name
    }
    return bar!
  }
}

/// `percept.triggerword-train/1`.
private struct PhraseTrainingRecord: Encodable {
  struct Measured: Encodable {
    let speakers: [String]
    let phrases: Int
    let hours, recall: Double
    let recallInterval: [Double]
    let falseAcceptsPerHour: Double
    let falseAcceptInterval: [Double]
    /// Words that sound like the phrase: how many were said, and how many taken for it.
    let nearSaid, nearTaken: Int

    private enum CodingKeys: String, CodingKey {
      case speakers, phrases, hours, recall
      case nearSaid = "near_said", nearTaken = "near_taken"
      case recallInterval = "recall_interval", falseAcceptsPerHour = "false_accepts_per_hour", falseAcceptInterval = "false_accept_interval"
    }
  }
  let schema = "percept.triggerword-train/1"
  let output, phrase, network: String
  let threshold, phraseSeconds: Double
  let clips, epochs: Int
  let bestEpoch: Int?
  let seed: UInt64
  let seconds: Double
  /// By speakers who were not learned from; null where training was interrupted.
  let test: Measured?

  init(_ result: PhraseTraining.Result, output: String, training: PhraseTraining, seconds: Double) {
    self.output = output
    phrase = training.phrase
    network = training.learning.kind.rawValue
    threshold = rounded(Double(result.model.threshold), to: 4)
    phraseSeconds = rounded(result.model.phraseSeconds, to: 3)
    clips = training.clips
    epochs = result.history.epochs.count
    bestEpoch = result.history.bestEpoch.map { $0 + 1 }
    seed = training.seed
    self.seconds = rounded(seconds, to: 1)
    guard let found = result.test else {
      test = nil
      return
    }
    let evaluation = found.everyday, counts = evaluation.counts(at: result.model.threshold), rejects = counts.falseRejectInterval, accepts = counts.falseAcceptInterval
    test = Measured(
      speakers: training.testVoices.speakers, phrases: evaluation.phraseCount, hours: rounded(evaluation.hours, to: 3),
      recall: rounded(1 - (counts.falseRejectRate ?? 0), to: 4),
      recallInterval: rejects.map { [rounded(1 - $0.upper, to: 4), rounded(1 - $0.lower, to: 4)] } ?? [],
      falseAcceptsPerHour: rounded(counts.falseAcceptsPerHour, to: 3), falseAcceptInterval: accepts.map { [rounded($0.lower, to: 3), rounded($0.upper, to: 3)] } ?? [],
      nearSaid: found.near.said, nearTaken: found.near.taken)
  }

  private enum CodingKeys: String, CodingKey {
    case schema, output, phrase, network, threshold
    case phraseSeconds = "phrase_seconds"
    case clips, epochs
    case bestEpoch = "best_epoch"
    case seed, seconds, test
  }

  var table: String {
    var text = "“\(phrase)”, \(network) network, threshold \(decimal(threshold, digits: 3)), \(epochs) epochs of \(clips) clips, \(decimal(seconds / 60, digits: 1)) min\n"
    if let test {
      text += "speakers not learned from (\(test.speakers.count)): heard \(percent(test.recall)) of \(test.phrases) phrases"
      if test.recallInterval.count == 2 { text += " (95 %: \(percent(test.recallInterval[0])) to \(percent(test.recallInterval[1])))" }
      text += ", \(decimal(test.falseAcceptsPerHour, digits: 2)) false accepts an hour of everyday speech"
      if test.falseAcceptInterval.count == 2 {
        text += " (\(decimal(test.falseAcceptInterval[0], digits: 2)) to \(decimal(test.falseAcceptInterval[1], digits: 2))) in \(decimal(test.hours, digits: 2)) h"
      }
      text += "\nwords that sound like it: \(test.nearTaken) of \(test.nearSaid) taken for it\n"
    }
    return text
  }
}
