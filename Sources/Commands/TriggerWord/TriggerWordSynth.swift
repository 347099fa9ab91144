import ArgumentParser
import Files
import Kernels
import Media
import TriggerWords

/// `triggerword synth --phrase "…" -o FOLDER`: clips to learn a phrase from, or the utterances alone.
struct TriggerWordSynth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth", abstract: "Make clips to learn a phrase from: synthesised speech and recordings, mixed with noise.",
    usage: "triggerword synth --phrase <words> --output <folder> [<options>]",
    discussion: """
      Every synthesiser that is installed speaks the phrase, words that sound like it, and everyday sentences:
      espeak-ng, flite, festival (apt-get install espeak-ng flite). Utterances are changed in speed and tempo, put into simulated rooms,
      and laid without overlap over silence, noise, babble or your own backgrounds.
      Writes clip-00000.wav … with labels for Audacity beside each, and clips.json, schema percept.triggerword-clips/1.

      EXAMPLES
        triggerword synth --phrase "hey computer" -o clips
        triggerword synth --phrase activate -o clips --count 500 --backgrounds ~/noises --negatives ~/talks
        triggerword synth --phrase activate -o words --speech-only --count 50 --voices flite,en-us+f3
        triggerword synth --phrase activate -o clips --voices none --positives ~/activates

      Exit code: 0 done, 64 wrong usage, 65 no recording of a folder could be read, 70 no synthesiser, or a clip could not be written,
      130 interrupted: without clips.json.
      """)

  @Option(help: ArgumentHelp("What is to be detected.", valueName: "words")) var phrase: String
  @Option(name: .shortAndLong, help: ArgumentHelp("Where the clips go; the folder is made.", valueName: "folder"), completion: .directory)
  var output: String
  @Option(help: ArgumentHelp("How many clips; with --speech-only, how many utterances of the phrase and of others.", valueName: "n")) var count = 100
  @Option(help: ArgumentHelp("The length of a clip.", valueName: "seconds")) var seconds = 10.0
  @Option(help: ArgumentHelp("Samples a second.", valueName: "hertz")) var rate = 16_000
  @Option(help: ArgumentHelp("The same seed gives the same clips.", valueName: "n")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Your own recordings of the phrase, one in each file.", valueName: "folder"), completion: .directory)
  var positives: String?
  @Option(help: ArgumentHelp("Recordings of speech without the phrase.", valueName: "folder"), completion: .directory) var negatives: String?
  @Option(help: ArgumentHelp("Recordings of noise or music without the phrase.", valueName: "folder"), completion: .directory)
  var backgrounds: String?
  @Option(
    help: ArgumentHelp("Recorded prompts as negatives, or none (default: Debian's, where they are installed).", valueName: "folder"),
    completion: .directory)
  var prompts: String?
  @Option(help: ArgumentHelp("Synthesisers, voices or speakers, with commas between them, or none (default: all).", valueName: "names"))
  var voices: String?
  @Option(help: ArgumentHelp("How many utterances of the phrase are spoken, and twice as many others (default: up to 1200).", valueName: "n"))
  var utterances: Int?
  @Option(help: ArgumentHelp("Speech over noise and backgrounds, in decibels.", valueName: "low:high")) var signalToNoise = "0:20"
  @Flag(help: "Lay utterances and recordings as they are: no other speeds, rooms or microphones; noise and backgrounds stay.") var plain = false
  @Flag(help: "Write the utterances alone, without mixing.") var speechOnly = false
  @Flag(help: "Print one JSON document, the index.") var json = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(1...1_000_000).contains(count) { throw ValidationError("--count takes a whole number from 1 to 1000000, found \(count).") }
    if !(1...600).contains(seconds) { throw ValidationError("--seconds takes a number from 1 to 600, found \(seconds).") }
    if !(8000...96_000).contains(rate) { throw ValidationError("--rate takes a whole number from 8000 to 96000, found \(rate).") }
    if let utterances, !(1...1_000_000).contains(utterances) {
      throw ValidationError("--utterances takes a whole number from 1 to 1000000, found \(utterances).")
    }
    _ = try decibels()
    if voices == "none", positives == nil { throw ValidationError("--voices none needs --positives, recordings of the phrase.") }
    if voices == "none", speechOnly { throw ValidationError("--speech-only needs voices.") }
  }

  func run() throws {
    Interruption.watch()
    do {
      let index = try make()
      let text = jsonText(index, isPretty: true)
      try written { try writeFile("\(output)/clips.json", text) }
      if json { printOutput(text) }
      if !json, !common.quiet { printError(summary(index)) }
    } catch let error as SpeechError {
      printError("triggerword synth: \(error)")
      throw ExitStatus(error).exitCode
    } catch let error as OutputError {
      printError("triggerword synth: \(error)")
      throw ExitStatus.internalError.exitCode
    }
  }

  private func make() throws -> ClipIndex {
    let chosen = voices == "none" ? nil : try chooseVoices()
    try written { try createFolder(output) }
    let spoken = utterances ?? (speechOnly ? count : min(max(4 * count, 100), 1200))
    var places = ClipMaterial.Folders(
      positives: positives, negatives: negatives, backgrounds: backgrounds,
      prompts: speechOnly || prompts == "none" ? nil : prompts ?? (isFolder(recordedPromptsFolder) ? recordedPromptsFolder : nil))
    places.mostPrompts = max(4 * count, 200)
    let bar = ProgressBar(label: "speech", total: nil, isQuiet: common.quiet)
    let material = try ClipMaterial(
      phrase: phrase, voices: chosen, utterances: (spoken, speechOnly ? spoken : 2 * spoken), folders: places, sampleRate: rate, seed: seed,
      atOnce: common.threads ?? availableProcessorCount(), progress: { _, done, total in bar.advance(to: done, of: total) },
      isStopped: { Interruption.wasAsked })
    bar.finish()
    if !common.quiet { for problem in material.problems.prefix(20) { printError("triggerword synth: left out: \(problem)") } }
    return speechOnly ? try writeSpeech(material) : try writeClips(material)
  }

  private func decibels() throws -> ClosedRange<Float> {
    let bounds = signalToNoise.split(separator: ":").map { Float($0) }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], -60 <= low, low <= high, high <= 120 else {
      throw ValidationError("--signal-to-noise takes two numbers from -60 to 120, such as 0:20, found \(signalToNoise).")
    }
    return low...high
  }

  private func chooseVoices() throws -> VoiceSet {
    let all = try VoiceSet.installed()
    guard let voices else { return all }
    return try all.named(voices.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty })
  }

  private func writeSpeech(_ material: ClipMaterial) throws -> ClipIndex {
    var index = ClipIndex(self)
    guard let spoken = material.spoken else { return index }
    for (kind, library) in [("positive", spoken.positives), ("negative", spoken.negatives)] {
      for (number, clip) in library.clips.enumerated() {
        let name = "\(kind)-\(padded(number)).wav"
        try save(clip.samples, name)
        index.add(clip, library.utterances[number], isPositive: kind == "positive", file: name, rate: rate)
      }
    }
    return index
  }

  private func writeClips(_ material: ClipMaterial) throws -> ClipIndex {
    var index = ClipIndex(self), settings = plain ? ClipSettings.plain : ClipSettings()
    settings.signalToNoise = try decibels()
    if plain { (settings.cleanShare, settings.recordingShare) = (0, material.backgrounds.isEmpty ? 0 : 1) }
    settings.sampleRate = rate
    settings.seconds = seconds
    let maker = try ClipMaker(
      positives: material.positives, negatives: material.negatives, backgrounds: material.backgrounds, settings: settings, seed: seed)
    let bar = ProgressBar(label: "clips", total: count, isQuiet: common.quiet)
    defer { bar.finish() }
    for number in 0..<count {
      if Interruption.wasAsked { throw SpeechError.interrupted }
      let clip = maker.clip(number), name = "clip-\(padded(number))"
      try save(clip.samples, "\(name).wav")
      let labels = labelTrack(clip.positives.map { ($0.start, $0.end) }, text: phrase)
      try written { try writeFile("\(output)/\(name).txt", labels) }
      index.add(clip, file: "\(name).wav")
      bar.advance(to: number + 1)
    }
    return index
  }

  private func save(_ samples: [Float], _ name: String) throws {
    try written { try saveAudio(Audio(sampleRate: rate, samples: samples), to: "\(output)/\(name)") }
  }

  /// What fails here is an output.
  private func written(_ body: () throws -> Void) throws {
    do { try body() } catch let error as FileError { throw OutputError(error) } catch let error as AudioError { throw OutputError(error) }
  }

  private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  }

  private func summary(_ index: ClipIndex) -> String {
    let voices = index.speakers.map { "\($0.name) \($0.utterances)" }
    let shown = voices.prefix(12).joined(separator: ", ") + (voices.count > 12 ? " and \(voices.count - 12) more" : "")
    return "wrote \(index.clips.count) clips to \(output): the phrase \(index.positives) times, other speech \(index.negatives) times\n"
      + "speakers: \(shown)"
  }
}
