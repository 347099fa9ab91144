import Foundation
import Kernels
import Laboratory
import Media
import Testing

private let shared: URL = {
  let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) }
  return named ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
}()
private let data = shared.appendingPathComponent("data").path
private let hasData = FileManager.default.fileExists(atPath: "\(data)/cats/train_catvnoncat.h5")
private let needs: Comment = "needs ../shared"

/// The experiments: each runs on generated examples, and shows on the course's what the course shows.
@Suite struct ExperimentTests {
  private func report(_ name: String, data: String? = nil, seed: UInt64 = 1, effort: Double = 1) throws -> LabReport {
    let experiment = try #require(Experiment.named(name))
    return try experiment.run(on: LabBench(folder: data, seed: seed, effort: effort, processor: Processor(threadCount: 2)))
  }

  /// The parts of a column, by the first column's texts.
  private func parts(_ report: LabReport, _ column: String) throws -> [Double] {
    let index = try #require(report.columns.firstIndex(of: column))
    return report.rows.compactMap { if case .part(let part) = $0[index] { part } else { nil } }
  }

  @Test(arguments: Experiment.all.map(\.name)) func itRunsOnGeneratedExamples(name: String) throws {
    let first = try report(name, effort: 0.004)
    #expect(first.data == "generated" && !first.rows.isEmpty && !first.conclusion.isEmpty)
    #expect(first.rows.allSatisfy { $0.count == first.columns.count } && (name == "gradient-check" || !first.plots.isEmpty))
    #expect(Set(first.plots.map(\.name)).count == first.plots.count && first.plots.allSatisfy { $0.image.width > 100 })
    let again = try report(name, effort: 0.004), other = try report(name, seed: 2, effort: 0.004)
    #expect(again.tables == first.tables && again.conclusion == first.conclusion && first.tables.allSatisfy { !$0.name.isEmpty })
    #expect(again.rows == first.rows && zip(again.plots, first.plots).allSatisfy { $0.image == $1.image })
    #expect(other.rows != first.rows)
  }

  @Test(.enabled(if: hasData, needs)) func aFlowerTakesFourUnits() throws {
    let report = try report("planar", data: data), accuracy = try parts(report, "accuracy")
    #expect(report.data == "planar_flower.csv" && accuracy.count == 8)
    #expect(accuracy[0] < 0.6 && accuracy[4] >= 0.9, "\(accuracy)")
  }

  @Test(.enabled(if: hasData, needs)) func oneNeuronOnCats() throws {
    let report = try report("logistic", data: data)
    #expect(try parts(report, "train")[0] >= 0.99 && parts(report, "test")[0] >= 0.7)
  }

  @Test(.enabled(if: hasData, needs)) func initialisation() throws {
    let train = try parts(try report("initialization", data: data), "train")
    #expect(abs(train[0] - 0.5) < 0.02 && train[1] < train[2] && train[2] >= 0.98, "\(train)")
  }

  @Test(.enabled(if: hasData, needs)) func regularisationCarriesOver() throws {
    let report = try report("regularization", data: data), validation = try parts(report, "validation"), gap = try parts(report, "gap")
    #expect(max(validation[1], validation[2]) >= 0.93, "\(validation)")
    #expect(min(gap[1], gap[2]) < gap[0], "\(gap)")
  }

  @Test(.enabled(if: hasData, needs)) func adamIsFirst() throws {
    let accuracy = try parts(try report("optimizers", data: data), "accuracy")
    #expect(accuracy[5] >= 0.93 && accuracy[0] < accuracy[5] - 0.05 && accuracy[1] < accuracy[5] - 0.05, "\(accuracy)")
  }

  @Test func gradientsAreRight() throws {
    let report = try report("gradient-check")
    #expect(report.rows.count == 9)
    for row in report.rows { #expect(row.last == .text("right, and a mistake is seen"), "\(row)") }
  }

  @Test func filesThatAreNoExamples() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("planar"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("planar/moons.csv")
    for text in [nil, "", "x,y\n1,2\n", "a,b,c\n1,2,3\n", "a,b,c\n1,two,0\n"] {
      try? FileManager.default.removeItem(at: file)
      if let text { try text.write(to: file, atomically: true, encoding: .utf8) }
      do {
        _ = try report("optimizers", data: folder.path)
        Issue.record("\(text ?? "no file") was taken")
      } catch let error as ExamplesError { #expect("\(error)".contains("moons.csv"), "\(error)") }
    }
    #expect(throws: ExamplesError.self) { _ = try report("logistic", data: folder.path) }
  }
}
