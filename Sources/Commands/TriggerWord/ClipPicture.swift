import Media
import Spectra
import TriggerWords

/// A clip as a picture, over one axis of time: waveform, spectrogram, and the score with its threshold; events are marked through all of them. The clip comes block by
/// block, and memory is constant: of a long one a column shows the extremes, of the spectrogram the mean.
struct ClipPicture {
  private var analysis: SoundAnalysis
  private var waveform = Envelope()
  private var scores = Envelope()
  private let stepSeconds: Double

  private static let width = 1200, height = 800
  private static let bands = 40
  /// Decibels from the loudest down to the first colour.
  private static let range: Float = 70

  /// - Throws: ``SpectraError`` when a library is missing.
  init(_ facts: AudioFacts, stepSeconds: Double) throws(SpectraError) {
    let length = SoundAnalysis.usualWindow(sampleRate: facts.sampleRate)
    analysis = try SoundAnalysis(facts, length: length, hop: length / 4, bands: Self.bands)
    self.stepSeconds = stepSeconds
  }

  /// Takes interleaved samples of whole frames, and the scores that are known with them.
  mutating func take(_ samples: [Float], scores new: [Float]) {
    if !samples.isEmpty {
      analysis.take(samples)
      waveform.push(mixedToMono(samples, channels: analysis.facts.channels))
    }
    scores.push(new.map { $0.isNaN ? 0 : $0 })
  }

  /// The picture of the whole clip.
  mutating func image(events: [TriggerEvent], threshold: Float, title: String, phrase: String) throws(ImageError) -> Image {
    analysis.finish()
    let size = 15.0, left = 76.0, right = 24.0, across = Double(Self.width) - left - right, ink = Color(gray: 0.2)
    let panels = [(y: 56.0, height: 150.0), (y: 222.0, height: 320.0), (y: 558.0, height: 180.0)].map {
      Rectangle(x: left, y: $0.y, width: across, height: $0.height)
    }
    let seconds = Double(analysis.sampleCount) / Double(analysis.facts.sampleRate)
    var picture = Image(width: Self.width, height: Self.height, filledWith: (255, 255, 255))
    paintSpectrogram(&picture, panels[1], seconds: seconds)
    let canvas = try Canvas(picture)
    func x(_ time: Double) -> Double { left + min(max(time / seconds, 0), 1) * across }
    func text(_ string: String, _ x: Double, _ y: Double, _ anchor: TextAnchor, size: Double = size, isBold: Bool = false, turns: Int = 0) {
      canvas.text(string, at: Point(x: x, y: y), size: size, color: ink, anchor: anchor, isBold: isBold, quarterTurns: turns)
    }

    // Of many events each is marked more faintly.
    let mark = Color.distinct(2).withAlpha(min(1, max(0.25, 40 / Double(max(events.count, 1)))))
    func markEnd(of event: TriggerEvent, in panel: Rectangle) {
      let from = Point(x: x(event.end), y: panel.y), to = Point(x: x(event.end), y: panel.y + panel.height)
      canvas.line(from: from, to: to, color: mark, lineWidth: events.count > 40 ? 1 : 2)
    }
    for event in events {
      for panel in [panels[0], panels[2]] {
        let from = x(event.start)
        canvas.fillRectangle(
          Rectangle(x: from, y: panel.y, width: max(x(event.end) - from, 1), height: panel.height), color: mark.withAlpha(0.18 * mark.alpha))
        markEnd(of: event, in: panel)
      }
      markEnd(of: event, in: panels[1])
    }

    let middle = panels[0].y + panels[0].height / 2, loudest = waveform.columns.reduce(Float(1e-6)) { max($0, max(-$1.lowerBound, $1.upperBound)) }
    canvas.line(from: Point(x: left, y: middle), to: Point(x: left + across, y: middle), color: Color(gray: 0.8), lineWidth: 1)
    draw(waveform, total: Double(waveform.count), canvas, across: across, left: left, color: .distinct(0)) { value in
      middle - Double(value / loudest) * (panels[0].height / 2 - 3)
    }

    let low = panels[2].y + panels[2].height
    func scoreY(_ score: Double) -> Double { low - min(max(score, 0), 1) * (panels[2].height - 6) - 1 }
    for value in [0, 0.5, 1.0] {
      canvas.line(from: Point(x: left, y: scoreY(value)), to: Point(x: left + across, y: scoreY(value)), color: Color(gray: 0.88), lineWidth: 1)
      text(decimal(value, digits: 1), left - 8, scoreY(value), .right)
    }
    draw(scores, total: seconds / stepSeconds, canvas, across: across, left: left, color: .distinct(1)) { scoreY(Double($0)) }
    let line = scoreY(Double(threshold))
    canvas.line(from: Point(x: left, y: line), to: Point(x: left + across, y: line), color: ink, lineWidth: 1.5, dashes: [6, 4])
    text("threshold \(decimal(Double(threshold), digits: 2))", left + across - 6, line + (threshold > 0.85 ? 3 : -3), threshold > 0.85 ? .topRight : .bottomRight, size: 13)

    var lowest = Double.infinity  // labels that would touch the one below are left out
    for (part, label) in analysis.melTicks() {
      let y = panels[1].y + panels[1].height * (1 - part)
      guard lowest - y > 14 else { continue }
      text(label, left - 8, y, .right, size: 13)
      lowest = y
    }
    for panel in panels { canvas.strokeRectangle(panel, color: Color(gray: 0.45), lineWidth: 1) }
    for (part, label) in HeatMap.linearTicks(0...seconds, about: 10) {
      let place = left + part * across
      canvas.line(from: Point(x: place, y: low), to: Point(x: place, y: low + 5), color: ink, lineWidth: 1)
      text(label, place, low + 8, .top)
    }
    text("seconds", left + across / 2, Double(Self.height) - 8, .bottom)
    for (name, panel) in zip(["sound", "hertz (mel)", "score"], panels) { text(name, 8, panel.y + panel.height / 2, .top, turns: 1) }
    let said = events.isEmpty ? "not said" : events.count == 1 ? "said once" : "said \(events.count) times"
    let heading = "\(title): “\(phrase)” \(said)", wide = canvas.textSize(heading, size: 20, isBold: true).width
    text(heading, left, 42, .baselineLeft, size: wide > across ? 20 * across / wide : 20, isBold: true)
    return canvas.image()
  }

