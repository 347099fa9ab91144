import Glibc
import Synchronization

/// How far a long piece of work is, in one line of the terminal on standard error: nothing at all where that is not a terminal.
///
/// ```swift
/// let bar = ProgressBar(label: "pictures", total: paths.count, unit: .items)
/// for (index, path) in paths.enumerated() { try detect(path); bar.advance(to: index + 1) }
/// bar.finish()
/// ```
/// May be advanced from several threads.
public final class ProgressBar: Sendable {
  public enum Unit: Sendable {
    /// Written as kB, MB, GB (powers of 1000).
    case bytes
    /// Written as a plain number.
    case items
  }

  private struct State {
    let label: String
    var note = ""
    var total: Int?
    var done = 0
    /// What was done before this bar began: resumed work says nothing about the speed.
    var first: Int?
    var lastDrawn = -1.0
    var isShown = false
  }

  private let state: Mutex<State>
  private let unit: Unit
  private let began = now()
  private let isEnabled: Bool
  private let hasColor: Bool

  /// - Parameters:
  ///   - total: the size of the whole, or `nil` when nobody knows.
  ///   - isQuiet: draws nothing (`--quiet`).
  public init(label: String, total: Int?, unit: Unit = .items, isQuiet: Bool = false) {
    state = Mutex(State(label: label, total: total))
    self.unit = unit
    isEnabled = !isQuiet && isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
    hasColor = variable("NO_COLOR") == nil
  }

  /// Tells how much is done by now, and the size of the whole if it has become known. Draws at most ten times a second.
  ///
  /// - Parameter note: what else there is to tell, such as a loss: shown behind the rest where the terminal is wide enough. nil for what it was.
  public func advance(to done: Int, of total: Int? = nil, note: String? = nil) {
    guard isEnabled else { return }
    state.withLock { state in
      if let note { state.note = note }
      if state.first == nil { state.first = unit == .bytes ? done : 0 }  // the first call for a resumed download tells what is there
      state.done = done
      if let total { state.total = total }
      let time = now()
      guard time - state.lastDrawn >= 0.1 || done == state.total else { return }
      state.lastDrawn = time
      draw(&state, elapsed: time - began)
    }
  }

  /// Removes the line, so that a message can be printed; the next `advance` draws it again.
  public func clear() {
    guard isEnabled else { return }
    state.withLock { state in
      guard state.isShown else { return }
      writeToStandardError("\r\u{1b}[K")
      state.isShown = false
      state.lastDrawn = -1
    }
  }

  /// Removes the line for good.
  public func finish() { clear() }

  private func draw(_ state: inout State, elapsed: Double) {
    let line = Self.line(
      label: state.label, done: state.done, total: state.total, first: state.first ?? 0, elapsed: elapsed, unit: unit, note: state.note, width: width(),
      hasColor: hasColor)
    writeToStandardError("\r" + line + "\u{1b}[K")
    state.isShown = true
  }

  /// The line: label, bar, share, amounts, time left and note, as much of it as fits into `width` columns.
  package static func line(
    label: String, done: Int, total: Int?, first: Int, elapsed: Double, unit: Unit, note: String = "", width: Int, hasColor: Bool
  ) -> String {
    let room = max(width - 1, 1)  // a full last column would break the line
    func amount(_ number: Int) -> String { unit == .bytes ? byteCount(number) : String(number) }
    guard let total, total > 0 else { return String("\(label) \(amount(done))".prefix(room)) }
    let share = min(max(Double(done) / Double(total), 0), 1)
    let percent = String(Int(share * 100))
    var tail = String(repeating: " ", count: 3 - percent.count) + percent + " %  " + amount(done) + "/" + amount(total)
    if done > first, done < total, elapsed > 0.5 {
      tail += "  " + duration(elapsed * Double(total - done) / Double(done - first)) + " left"
    }
    if !note.isEmpty, label.count + tail.count + note.count + 5 + 8 <= room { tail += "  " + note }
    let barWidth = min(room - label.count - tail.count - 3, 30)
    guard barWidth >= 8 else { return String("\(label)\(tail)".prefix(room)) }
    let filled = Int(share * Double(barWidth))
    let bar = String(repeating: "━", count: filled)
    let rest = String(repeating: hasColor ? "━" : "─", count: barWidth - filled)
    return label + " " + (hasColor ? "\u{1b}[36m\(bar)\u{1b}[90m\(rest)\u{1b}[0m" : bar + rest) + " " + tail
  }

  /// Seconds as `42 s`, `3:07` or `1:02:03`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "> 99 h" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}

/// A size as people write it: `999 B`, `1.9 MB` (powers of 1000, one decimal below 100).
func byteCount(_ bytes: Int) -> String {
  guard bytes >= 1000 else { return "\(bytes) B" }
  var tenths = bytes / 100  // tenths of a kilobyte
  for unit in ["kB", "MB", "GB"] {
    if tenths < 1000 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
    if tenths < 10_000 || unit == "GB" { return "\(tenths / 10) \(unit)" }
    tenths /= 1000
  }
  return "\(bytes) B"
}

/// Seconds of a clock that never goes back.
private func now() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The columns of the terminal on standard error, 80 when it does not tell.
private func width() -> Int {
  var size = winsize()
  return unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
}

private func variable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
