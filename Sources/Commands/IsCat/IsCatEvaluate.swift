import ArgumentParser
import Cats
import Files
import Learning
import Media
import Training

/// `iscat evaluate PICTURES`: how good the answers are, and what goes wrong.
struct IsCatEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how good the answers are, and look at the mistakes.",
    discussion: """
      PICTURES is what `iscat train` takes: a folder with a folder for each class, one of them called cat; an HDF5 file; a NumPy archive; a table file,label.
      Writes a page with the worst mistakes. Open it in a browser and tag each with its cause: a table says how much each cause would give.

      EXAMPLES
        iscat evaluate pictures/
        iscat evaluate test.h5 --model cats.safetensors -o mistakes.html
        iscat evaluate test.h5 --plots plots/ --json

      Exit code: 0 done, 64 wrong usage, 65 pictures could not be read (the others were counted), 69 the network is missing.
      """)

  @Argument(help: ArgumentHelp("Labelled pictures.", valueName: "folder|file"), completion: .file())
  var pictures: String

  @OptionGroup var network: CatModelOptions

  @Option(help: ArgumentHelp("The class that holds the cats (default: the one called cat).", valueName: "name")) var cat: String?

  @Option(help: ArgumentHelp("The probability from which on the answer is yes (default: 0.02, of a network of your own 0.5).", valueName: "0…1"))
  var threshold: Float?

  @Option(name: .shortAndLong, help: ArgumentHelp("The page of mistakes.", valueName: "x.html"), completion: .file(extensions: ["html"]))
  var output = "iscat-mistakes.html"
  @Flag(name: .customLong("no-page"), help: "Write no page.") var writesNoPage = false
  @Option(help: ArgumentHelp("A folder for the reliability plot and the confusion matrix as PNG.", valueName: "folder"), completion: .directory)
  var plots: String?
  @Flag(help: "Print one JSON document, schema percept.iscat-evaluate/1.") var json = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold takes a number from 0 to 1, found \(threshold).") }
  }

  func run() throws {
    do {
      try evaluate()
    } catch let code as ExitCode { throw code } catch {
      printError("iscat evaluate: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  /// At the size in which the page shows them.
  private func pictureSet() throws -> PictureSet {
    let isOfFiles = isFolder(pictures) || pictures.lowercased().hasSuffix(".csv"), bar = ProgressBar(label: "reading", total: nil, isQuiet: common.quiet)
    defer { bar.finish() }
    return try PictureSet.load(pictures, side: isOfFiles ? 224 : nil) { done, total in bar.advance(to: done, of: total) }
  }

  private func evaluate() throws {
    let model = try network.load(on: common.processor), threshold = threshold ?? model.threshold
    let set = try pictureSet(), cats = try catClass(of: set.classes, called: cat, source: pictures)
    let bar = ProgressBar(label: "iscat", total: set.count, isQuiet: common.quiet)
    var probabilities: [Float] = []
    for index in 0..<set.count {
      // Files are seen whole, as `iscat` itself sees them.
      let picture = set.isOfFiles ? try loadImage(set.names[index]).image : set.image(index)
      probabilities.append(model.answer(picture).probability)
      bar.advance(to: index + 1)
    }
    bar.finish()
    let evaluation = try CatEvaluation(probabilities: probabilities, isCat: set.labels.map { $0 == cats }, threshold: threshold)
    var written: [String] = []
    if let plots {
      try createFolder(plots)
      try saveImage(evaluation.reliability.plot(title: "Reliability").image(), to: "\(plots)/reliability.png")
      try saveImage(evaluation.confusion.picture(title: "Confusion", classes: ["no cat", "cat"]), to: "\(plots)/confusion.png")
      written += ["\(plots)/reliability.png", "\(plots)/confusion.png"]
    }
    if !writesNoPage {
      try writeFile(output, errorAnalysisPage(of: evaluation, probabilities, set))
      written.append(output)
    }
    let record = CatEvaluationRecord(evaluation, set, probabilities)
    printOutput(json ? jsonText(record, isPretty: true) : record.table)
    if !json, !common.quiet { for path in written { printError("wrote \(path)") } }
    for failure in set.failures { printError("iscat evaluate: \(failure)") }
    if !set.failures.isEmpty { throw ExitStatus.unreadableInput.exitCode }
  }
}
