import Benchmarks
import Graphs

/// The steps of a profile that are asked for: all in the order of execution, or the slowest.
private func shown(_ profile: NetworkProfile, top: Int?) -> [NetworkProfile.Step] {
  guard let top else { return profile.steps }
  return Array(profile.steps.sorted { ($1.milliseconds, $0.index) < ($0.milliseconds, $1.index) }.prefix(top))
}

/// A profile as text: what ran, a line a node, the sum, and the memory.
func profileTable(_ profile: NetworkProfile, model: String, program: Program, top: Int?) -> String {
  let steps = shown(profile, top: top), processor = program.processor
  func width(_ text: (ProgramStep) -> String, _ title: Int) -> Int { steps.reduce(title) { max($0, text($1.step).count) } }
  let table = TextTable(columns: [
    .number(4), .text(width(\.operation, 9)), .text(width(\.node, 4)), .text(width({ $0.shape.description }, 5)), .text(width(\.detail, 9)), .number(8),
    .number(7), .text(7), .number(7),
  ])
  func cells(_ number: String, _ words: [String], milliseconds: Double, work: Work?, share: Double) -> [String] {
    let speed = work.map { [milliseconds > 0 ? decimal($0.rate(milliseconds: milliseconds), digits: 1) : "", $0.unit] } ?? ["", ""]
    return [number] + words + [decimal(milliseconds, digits: 3)] + speed + [decimal(100 * share, digits: 1) + " %"]
  }
  let threads = processor.threads.threadCount
  var text = "\(model): \(program.inputShapes.map(\.description).joined(separator: ", ")), \(processor.kernels.name), "
    + "\(threads == 1 ? "1 thread" : "\(threads) threads"), medians of \(profile.runs) runs\n\n"
  text += table.line(["STEP", "OPERATION", "NODE", "SHAPE", "ALGORITHM", "ms", "SPEED", "", "SHARE"])
  for entry in steps {
    let step = entry.step
    text += table.line(
      cells(
        "\(entry.index)", [step.operation, step.node, step.shape.description, step.detail], milliseconds: entry.milliseconds, work: Work(of: step),
        share: entry.share))
  }
  let others = profile.steps.count - steps.count
  if others > 0 {
    let rest = profile.milliseconds - steps.reduce(0) { $0 + $1.milliseconds }
    text += table.line(
      cells("", [others == 1 ? "1 other" : "\(others) others", "", "", ""], milliseconds: rest, work: nil, share: 1 - steps.reduce(0) { $0 + $1.share }))
  }
  text += table.line(cells("", ["all steps", "", "", ""], milliseconds: profile.milliseconds, work: profile.work, share: 1))
  text += "\na whole run: \(decimal(profile.wholeRunMilliseconds, digits: 3)) ms; "
  text += "values in memory: \(byteCount(profile.plannedBytes)) as planned, \(byteCount(profile.naiveBytes)) without sharing\n"
  return text
}

/// `percept.profile/1`
struct ProfileRecord: Encodable {
  struct Milliseconds: Encodable { let steps, run: Double }
  struct Memory: Encodable { let planned, naive: Int }
  struct Step: Encodable {
    let step: Int
    let operation, node: String
    let shape: [Int]
    let algorithm: String?
    let milliseconds: Double
    let gflops, gbps: Double?
    /// From 0 to 1.
    let share: Double
  }
  let schema = "percept.profile/1"
  let model, isa: String
  let threads, runs: Int
  let milliseconds: Milliseconds
  /// In bytes.
  let memory: Memory
  let steps: [Step]

  init(_ profile: NetworkProfile, model: String, program: Program, top: Int?) {
    self.model = model
    isa = program.processor.kernels.name
    threads = program.processor.threads.threadCount
    runs = profile.runs
    milliseconds = Milliseconds(steps: rounded(profile.milliseconds, to: 5), run: rounded(profile.wholeRunMilliseconds, to: 5))
    memory = Memory(planned: profile.plannedBytes, naive: profile.naiveBytes)
    steps = shown(profile, top: top).map { entry in
      let step = entry.step, work = Work(of: step)
      let rate = entry.milliseconds > 0 ? rounded(work.rate(milliseconds: entry.milliseconds), to: 3) : 0
      let isArithmetic = if case .multiplyAdds = work { true } else { false }
      return Step(
        step: entry.index, operation: step.operation, node: step.node, shape: step.shape.indices.map { step.shape[$0] },
        algorithm: step.detail.isEmpty ? nil : step.detail, milliseconds: rounded(entry.milliseconds, to: 5), gflops: isArithmetic ? rate : nil,
        gbps: isArithmetic ? nil : rate, share: rounded(entry.share, to: 6))
    }
  }
}
