import Glibc
import Media
import Spectra

/// The spectrogram of a sound that comes block by block, in constant memory: when there are more columns than a picture shows, neighbours become
/// one, their mean.
struct SoundAnalysis {
  let facts: AudioFacts
  let transform: STFT
  /// Bands of mel, nil for bins.
  let bands: Int?
  private(set) var sampleCount = 0
  private(set) var frameCount = 0
  private let stream: StreamingSTFT
  private let filters: MelFilters?
  private let rows: Int
  /// Sums of power: [columns, rows]. Each column but the last is of `framesPerColumn` frames.
  private var columns: [Float] = []
  private var framesPerColumn = 1
  private var peak: Float = 0
  private var energy = 0.0

  private static let mostColumns = 4096

  /// - Parameters:
  ///   - length: samples a spectrum.
  ///   - hop: samples from a spectrum to the next.
  ///   - bands: how many bands of mel to sum bins up to; nil: none.
  init(_ facts: AudioFacts, length: Int, hop: Int, bands: Int?) throws(SpectraError) {
    self.facts = facts
    self.bands = bands
    transform = STFT(length: length, hop: hop, edges: .zeros)
    stream = try StreamingSTFT(transform, .power)
    filters = bands.map { MelFilters($0, length: length, sampleRate: Double(facts.sampleRate), isNormalized: false) }
    rows = bands ?? transform.binCount
  }

  /// The smallest power of two that lasts at least 20 ms.
  static func usualWindow(sampleRate: Int) -> Int {
    var length = 64
    while length < 1 << 16, Double(length) < 0.02 * Double(sampleRate) { length *= 2 }
    return length
  }

  /// Takes interleaved samples of whole frames.
  mutating func take(_ samples: [Float]) {
    let mono = mixedToMono(samples, channels: facts.channels)
    sampleCount += mono.count
    for sample in samples { peak = max(peak, abs(sample)) }
    for sample in mono { energy += Double(sample) * Double(sample) }
    add(stream.push(mono))
  }

  mutating func finish() { add(stream.finish()) }

  private mutating func add(_ power: Frames) {
    let shown = filters.map { $0(power) } ?? power
    for frame in 0..<shown.count {
      let column = frameCount / framesPerColumn
      if column * rows == columns.count { columns += [Float](repeating: 0, count: rows) }
      for row in 0..<rows { columns[column * rows + row] += shown[frame, row] }
      frameCount += 1
      if frameCount == SoundAnalysis.mostColumns * framesPerColumn { halve() }
    }
  }

  private mutating func halve() {
    let half = SoundAnalysis.mostColumns / 2
    for column in 0..<half {
      for row in 0..<rows { columns[column * rows + row] = columns[2 * column * rows + row] + columns[(2 * column + 1) * rows + row] }
    }
    columns.removeLast(columns.count - half * rows)
    framesPerColumn *= 2
  }

  /// In dB of full scale, nil for silence.
  var peakDecibels: Double? { peak > 0 ? 20 * log10(Double(peak)) : nil }
  var levelDecibels: Double? { energy > 0 ? 10 * log10(energy / Double(max(sampleCount, 1))) : nil }

  /// Decibels as [rows, columns], the lowest row first, and how many columns. 0 dB is a sine of full scale, whose power in its bin is (Σ window / 2)².
  func decibels() -> (values: [Float], columns: Int) {
    let count = columns.count / rows, gain = transform.window.reduce(0, +) / 2
    var values = [Float](repeating: 0, count: columns.count)
    for column in 0..<count {
      let frames = min(framesPerColumn, frameCount - column * framesPerColumn), scale = 1 / (gain * gain * Float(frames))
      for row in 0..<rows { values[row * count + column] = 10 * log10(max(columns[column * rows + row] * scale, 1e-20)) }
    }
    return (values, count)
  }

  /// Seconds that all columns of ``decibels()`` last together.
  var shownSeconds: Double { Double(columns.count / rows * framesPerColumn * transform.hop) / Double(facts.sampleRate) }

  /// The spectrogram with axes in seconds and hertz.
  ///
  /// - Parameter range: decibels from the loudest down to the first colour.
  func picture(range: Double, title: String) throws(ImageError) -> Image {
    let (values, count) = decibels()
    // Of silence everything is dark.
    let loudest = Double(values.max() ?? 0), top = loudest > -190 ? loudest : 0
    let step = Double(transform.hop) / Double(facts.sampleRate)
    var map = HeatMap(
      values: values, rows: rows, columns: count, xRange: -0.5 * step...(Double(count * framesPerColumn) - 0.5) * step, colorRange: top - range...top)
    map.title = title
    map.xLabel = "seconds"
    map.yLabel = bands == nil ? "hertz" : "hertz (mel)"
    map.unit = "dB"
    map.yTicks = bands == nil ? linearTicks() : melTicks()
    return try map.image()
  }

  /// The middle of row r is at the part (r + ½) / rows of the way up.
  private func linearTicks() -> [(part: Double, label: String)] {
    HeatMap.linearTicks(0...Double(facts.sampleRate) / 2, about: 8).map { (part: ($0.part * Double(rows - 1) + 0.5) / Double(rows), label: $0.label) }
  }

  /// Ticks for bands of mel.
  func melTicks() -> [(part: Double, label: String)] {
    let scale = MelScale.slaney, whole = scale.mel(hertz: Double(facts.sampleRate) / 2)
    return [100, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000].compactMap { (hertz: Int) -> (part: Double, label: String)? in
      let row = scale.mel(hertz: Double(hertz)) / whole * Double(rows + 1) - 1, part = (row + 0.5) / Double(rows)
      return (0...1).contains(part) ? (part: part, label: "\(hertz)") : nil
    }
  }
}
