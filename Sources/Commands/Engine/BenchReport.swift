import Benchmarks

/// Prints rows as a table, each as it is done, or as one JSON document at the end.
struct BenchReport {
  private let isJSON: Bool
  private let machine: MachineState
  private let table: TextTable
  private var records: [BenchRecord] = []

  init(isJSON: Bool, machine: MachineState, names: [String]) {
    self.isJSON = isJSON
    self.machine = machine
    table = TextTable(columns: [
      .text(names.reduce(3) { max($0, $1.count) }), .number(9), .number(9), .number(9), .number(7), .text(7), .text(0),
    ])
    guard !isJSON else { return }
    printOutput(machineLine(machine) + "\n\n" + table.line(["ROW", "MIN ms", "MEDIAN ms", "MAX ms", "SPEED", "", "ALGORITHM"]))
  }

  mutating func add(_ record: BenchRecord) {
    guard !isJSON else { return records.append(record) }
    let times = record.milliseconds
    printOutput(
      table.line(
        [record.name] + [times.min, times.median, times.max].map { decimal($0, digits: 3) }
          + [decimal(record.gflops ?? record.gbps ?? 0, digits: 1), record.gflops != nil ? "GFLOP/s" : "GB/s", record.algorithm ?? ""]))
  }

  func finish() {
    guard isJSON else { return }
    printOutput(jsonText(BenchDocument(machine: MachineRecord(machine), rows: records), isPretty: true))
  }
}

/// The processor and what it can do at this moment, in a line.
private func machineLine(_ state: MachineState) -> String {
  let threads = state.threads == 1 ? "1 thread" : "\(state.threads) threads"
  return "\(state.processorName), \(state.instructionSet), \(threads), peak \(state.threads) × \(decimal(state.peakPerCore, digits: 0)) GFLOP/s, "
    + "empty dispatch \(decimal(state.dispatchMicroseconds, digits: 2)) µs"
}

/// One row of `percept.bench/1`: `gflops` or `gbps`, after what the row's work is counted in.
struct BenchRecord: Encodable {
  struct Milliseconds: Encodable {
    let min, median, max: Double
  }
  let name: String
  let algorithm: String?
  let runs: Int
  let milliseconds: Milliseconds
  let gflops, gbps: Double?

  init(_ name: String, _ prepared: PreparedBenchmark, _ times: Times) {
    self.name = name
    algorithm = prepared.detail.isEmpty ? nil : prepared.detail
    runs = times.count
    milliseconds = Milliseconds(min: rounded(times.min, to: 5), median: rounded(times.median, to: 5), max: rounded(times.max, to: 5))
    let rate = rounded(prepared.work.rate(milliseconds: times.median), to: 3)
    if case .multiplyAdds = prepared.work { (gflops, gbps) = (rate, nil) } else { (gflops, gbps) = (nil, rate) }
  }
}

/// The fields of `percept.bench/1` that tell of the machine.
struct MachineRecord: Encodable {
  let machine, isa: String
  let threads: Int
  let peak_gflops_per_core, dispatch_microseconds: Double

  init(_ state: MachineState) {
    machine = state.processorName
    isa = state.instructionSet
    threads = state.threads
    peak_gflops_per_core = rounded(state.peakPerCore, to: 2)
    dispatch_microseconds = rounded(state.dispatchMicroseconds, to: 3)
  }
}

private struct BenchDocument: Encodable {
  let machine: MachineRecord
  let rows: [BenchRecord]
  private enum Key: CodingKey { case schema, rows }

  func encode(to encoder: any Encoder) throws {
    try machine.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("percept.bench/1", forKey: .schema)
    try container.encode(rows, forKey: .rows)
  }
}
