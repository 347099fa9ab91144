import ArgumentParser
import Files
import Media
import TriggerWords

/// The files that `triggerword` writes beside what it prints: names in the order of the options.
struct ClipOutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the events as an Audacity label track; a folder for several clips.", valueName: "file|folder"), completion: .file())
  var labels: String?

  @Option(help: ArgumentHelp("Write the events as SubRip subtitles; a folder for several clips.", valueName: "file|folder"), completion: .file())
  var srt: String?

  @Option(help: ArgumentHelp("Write the clip with a chime at each event; a folder for several.", valueName: "out.wav|folder"), completion: .file())
  var chime: String?

  @Option(
    help: ArgumentHelp("Draw waveform, spectrogram, score and events; a folder for several clips.", valueName: "out.png|folder"), completion: .file())
  var plot: String?

  /// - Throws: `ValidationError` where several clips would go into one file, a suffix is wrong, or a clip would be written over.
  func check(clips: [String]) throws {
    for (option, value, suffixes) in [
      ("--labels", labels, []), ("--srt", srt, []), ("--chime", chime, [".wav"]), ("--plot", plot, [".png", ".jpg", ".jpeg"]),
    ] {
      guard let value, !AnnotatedPictures.namesFolder(value) else { continue }
      let known = [".txt", ".srt", ".wav", ".png", ".jpg", ".jpeg"]
      if clips.count > 1, known.contains(where: value.lowercased().hasSuffix) {
        throw ValidationError("\(option) \(value) is one file, found \(clips.count) clips: name a folder.")
      }
      if clips.count == 1, !suffixes.isEmpty, !suffixes.contains(where: value.lowercased().hasSuffix) {
        throw ValidationError("\(option) \(value): the name must end in \(suffixes.joined(separator: " or ")), or in / for a folder.")
      }
      if clips.contains(value) { throw ValidationError("\(option) \(value) is the clip itself; name another file.") }
    }
  }

  /// Where the file of one clip goes: `value` itself, or a name in the folder that it names.
  private func path(_ value: String?, _ name: String, of count: Int) -> String? {
    guard let value, count > 1 || AnnotatedPictures.namesFolder(value) else { return value }
    return value.hasSuffix("/") ? value + name : "\(value)/\(name)"
  }

  func paths(stem: String, clipCount count: Int) -> ClipOutputs.Paths {
    ClipOutputs.Paths(
      labels: path(labels, "\(stem).txt", of: count), subtitles: path(srt, "\(stem).srt", of: count), chime: path(chime, "\(stem)-chime.wav", of: count),
      plot: path(plot, "\(stem).png", of: count))
  }

  /// Creates the folders that are named.
  func createFolders(clipCount count: Int) throws(OutputError) {
    for value in [labels, srt, chime, plot] {
      guard let value, count > 1 || AnnotatedPictures.namesFolder(value) else { continue }
      do throws(FileError) { try createFolder(value) } catch { throw OutputError(error) }
    }
  }
}

/// The files of one clip, which come about while it is heard.
struct ClipOutputs {
  struct Paths {
    let labels, subtitles, chime, plot: String?
    var all: [String] { [labels, subtitles, chime, plot].compactMap { $0 } }
  }
  private let paths: Paths
  private var chime: (mixer: ChimeMixer, file: WAVWriter)?
  private var picture: ClipPicture?

  /// - Parameter latency: seconds until an event is known, at most.
  init(_ paths: Paths, facts: AudioFacts, stepSeconds: Double, latency: Double) throws {
    self.paths = paths
    if let path = paths.chime {
      do throws(AudioError) {
        let file = try WAVWriter(path, sampleRate: facts.sampleRate, channels: facts.channels)
        chime = (ChimeMixer(sampleRate: facts.sampleRate, channels: facts.channels, latency: latency), file)
      } catch { throw OutputError(error) }
    }
    if paths.plot != nil { picture = try ClipPicture(facts, stepSeconds: stepSeconds) }
  }

  /// Takes a block of the clip and what is known with it.
  mutating func take(_ samples: [Float], _ heard: SoundListener.Heard) throws(OutputError) {
    picture?.take(samples, scores: heard.scores)
    guard let file = chime?.file, let mixed = chime?.mixer.push(samples, chimesAt: heard.events.map(\.end)) else { return }
    do throws(AudioError) { try file.write(mixed) } catch { throw OutputError(error) }
  }

  /// Writes the files; `last` is what was known at the end only, `events` are all.
  mutating func finish(
    _ last: SoundListener.Heard, events: [TriggerEvent], phrase: String, threshold: Float, title: String
  ) throws(OutputError) {
    do throws(FileError) {
      if let path = paths.labels { try writeFile(path, labelTrack(events.map { ($0.start, $0.end) }, text: phrase)) }
      if let path = paths.subtitles { try writeFile(path, subtitles(events, text: phrase)) }
    } catch { throw OutputError(error) }
    if let file = chime?.file, let mixed = chime?.mixer.finish(chimesAt: last.events.map(\.end)) {
      do throws(AudioError) {
        try file.write(mixed)
        try file.finish()
      } catch { throw OutputError(error) }
    }
    if let path = paths.plot, var drawn = picture {
      drawn.take([], scores: last.scores)
      do throws(ImageError) { try saveImage(drawn.image(events: events, threshold: threshold, title: title, phrase: phrase), to: path) } catch {
        throw OutputError(error)
      }
    }
  }
}
