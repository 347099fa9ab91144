import ArgumentParser
import Files
import Laboratory
import Learning
import Media
import ModelStore
import Training

/// `percept lab EXPERIMENT`: the experiments of a course on deep learning.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "Run an experiment of a course on deep learning.",
    discussion: """
      Prints a table and writes plots as PNG into the working folder. Without --data the examples are generated.

      EXPERIMENTS
      \(Experiment.all.map { "  \($0.name)\(String(repeating: " ", count: max(1, 18 - $0.name.count)))\($0.summary)\n" }.joined())
      EXAMPLES
        percept lab planar
        percept lab logistic --data course/        with the course's own files: planar/, regularization/, cats/
        percept lab lenet --data mnist/            with mnist.npz or MNIST's own files
        percept lab optimizers --seed 7 -o plots/ --json

      Exit code: 0 done, 64 no such experiment, 65 a file of examples could not be read.
      """)

  @Argument(help: ArgumentHelp("Which experiment.", valueName: "experiment"), completion: .list(Experiment.all.map(\.name)))
  var experiment: String

  @Option(help: ArgumentHelp("A folder with the course's data (default: examples are generated).", valueName: "folder"), completion: .directory)
  var data: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for plots.", valueName: "folder"), completion: .directory)
  var output = "."

  @Flag(name: .customLong("no-plots"), help: "Write no plots.") var writesNoPlots = false

  @Option(help: ArgumentHelp("What chance follows from.", valueName: "n")) var seed: UInt64 = 1

  @Option(help: ArgumentHelp("A part of the usual number of iterations, for a quick look.", valueName: "0…1")) var effort = 1.0

  @Flag(help: "Print one JSON document, schema percept.lab/1.") var json = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard Experiment.named(experiment) != nil else {
      let near = closeNames(to: experiment, among: Experiment.all.map(\.name))
      let advice = near.isEmpty ? "there are \(Experiment.all.map(\.name).joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?"
      throw ValidationError("There is no experiment “\(experiment)”: \(advice)")
    }
    guard effort > 0, effort <= 1 else { throw ValidationError("--effort takes a number above 0 and up to 1, found \(effort).") }
  }

  func run() throws {
    guard let experiment = Experiment.named(experiment) else { return }
    let bar = ProgressBar(label: "lab", total: 100, isQuiet: common.quiet)
    let report: LabReport
    do {
      report = try experiment.run(
        on: LabBench(
          folder: data, seed: seed, effort: effort, processor: common.processor,
          backbone: experiment.needsBackbone ? try? EfficientNetLite0.published(in: ModelStore()) : nil
        ) { _, part in bar.advance(to: Int(100 * part)) })
    } catch {
      bar.clear()
      printError("percept lab: \(error)")
      throw ExitStatus(error).exitCode
    }
    bar.clear()
    var written: [String] = []
    do {
      if !writesNoPlots, !report.plots.isEmpty {
        try createFolder(output)
        for plot in report.plots {
          let path = output == "." ? "\(experiment.name)-\(plot.name).png" : "\(output)/\(experiment.name)-\(plot.name).png"
          try saveImage(plot.image, to: path)
          written.append(path)
        }
      }
    } catch {
      printError("percept lab: \(error)")
      throw ExitStatus.internalError.exitCode
    }
    printOutput(json ? jsonText(LabRecord(report, experiment: experiment.name, seed: seed, plots: written), isPretty: true) : labTable(report))
    if !json, !common.quiet { for path in written { printError("wrote \(path)") } }
  }
}

/// The tables of an experiment, and its conclusion.
private func labTable(_ report: LabReport) -> String {
  let others = report.tables.map { "\n\($0.name)\n\(lines($0.columns, $0.rows))" }
  return "examples: \(report.data)\n\n" + lines(report.columns, report.rows) + others.joined() + "\n\(report.conclusion)\n"
}

/// Numbers stand at the right of their columns, texts at the left.
private func lines(_ columns: [String], _ rows: [[LabReport.Value]]) -> String {
  let cells = [columns] + rows.map { $0.map(text) }
  let table = TextTable(columns: columns.indices.map { column in
    let width = cells.map { $0[column].count }.max() ?? 0, isText = rows.contains { if case .text = $0[column] { true } else { false } }
    return isText || column == 0 ? .text(width) : .number(width)
  })
  return cells.map(table.line).joined()
}

private func text(_ value: LabReport.Value) -> String {
  switch value {
  case .text(let text): text
  case .number(let number, let digits): decimal(number, digits: digits)
  case .part(let part): "\(decimal(100 * part, digits: 1)) %"
  }
}

/// `percept.lab/1`: each row's values by the names of the columns; parts are from 0 to 1.
private struct LabRecord: Encodable {
  enum Value: Encodable {
    case text(String), number(Double)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      }
    }
  }
  let schema = "percept.lab/1"
  let experiment, data, conclusion: String
  let seed: UInt64
  let rows: [[String: Value]]
  /// Further tables, such as that of confusions; nil of an experiment without them.
  let tables: [Table]?
  let plots: [String]

  struct Table: Encodable {
    let name: String
    let rows: [[String: Value]]
  }

  init(_ report: LabReport, experiment: String, seed: UInt64, plots: [String]) {
    self.experiment = experiment
    data = report.data
    conclusion = report.conclusion
    self.seed = seed
    self.plots = plots
    rows = LabRecord.named(report.columns, report.rows)
    tables = report.tables.isEmpty ? nil : report.tables.map { Table(name: $0.name, rows: LabRecord.named($0.columns, $0.rows)) }
  }

  private static func named(_ columns: [String], _ rows: [[LabReport.Value]]) -> [[String: Value]] {
    rows.map { row in
      Dictionary(uniqueKeysWithValues: zip(columns, row).map { name, value in
        switch value {
        case .text(let text): (name, .text(text))
        case .number(let number, let digits): (name, .number(rounded(number, to: max(digits, 6))))
        case .part(let part): (name, .number(rounded(part, to: 6)))
        }
      })
    }
  }
}