  /// A vertical line for each pixel from the least to the largest, and on to those beside it.
  private func draw(
    _ envelope: Envelope, total: Double, _ canvas: Canvas, across: Double, left: Double, color: Color, _ y: (Float) -> Double
  ) {
    var before: ClosedRange<Float>?
    for column in 0..<Int(across) {
      guard let range = envelope.range(of: Double(column) / across..<Double(column + 1) / across, total: total) else { continue }
      let place = left + Double(column) + 0.5
      let low = min(range.lowerBound, before?.upperBound ?? range.lowerBound), high = max(range.upperBound, before?.lowerBound ?? range.upperBound)
      canvas.line(from: Point(x: place, y: y(high) - 0.75), to: Point(x: place, y: y(low) + 0.75), color: color, lineWidth: 1.2)
      before = range
    }
  }

  private func paintSpectrogram(_ picture: inout Image, _ panel: Rectangle, seconds: Double) {
    let (values, count) = analysis.decibels(), rows = Self.bands
    guard count > 0 else { return }
    let loudest = values.max() ?? 0, top = loudest > -190 ? loudest : 0  // of silence everything is dark
    let width = Int(panel.width), height = Int(panel.height), shown = analysis.shownSeconds
    for x in 0..<width {
      func column(_ x: Int) -> Int { min(Int(Double(x) / panel.width * seconds / shown * Double(count)), count - 1) }
      let first = column(x), last = max(first, column(x + 1) - 1)
      for y in 0..<height {
        let row = (height - 1 - y) * rows / height
        var most = -Float.infinity
        for column in first...last { most = max(most, values[row * count + column]) }
        let color = ColorScale.heat(Double((most - top + Self.range) / Self.range)), place = ((Int(panel.y) + y) * picture.width + Int(panel.x) + x) * 3
        picture.pixels[place] = color.red
        picture.pixels[place + 1] = color.green
        picture.pixels[place + 2] = color.blue
      }
    }
  }
}
