import Foundation
import Kernels
import Laboratory
import Media
import Testing

/// The experiments on digits and the search for hyper-parameters: what their tables must hold whatever the numbers, and what the numbers must show.
@Suite struct DigitTests {
  private func report(_ name: String, data: String? = nil, seed: UInt64 = 1, effort: Double) throws -> LabReport {
    let experiment = try #require(Experiment.named(name))
    return try experiment.run(on: LabBench(folder: data, seed: seed, effort: effort, processor: Processor(threadCount: 2)))
  }

  private func number(_ value: LabReport.Value) -> Double {
    switch value {
    case .number(let number, _): number
    case .part(let part): part
    case .text: .nan
    }
  }

  private func column(_ name: String, of report: LabReport) throws -> [Double] {
    let index = try #require(report.columns.firstIndex(of: name))
    return report.rows.map { number($0[index]) }
  }

  @Test func leNetLearnsDigits() throws {
    let report = try report("lenet", effort: 0.3)
    let cost = try column("cost", of: report), test = try column("test", of: report)
    let low = try column("test, from", of: report), high = try column("to", of: report)
    #expect(report.rows.count == 3 && cost.last! < 0.7 * cost[0] && test.last! > 0.65, "\(test)")
    for epoch in test.indices { #expect(low[epoch] < test[epoch] && test[epoch] < high[epoch] && high[epoch] - low[epoch] < 0.06) }
    // What each digit was taken for adds up to the test set, and its diagonal to the accuracy.
    let confusions = try #require(report.tables.first), counts = confusions.rows.map { $0.dropFirst().map(number) }
    #expect(counts.count == 10 && counts.joined().reduce(0, +) == 1200 && counts.allSatisfy { $0.reduce(0, +) == 120 })
    #expect(abs((0..<10).reduce(0) { $0 + counts[$1][$1] } / 1200 - test.last!) < 1e-9)
    let most = try #require(report.tables.last?.rows.first).map(number)
    #expect(most[0] != most[1] && counts[Int(most[0])][Int(most[1])] == most[2])
    #expect((0..<100).allSatisfy { $0 / 10 == $0 % 10 || counts[$0 / 10][$0 % 10] <= most[2] })
    #expect(report.plots.map(\.name) == ["costs", "filters", "mistakes"])
  }

  @Test func errorsAreSharedOut() throws {
    let report = try report("error-analysis", effort: 0.4), parts = ["human*", "bias", "variance", "mismatch", "dev overfit"]
    let columns = try parts.map { try column($0, of: report) }, test = try column("test", of: report), dev = try column("dev", of: report)
    for row in test.indices { #expect(abs(columns.reduce(0) { $0 + $1[row] } - test[row]) < 1e-9) }
    let focus = report.rows.map { $0.last! }
    #expect(focus[0] == .text("bias") && focus[1] == .text("variance") && focus[4] == .text("data mismatch"), "\(focus)")
    // A large network learns its few pictures by heart; more of them, or regularisation, help.
    #expect(try column("train", of: report)[1] < 0.02 && columns[2][3] < columns[2][1])
    // Training on pictures like those of the dev set takes the mismatch away.
    #expect(columns[3][6] < columns[3][4] / 2 && dev[6] < dev[4], "\(columns[3])")
    for table in report.tables.prefix(2) {
      #expect(table.rows.count == 4)
      for row in table.rows { #expect(abs(number(row[3]) * number(row[1]) - number(row[2])) < 1e-6 && number(row[5]) <= dev[4] + 1e-9) }
    }
    #expect(report.tables.last?.rows.count == 7 && report.conclusion.contains("Assumed"))
  }

  @Test func searchesSpendTheSame() throws {
    let report = try report("tuning", effort: 0.1), iterations = try column("iterations", of: report), trials = try column("trials", of: report)
    #expect(trials == [27, 27, 243] && iterations.allSatisfy { $0 == 27 * 27 * 3 }, "\(iterations)")
    let dev = try column("dev", of: report), test = try column("test", of: report)
    #expect(dev.allSatisfy { $0 > 0.8 } && test.allSatisfy { $0 > 0.75 }, "\(dev) \(test)")
    for (index, table) in report.tables.enumerated() {
      #expect(number(table.rows[0].last!) == dev[index] && table.rows.count == 10)
      // The winner is the first of those with the largest budget.
      #expect(Array(table.rows[0][1...3]) == Array(report.rows[index][3...5]))
    }
    #expect(report.tables[2].columns.contains("iterations") && !report.tables[0].columns.contains("iterations"))
  }

  // MARK: Files

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("digits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/mnist.npz")

  /// What the script of mnist.npz writes, in MNIST's own format.
  private func idx(_ count: Int) -> (pictures: [UInt8], labels: [UInt8]) {
    var pictures: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 28, 0, 0, 0, 28]
    for index in 0..<count {
      for row in 0..<28 { for column in 0..<28 { pictures.append((row / 4 + column / 4 * (index % 10 + 1) + index) % 7 < 3 ? 200 : 0) } }
    }
    return (pictures, [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 10) })
  }

  private func write(_ files: [String: [UInt8]], in folder: URL) throws {
    for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
  }

  private var files: [String: [UInt8]] {
    let train = idx(60), test = idx(30)
    return [
      "train-images-idx3-ubyte": train.pictures, "train-labels-idx1-ubyte": train.labels, "t10k-images-idx3-ubyte": test.pictures,
      "t10k-labels-idx1-ubyte": test.labels,
    ]
  }

  @Test func bothFormatsAreTheSamePictures() throws {
    try withFolder { folder in
      try FileManager.default.copyItem(at: Self.archive, to: folder.appendingPathComponent("mnist.npz"))
      let first = try report("lenet", data: folder.path, effort: 0.5)
      #expect(first.data == "mnist.npz" && first.tables[0].rows.flatMap { $0.dropFirst().map(number) }.reduce(0, +) == 30)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("mnist.npz"))
      try write(files, in: folder)
      let second = try report("lenet", data: folder.path, effort: 0.5)
      #expect(second.data == "train-images-idx3-ubyte" && second.rows == first.rows && second.tables == first.tables)
      // There are fewer pictures than parts of them, and nothing traps.
      #expect(try report("error-analysis", data: folder.path, effort: 0.01).rows.count == 7)
    }
  }

  private func expectError(_ folder: URL, naming name: String, _ what: String) {
    do {
      _ = try report("lenet", data: folder.path, effort: 0.01)
      Issue.record("\(what) was taken")
    } catch let error as ExamplesError {
      #expect("\(error)".contains(name), "\(what): \(error)")
    } catch { Issue.record("\(what): \(error)") }
  }

  @Test func filesThatAreNoDigits() throws {
    try withFolder { folder in
      expectError(folder, naming: "mnist.npz", "an empty folder")
      expectError(folder.appendingPathComponent("none"), naming: "none", "no folder")
      let files = files, names = files.keys.sorted()
      for name in names {
        try write(files, in: folder)
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        expectError(folder, naming: name == "train-images-idx3-ubyte" ? "mnist.npz" : name, "without \(name)")
        try write(files, in: folder)
        // Every length but the right one, densely around the header.
        let whole = files[name]!
        for count in Array(0..<min(40, whole.count)) + [whole.count / 2, whole.count - 1] {
          try write([name: Array(whole.prefix(count))], in: folder)
          expectError(folder, naming: name.hasPrefix("train") ? "train-" : "t10k-", "\(name) of \(count) bytes")
        }
        try write([name: whole + [0]], in: folder)
        expectError(folder, naming: name, "a byte more")
        // Hostile sizes.
        for place in 4..<(name.contains("idx3") ? 16 : 8) {
          var changed = whole
          changed[place] = 0xff
          try write([name: changed], in: folder)
          expectError(folder, naming: name, "\(name) with another size")
        }
        try write([name: [0x1f, 0x8b] + whole.dropFirst(2)], in: folder)
        expectError(folder, naming: ".gz", "\(name), packed")
      }
      var labels = files["train-labels-idx1-ubyte"]!
      labels[20] = 10
      try write(files.merging(["train-labels-idx1-ubyte": labels]) { $1 }, in: folder)
      expectError(folder, naming: "label 10", "a label that is no digit")
      let none: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]
      try write(["train-images-idx3-ubyte": none, "train-labels-idx1-ubyte": [0, 0, 8, 1, 0, 0, 0, 0]], in: folder)
      expectError(folder, naming: "0 pictures", "no pictures")

      let archive = try Data(contentsOf: Self.archive)
      for count in [0, 10, archive.count / 2, archive.count - 1] {
        try archive.prefix(count).write(to: folder.appendingPathComponent("mnist.npz"))
        expectError(folder, naming: "mnist.npz", "an archive of \(count) bytes")
      }
    }
  }
}
