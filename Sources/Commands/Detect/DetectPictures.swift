import ArgumentParser
import Detection
import Files
import Glibc
import Media
import ModelStore

/// `detect IMAGE…`: see `discussion`.
struct DetectPictures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pictures", abstract: "Find objects in pictures (what `detect` does without a verb).",
    usage: "detect [options] <picture> …\n       detect evaluate --coco <annotations.json> (--images <folder> | --results <results.json>)",
    discussion: """
      Prints a table of what was found and writes each picture with its boxes to <name>-detected.png in the working folder.

      EXAMPLES
        detect dog.jpg                              a table, and dog-detected.png
        detect *.jpg -o found/ --classes dog,cat    pictures into a folder, two classes only
        detect photo.jpg --json --no-image          data for a program
        cat photo.jpg | detect - --csv
        detect x.jpg --model x.cfg --weights x.weights --names x.names
        detect *.jpg --precision int8               faster; see `percept quantize`
        detect evaluate --coco instances_val2017.json --images val2017

      Networks come from `percept models`; the default is yolov3-tiny.
      Exit code: 0 done, 64 wrong usage, 65 a picture could not be read (the others are done), 69 the network is not installed.
      """)

  @Argument(help: ArgumentHelp("PNG or JPEG files, or - for standard input.", valueName: "picture"), completion: .file())
  var pictures: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The annotated picture, or a folder for several.", valueName: "file|folder"), completion: .file())
  var output: String?

  @Flag(name: .customLong("no-image"), help: "Write no annotated pictures.")
  var writesNoPicture = false

  @Option(help: ArgumentHelp("The least confidence of a detection.", valueName: "0…1"))
  var threshold: Float = 0.25

  @Option(help: ArgumentHelp("Only these classes, separated by commas.", valueName: "a,b"))
  var classes: String?

  @Option(help: ArgumentHelp("The most detections in a picture.", valueName: "n"))
  var max = 300

  @Flag(help: "Print one JSON document, schema percept.detect/1.") var json = false
  @Flag(help: "Print a line of JSON for each picture as it is done.") var jsonl = false
  @Flag(help: "Print comma-separated values with a header line.") var csv = false

  @Option(help: ArgumentHelp("Write each object as a picture of its own into this folder.", valueName: "folder"), completion: .directory)
  var crops: String?

  @Option(help: ArgumentHelp("Write YOLO label files into this folder.", valueName: "folder"), completion: .directory)
  var yoloTxt: String?

  @Option(help: ArgumentHelp("Write all detections as a COCO results file.", valueName: "file"), completion: .file(extensions: ["json"]))
  var coco: String?

  @OptionGroup(title: "Network options") var network: DetectorOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...1).contains(threshold) else { throw ValidationError("--threshold takes a number from 0 to 1, found \(threshold).") }
    guard max > 0 else { throw ValidationError("--max takes a whole number above 0, found \(max).") }
    guard [json, jsonl, csv].count(where: { $0 }) <= 1 else { throw ValidationError("--json, --jsonl and --csv exclude each other.") }
    guard pictures.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("Standard input can be read only once: name - once.") }
    guard output == nil || !writesNoPicture else { throw ValidationError("--output and --no-image exclude each other.") }
    try AnnotatedPictures.check("--output", output, count: pictures.count)
  }

  func run() throws {
    do { try detect() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("detect: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func detect() throws {
    let detector = try network.detector(for: common, pictures: pictures.count)
    var options = network.detectionOptions(threshold: threshold, maximum: max)
    options.classes = try classes.map { try selectedClasses($0, among: detector.labels) }

    let format: OutputFormat = json ? .json : jsonl ? .jsonLines : csv ? .csv : .table
    var report = DetectionReport(format: format, model: detector.name)
    var outputs = try DetectionOutputs(
      annotated: writesNoPicture ? nil : AnnotatedPictures(output: output, count: pictures.count), crops: crops, labels: yoloTxt, coco: coco,
      paths: pictures, modelLabels: detector.labels)
    let bar = ProgressBar(label: "detect", total: pictures.count, isQuiet: common.quiet || pictures.count < 2)
    var status = ExitStatus.done
    for (index, path) in pictures.enumerated() {
      do {
        let found = try detector.detections(inFile: path, options: options, needsPixels: outputs.needsPixels)
        bar.clear()
        report.add(found, path: path)
        // What was found is told even if a file cannot be written.
        do {
          let written = try outputs.write(found, picture: index, path: path)
          if let written, format == .table, !common.quiet { printError("wrote \(written)") }
        } catch {
          printError("detect: \(error)")
          if status == .done { status = .internalError }
        }
      } catch {
        status = .unreadableInput
        bar.clear()
        printError("detect: \(error)")
        report.addFailure(path: path, message: "\(error)")
      }
      bar.advance(to: index + 1)
    }
    bar.finish()
    report.finish()
    try outputs.finish()
    if status != .done { throw status.exitCode }
  }

  /// The places of the classes named in `list`.
  private func selectedClasses(_ list: String, among labels: [String]) throws -> Set<Int> {
    var selected: Set<Int> = []
    for name in list.split(separator: ",").map({ trimmed($0) }) where !name.isEmpty {
      let places = labels.indices.filter { labels[$0] == name || CocoLabels.officialName(of: labels[$0]) == name }
      guard !places.isEmpty else {
        let near = closeNames(to: name, among: labels)
        let advice = near.isEmpty ? "The network knows: \(labels.joined(separator: ", "))." : "Did you mean \(near.joined(separator: " or "))?"
        throw ValidationError("--classes: the network knows no class “\(name)”. \(advice)")
      }
      selected.formUnion(places)
    }
    guard !selected.isEmpty else { throw ValidationError("--classes takes names separated by commas, found none.") }
    return selected
  }
}

private func trimmed(_ text: Substring) -> String {
  var text = text
  while text.first == " " { text.removeFirst() }
  while text.last == " " { text.removeLast() }
  return String(text)
}
