import TriggerWords

/// Times as an Audacity label track: a line `start⇥end⇥text` each, in seconds.
func labelTrack(_ times: [(start: Double, end: Double)], text: String) -> String {
  times.map { "\(decimal($0.start, digits: 6))\t\(decimal($0.end, digits: 6))\t\(text)\n" }.joined()
}

/// The events as SubRip subtitles: number, times as `00:00:02,610 --> 00:00:03,420`, text, and a blank line.
func subtitles(_ events: [TriggerEvent], text: String) -> String {
  func time(_ seconds: Double) -> String {
    let thousandths = Int((max(seconds, 0) * 1000).rounded())
    func padded(_ number: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)" }
    let whole = thousandths / 1000
    return "\(padded(whole / 3600, 2)):\(padded(whole / 60 % 60, 2)):\(padded(whole % 60, 2)),\(padded(thousandths % 1000, 3))"
  }
  return events.enumerated().map { "\($0 + 1)\n\(time($1.start)) --> \(time($1.end))\n\(text)\n\n" }.joined()
}
