import ArgumentParser
import Files
import Media
import TriggerWords

/// `triggerword CLIP…`: see `discussion`.
struct TriggerWordClips: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clips", abstract: "Tell when a spoken word or phrase was said (the default).",
    usage: "triggerword [options] <clip> …\n       triggerword - --rate <hertz> [--channels <n>] [options] < raw samples",
    discussion: """
      Prints file, time and score of each time that the phrase was said, as soon as it is known.

      EXAMPLES
        triggerword clip.wav
        triggerword *.flac --json
        triggerword long.mp3 --labels words.txt --srt words.srt
        triggerword clip.wav --chime heard.wav --plot heard.png
        triggerword clip.wav --model "hey computer.safetensors" --threshold 0.7
        arecord -q -f S16_LE -r 16000 | triggerword - --rate 16000 --jsonl

      Reads WAV, FLAC, Ogg, MP3, AIFF and more, of any rate, channels and length. `triggerword train --help`, `triggerword evaluate --help` and
      `triggerword mine --help` tell of networks of your own.
      Exit code: 0 done, 64 wrong usage, 65 a sound could not be read (the others are done), 69 the network is missing, 70 an output could not be written, 130
      interrupted.
      """)

  @Argument(help: ArgumentHelp("Sound files, or - for standard input.", valueName: "clip"), completion: .file())
  var clips: [String]

  @Option(help: ArgumentHelp("The score from which on the phrase counts as said (default: the network's own).", valueName: "0…1"))
  var threshold: Float?

  @OptionGroup var outputs: ClipOutputOptions

  @Flag(help: "Print one JSON document, schema percept.triggerword/1.") var json = false
  @Flag(help: "Print a line of JSON for each clip as it is done, of raw samples for each event as it happens.") var jsonl = false

  @Option(help: ArgumentHelp("Standard input holds raw samples, so many a second.", valueName: "hertz")) var rate: Int?
  @Option(help: ArgumentHelp("Channels of raw samples (default: 1).", valueName: "n")) var channels: Int?
  @Option(help: ArgumentHelp("What raw samples are: s16le, whole numbers of 16 bits, little-endian.", valueName: "s16le")) var format: String?

  @OptionGroup var network: TriggerModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try TriggerModelOptions.check(threshold: threshold)
    guard !json || !jsonl else { throw ValidationError("--json and --jsonl exclude each other.") }
    guard clips.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("Standard input can be read only once: name - once.") }
    if let rate, !(100...1_000_000).contains(rate) { throw ValidationError("--rate takes hertz from 100 to 1000000, found \(rate).") }
    if let channels, !(1...64).contains(channels) { throw ValidationError("--channels takes a whole number from 1 to 64, found \(channels).") }
    if let format, format != "s16le" { throw ValidationError("--format takes s16le, found \(format); convert the samples first.") }
    if rate == nil, channels != nil || format != nil { throw ValidationError("Raw samples need --rate.") }
    if rate != nil, clips != ["-"] { throw ValidationError("--rate is for raw samples on standard input: name - as the only clip.") }
    try outputs.check(clips: clips)
  }

  func run() throws {
    do { try listen() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("triggerword: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func listen() throws {
    let model = try network.load()
    try outputs.createFolders(clipCount: clips.count)
    Interruption.watch()
    var report = TriggerReport(format: json ? .json : jsonl ? .jsonLines : .table, model: network.name, paths: clips)
    var stems = UniqueStems(), status = ExitStatus.done
    for path in clips where !Interruption.wasAsked {
      let paths = outputs.paths(stem: stems.next(stem(of: path)), clipCount: clips.count)
      do {
        try listen(to: path, model, &report, paths)
        if !json, !jsonl, !common.quiet { for path in paths.all { printError("wrote \(path)") } }
      } catch {
        printError("triggerword: \(error)")
        let own = ExitStatus(error)
        if own == .unreadableInput || status == .done { status = own }
        report.addFailure(path: path, message: "\(error)")
      }
    }
    report.finish()
    if Interruption.wasAsked { status = .interrupted }
    if status != .done { throw status.exitCode }
  }

  private func listen(to path: String, _ model: TriggerModel, _ report: inout TriggerReport, _ paths: ClipOutputs.Paths) throws {
    let source = try SoundSource(path, raw: rate.map { RawSoundFormat(sampleRate: $0, channels: channels ?? 1) }), facts = source.facts
    let listener = try SoundListener(
      model, threshold: threshold, sampleRate: facts.sampleRate, channels: facts.channels, processor: common.processor(hearingWith: model))
    var files = try ClipOutputs(paths, facts: facts, stepSeconds: listener.scorer.stepSeconds, latency: listener.latencySeconds)
    let bar = ProgressBar(label: "triggerword", total: facts.frameCount, isQuiet: common.quiet || source.isLive)
    defer { bar.finish() }
    // A live sound has been heard up to where it broke off; a damaged file is told as a failure only.
    var events: [TriggerEvent] = [], failure: AudioError?, frames = 0
    func tell(_ found: [TriggerEvent]) {
      guard !found.isEmpty else { return }
      bar.clear()
      events += found
      for event in found { report.add(event, path: path, isLive: source.isLive) }
    }
    while true {
      let block: [Float]?
      do throws(AudioError) { block = try source.next() } catch {
        guard source.isLive else { throw error }
        failure = error
        break
      }
      guard let block else { break }
      let heard = try listener.push(block)
      tell(heard.events)
      try files.take(block, heard)
      frames += block.count / facts.channels
      bar.advance(to: frames)
    }
    if listener.seconds == 0, Interruption.wasAsked { return }
    guard listener.seconds > 0 else { throw failure ?? AudioError(path: source.name, kind: .noSamples) }
    let last = try listener.finish()
    tell(last.events)
    report.finish(events, seconds: listener.seconds, path: path, isLive: source.isLive)
    try files.finish(last, events: events, phrase: model.phrase, threshold: threshold ?? model.threshold, title: title(of: path))
    if let failure { throw failure }
  }

  private func title(of path: String) -> String { path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path }
}
