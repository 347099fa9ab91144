import ArgumentParser
import Detection
import Files
import Graphs
import Media
import ModelStore

/// `percept quantize MODEL --images DIR`: see `discussion`.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize", abstract: "Prepare a detector for int8, and measure what that costs in accuracy.",
    discussion: """
      Runs the network on the pictures of a folder and writes between which numbers its values lie: `detect --precision int8` needs to know. Then it
      runs in int8 on the same pictures, and what it finds is compared with what it found before. A hundred pictures like those to come are plenty.

      EXAMPLES
        percept quantize yolov3-tiny --images photos/
        percept quantize x.cfg --weights x.weights --images photos/ -o x.int8.json
        detect *.jpg --precision int8

      Without --output the file is written beside the weights, where `detect` looks for it.
      Exit code: 0 done, 64 wrong usage, 65 a picture could not be read (the others are done), 69 the network is not installed, 70 the file cannot be
      written.
      """)

  @Argument(
    help: ArgumentHelp("A network of `percept models list`, or a Darknet cfg file.", valueName: "model"), completion: .file(extensions: ["cfg"]))
  var model: String

  @Option(help: ArgumentHelp("The weights of a cfg file.", valueName: "x.weights"), completion: .file(extensions: ["weights"]))
  var weights: String?

  @Option(help: ArgumentHelp("The folder of pictures, PNG or JPEG by their names.", valueName: "folder"), completion: .directory)
  var images: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write (default: beside the weights, x.int8.json).", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String?

  @Option(help: ArgumentHelp("The least confidence of a detection that is compared.", valueName: "0…1"))
  var threshold: Float = 0.25

  @Flag(help: "Print the comparison as one JSON document, schema percept.quantize.report/1.") var json = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...1).contains(threshold) else { throw ValidationError("--threshold takes a number from 0 to 1, found \(threshold).") }
    guard model.hasSuffix(".cfg") == (weights != nil) else {
      throw ValidationError(
        weights == nil
          ? "\(model) is a cfg file: name its weights with --weights." : "--weights belongs to a cfg file: name that instead of \(model).")
    }
  }

  func run() throws {
    do { try quantize() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("percept quantize: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func quantize() throws {
    let names: [String]
    do throws(FileError) { names = try folderContents(images) } catch { throw DetectionError.unreadable(error) }
    let pictures = names.filter { !$0.hasPrefix(".") && PictureFormat(suffixOf: $0) != nil }
      .map { images.hasSuffix("/") ? images + $0 : "\(images)/\($0)" }
    guard !pictures.isEmpty else { throw ValidationError("--images \(images): the folder holds no file whose name ends in .png, .jpg or .jpeg.") }

    let files = try weights.map { (configuration: model, weights: $0) } ?? Detector.files(of: model, in: ModelStore())
    let name = weights == nil ? model : nil, processor = common.processor
    let reference = try Detector(configuration: files.configuration, weights: files.weights, name: name, processor: processor)
    var options = DetectionOptions()
    options.threshold = threshold

    // What the network finds in floats, and between which numbers its values lie.
    var calibrator = reference.calibrator(processor: processor)
    var expected: [(path: String, detections: [Detection])] = []
    let bar = ProgressBar(label: "quantize", total: 2 * pictures.count, isQuiet: common.quiet)
    for (index, path) in pictures.enumerated() {
      do {
        expected.append((path, try reference.detections(inFile: path, options: options, needsPixels: false).detections))
        try reference.observe(inFile: path, options: options, with: &calibrator)
      } catch let error as ImageError {
        bar.clear()
        printError("percept quantize: \(error)")
      }
      bar.advance(to: index + 1)
    }
    guard !expected.isEmpty else {
      bar.finish()
      printError("percept quantize: none of the \(pictures.count) pictures in \(images) could be read; nothing was written")
      throw ExitStatus.unreadableInput.exitCode
    }

    let path = output ?? CalibrationFile.defaultPath(weights: files.weights)
    let file = reference.calibrationFile(calibrator.calibration, pictures: expected.count, path: path)
    let quantized = try Detector(
      configuration: files.configuration, weights: files.weights, name: name, processor: processor, precision: .int8(file))
    var agreement = DetectionAgreement()
    for (index, picture) in expected.enumerated() {
      agreement.add(
        expected: picture.detections, found: try quantized.detections(inFile: picture.path, options: options, needsPixels: false).detections)
      bar.advance(to: pictures.count + index + 1)
    }
    bar.finish()
    do throws(FileError) { try writeFile(path, file.json) } catch { throw OutputError(error) }
    printOutput(json ? jsonText(AgreementRecord(agreement, model: reference.name, file: path), isPretty: true) : agreementText(agreement))
    if !common.quiet { printError("wrote \(path)") }
    if expected.count < pictures.count { throw ExitStatus.unreadableInput.exitCode }
  }
}

/// `percept.quantize.report/1`
private struct AgreementRecord: Encodable {
  var schema = "percept.quantize.report/1"
  let model, file: String
  let pictures, expected, found, matched: Int
  let mean_iou, least_iou, mean_confidence_difference, greatest_confidence_difference: Double

  init(_ agreement: DetectionAgreement, model: String, file: String) {
    self.model = model
    self.file = file
    pictures = agreement.pictures
    expected = agreement.expected
    found = agreement.found
    matched = agreement.matched
    mean_iou = rounded(agreement.meanOverlap, to: 5)
    least_iou = rounded(agreement.leastOverlap, to: 5)
    mean_confidence_difference = rounded(agreement.meanDifference, to: 5)
    greatest_confidence_difference = rounded(agreement.greatestDifference, to: 5)
  }
}

private func agreementText(_ agreement: DetectionAgreement) -> String {
  let table = TextTable(columns: [.text(34), .number(9)])
  return table.line(["pictures", "\(agreement.pictures)"]) + table.line(["detections in float32", "\(agreement.expected)"])
    + table.line(["detections in int8", "\(agreement.found)"]) + table.line(["of both, the same", "\(agreement.matched)"])
    + table.line(["IoU of their boxes, mean", decimal(agreement.meanOverlap, digits: 3)])
    + table.line(["IoU of their boxes, least", decimal(agreement.leastOverlap, digits: 3)])
    + table.line(["difference of confidence, mean", decimal(agreement.meanDifference, digits: 3)])
    + table.line(["difference of confidence, greatest", decimal(agreement.greatestDifference, digits: 3)])
}
