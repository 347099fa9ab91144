import ArgumentParser
import Media
import Spectra

/// `percept spectrogram CLIP`: the frequencies of a sound over time, as a picture.
struct SpectrogramCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrogram", abstract: "Draw the frequencies of a sound over time.",
    discussion: """
      Reads WAV, FLAC, Ogg, MP3, AIFF and more, of any rate and length; channels are mixed.
      Writes <name>-spectrogram.png into the working folder. 0 dB is a sine of full scale.

      EXAMPLES
        percept spectrogram clip.wav
        percept spectrogram clip.flac -o picture.png --mel 64
        percept spectrogram clip.mp3 --window 4096 --hop 512 --range 100
        percept spectrogram - --json < clip.wav

      Exit code: 0 done, 64 wrong usage, 65 the sound could not be read, 70 the picture could not be written.
      """)

  @Argument(help: ArgumentHelp("A sound file, or - for standard input.", valueName: "clip"), completion: .file())
  var clip: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write, PNG or JPEG by its suffix.", valueName: "picture.png"), completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Show this many bands that are equally far apart to the ear, instead of hertz.", valueName: "bands"))
  var mel: Int?

  @Option(help: ArgumentHelp("Samples that one spectrum sees (default: a power of two, at least 20 ms).", valueName: "samples"))
  var window: Int?

  @Option(help: ArgumentHelp("Samples from a spectrum to the next (default: a quarter of the window).", valueName: "samples"))
  var hop: Int?

  @Option(help: ArgumentHelp("How far below the loudest colours reach.", valueName: "dB"))
  var range = 80.0

  @Flag(help: "Print one JSON document, schema percept.spectrogram/1.") var json = false
  @Flag(help: "Print no progress and no messages but errors.") var quiet = false

  func validate() throws {
    if let mel, !(1...512).contains(mel) { throw ValidationError("--mel takes a whole number from 1 to 512, found \(mel).") }
    if let window, !(16...1 << 20).contains(window) { throw ValidationError("--window takes a whole number from 16 to \(1 << 20), found \(window).") }
    if let hop, !(1...1 << 20).contains(hop) { throw ValidationError("--hop takes a whole number from 1 to \(1 << 20), found \(hop).") }
    guard (1...200).contains(range) else { throw ValidationError("--range takes a number from 1 to 200, found \(range).") }
    if let output {
      guard PictureFormat(suffixOf: output) != nil || output == "-" && !json else {
        throw ValidationError("--output takes a name that ends in .png, .jpg or .jpeg, found \(output).")
      }
      guard output != clip || output == "-" else { throw ValidationError("--output is the sound itself; name another file.") }
    }
  }

  func run() throws {
    let analysis: SoundAnalysis
    do { analysis = try analyze() } catch {
      printError("percept spectrogram: \(error)")
      throw ExitStatus(error).exitCode
    }
    let path = output ?? "\(clip == "-" ? "standard-input" : stem(of: clip))-spectrogram.png"
    do { try saveImage(analysis.picture(range: range, title: clip == "-" ? "standard input" : lastName(of: clip)), to: path) } catch {
      printError("percept spectrogram: \(error)")
      throw ExitStatus.internalError.exitCode
    }
    if json { printOutput(jsonText(SpectrogramRecord(analysis, file: clip, picture: path), isPretty: true)) }
    if !json, !quiet, path != "-" { printError("wrote \(path)") }
  }

  private func analyze() throws -> SoundAnalysis {
    let file = try AudioFile(clip), facts = file.facts
    let bar = ProgressBar(label: "spectrogram", total: facts.frameCount, isQuiet: quiet)
    defer { bar.clear() }
    let length = window ?? SoundAnalysis.usualWindow(sampleRate: facts.sampleRate)
    var analysis = try SoundAnalysis(facts, length: length, hop: hop ?? max(length / 4, 1), bands: mel)
    while true {
      let block = try file.read(upTo: max(65_536 / facts.channels, 64))
      if block.isEmpty { break }
      analysis.take(block)
      bar.advance(to: file.position)
    }
    guard file.position > 0 else { throw AudioError(path: file.path, kind: .noSamples) }
    analysis.finish()
    return analysis
  }
}

/// A path without its folders.
private func lastName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// `percept.spectrogram/1`.
private struct SpectrogramRecord: Encodable {
  let schema = "percept.spectrogram/1"
  let file, picture, container, coding: String
  let sampleRate, channels, samples, window, hop, frames, bins: Int
  /// Bands of mel; nil where bins are shown.
  let mel: Int?
  let seconds: Double
  /// The largest sample, and the root of the mean square, in dB of full scale; nil for silence.
  let peak, level: Double?

  init(_ analysis: SoundAnalysis, file: String, picture: String) {
    self.file = file
    self.picture = picture
    container = analysis.facts.container
    coding = analysis.facts.coding
    sampleRate = analysis.facts.sampleRate
    channels = analysis.facts.channels
    samples = analysis.sampleCount
    window = analysis.transform.length
    hop = analysis.transform.hop
    frames = analysis.frameCount
    bins = analysis.transform.binCount
    mel = analysis.bands
    seconds = rounded(Double(analysis.sampleCount) / Double(analysis.facts.sampleRate), to: 6)
    peak = analysis.peakDecibels.map { rounded($0, to: 2) }
    level = analysis.levelDecibels.map { rounded($0, to: 2) }
  }
}
