import ArgumentParser
import Files
import Kernels
import Media
import TriggerWords

/// `triggerword mine LONG…`: see `discussion`.
struct TriggerWordMine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mine", abstract: "Collect what is taken for the phrase in recordings that do not hold it, to train against.",
    discussion: """
      Writes the sound around each false accept as a WAV file of the recording's rate and channels, and an index of them, clips.json, schema
      percept.triggerword-clips/1. Every recording is read twice; memory is constant.

      EXAMPLES
        triggerword mine radio.flac lectures/*.mp3 -o mistakes/
        triggerword mine night.wav -o mistakes/ --threshold 0.3 --count 100 --context 2

      Exit code: 0 done, 64 wrong usage, 65 a recording could not be read (the others are done), 69 the network is missing, 70 an output could not be written, 130
      interrupted.
      """)

  @Argument(help: ArgumentHelp("Recordings in which the phrase is not said.", valueName: "recording"), completion: .file())
  var recordings: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the clips go.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The score from which on the phrase counts as said (default: the network's own).", valueName: "0…1"))
  var threshold: Float?

  @Option(help: ArgumentHelp("Sound before and after each.", valueName: "seconds")) var context = 1.0

  @Option(help: ArgumentHelp("Keep those of the highest scores only.", valueName: "n")) var count: Int?

  @Flag(help: "Print the index as JSON.") var json = false

  @OptionGroup var network: TriggerModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try TriggerModelOptions.check(threshold: threshold)
    guard context >= 0, context <= 60 else { throw ValidationError("--context takes seconds from 0 to 60, found \(context).") }
    if let count, count < 1 { throw ValidationError("--count takes a whole number above 0, found \(count).") }
    if recordings.contains("-") { throw ValidationError("Recordings are read twice, so standard input cannot be one: name files.") }
  }

  func run() throws {
    do { try mine() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("triggerword mine: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private struct Found {
    let recording: Int
    let event: TriggerEvent
  }

  private func mine() throws {
    let model = try network.load(), processor = common.processor(hearingWith: model)
    do throws(FileError) { try createFolder(output) } catch { throw OutputError(error) }
    Interruption.watch()
    var found: [Found] = [], status = ExitStatus.done, seconds = 0.0
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch {
        printError("triggerword mine: \(error)")
        let own = ExitStatus(error)
        if own == .unreadableInput || status == .done { status = own }
      }
    }
    for (index, path) in recordings.enumerated() where !Interruption.wasAsked {
      attempt {
        let heard = try events(in: path, model, processor)
        found += heard.events.map { Found(recording: index, event: $0) }
        seconds += heard.seconds
      }
    }
    if let count, found.count > count {
      // Equal scores in the order in which they were found.
      let order = found.indices.sorted { (found[$1].event.score, $0) < (found[$0].event.score, $1) }.prefix(count)
      found = order.sorted().map { found[$0] }
    }
    var stems = UniqueStems(), clips: [MinedIndex.Clip] = []
    for (index, path) in recordings.enumerated() where !Interruption.wasAsked {
      let stem = stems.next(stem(of: path)), own = found.filter { $0.recording == index }.map(\.event)
      if !own.isEmpty { attempt { clips += try cut(own, from: path, stem: stem) } }
    }
    let index = MinedIndex(clips: clips), folder = output.hasSuffix("/") ? output : output + "/"
    do throws(FileError) { try writeFile(folder + clipIndexName, jsonText(index, isPretty: true)) } catch { throw OutputError(error) }
    if json { printOutput(jsonText(index, isPretty: true)) } else {
      let table = TextTable(columns: [.text(clips.map(\.file.count).max() ?? 1), .number(6)])
      for clip in clips { printOutput(table.line([clip.file, decimal(clip.score, digits: 3)])) }
      if !common.quiet { printError("wrote \(clips.count) clips of \(decimal(seconds / 3600, digits: 2)) hours to \(output)") }
    }
    if Interruption.wasAsked { status = .interrupted }
    if status != .done { throw status.exitCode }
  }

  private func events(in path: String, _ model: TriggerModel, _ processor: Processor) throws -> (events: [TriggerEvent], seconds: Double) {
    let source = try SoundSource(path, raw: nil), facts = source.facts
    let listener = try SoundListener(model, threshold: threshold, sampleRate: facts.sampleRate, channels: facts.channels, processor: processor)
    let bar = ProgressBar(label: path, total: facts.frameCount, isQuiet: common.quiet)
    defer { bar.finish() }
    var events: [TriggerEvent] = [], frames = 0
    while let block = try source.next() {
      events += try listener.push(block).events
      frames += block.count / facts.channels
      bar.advance(to: frames)
    }
    guard listener.seconds > 0 || Interruption.wasAsked else { throw AudioError(path: path, kind: .noSamples) }
    return (events + (try listener.finish().events), listener.seconds)
  }

  /// Writes the sound around each event; the events are in order of time.
  private func cut(_ events: [TriggerEvent], from path: String, stem: String) throws -> [MinedIndex.Clip] {
    let source = try SoundSource(path, raw: nil), rate = Double(source.facts.sampleRate), channels = source.facts.channels
    let ranges = events.map { max(0, Int((($0.start - context) * rate).rounded()))..<Int((($0.end + context) * rate).rounded()) }
    var clips: [MinedIndex.Clip] = [], open: [(index: Int, samples: [Float])] = [], first = 0, next = 0
    func write(_ piece: (index: Int, samples: [Float])) throws(OutputError) {
      let event = events[piece.index], start = Double(ranges[piece.index].lowerBound) / rate
      let name = "\(stem)-\(decimal(event.end, digits: 3)).wav", sound = Audio(sampleRate: source.facts.sampleRate, channels: channels, samples: piece.samples)
      do throws(AudioError) { try saveAudio(sound, to: (output.hasSuffix("/") ? output : output + "/") + name) } catch { throw OutputError(error) }
      clips.append(
        MinedIndex.Clip(
          file: name, seconds: rounded(sound.duration, to: 6), positives: [], source: path, start: rounded(start, to: 3), score: rounded(Double(event.score), to: 4)))
    }
    while let block = try source.next() {
      let end = first + block.count / channels
      while next < ranges.count, ranges[next].lowerBound < end {
        open.append((next, []))
        next += 1
      }
      for place in open.indices {
        let range = ranges[open[place].index].clamped(to: first..<end)
        open[place].samples += block[(range.lowerBound - first) * channels..<(range.upperBound - first) * channels]
      }
      while let piece = open.first, ranges[piece.index].upperBound <= end {
        try write(piece)
        open.removeFirst()
      }
      if next == ranges.count, open.isEmpty { break }
      first = end
    }
    for piece in open where !piece.samples.isEmpty { try write(piece) }  // those at the very end
    return clips
  }
}
