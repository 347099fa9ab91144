import ArgumentParser
import Detection
import Files
import Media

/// `detect evaluate`: COCO's measures of a detector.
struct DetectEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a detector, or a file of results, against COCO annotations.",
    discussion: """
      Average precision (AP) and recall (AR) as COCO defines them: over IoU from 0.50 to 0.95, at 0.50 and 0.75, for small, medium and large objects, and
      for at most 1, 10 and 100 detections a picture. -1 stands where there is nothing to measure.

      EXAMPLES
        detect evaluate --coco instances_val2017.json --images val2017 --plot precision-recall.png
        detect evaluate --coco instances.json --results results.json --json
      """)

  @Option(help: ArgumentHelp("The annotations.", valueName: "annotations.json"), completion: .file(extensions: ["json"]))
  var coco: String

  @Option(help: ArgumentHelp("The folder of the annotated pictures: the network is run on them.", valueName: "folder"), completion: .directory)
  var images: String?

  @Option(help: ArgumentHelp("COCO results to measure instead of running a network.", valueName: "results.json"), completion: .file(extensions: ["json"]))
  var results: String?

  @Option(help: ArgumentHelp("Plot precision against recall into this picture.", valueName: "out.png"), completion: .file(extensions: ["png", "jpg"]))
  var plot: String?

  @Option(help: ArgumentHelp("The least confidence of a detection.", valueName: "0…1"))
  var threshold: Float = 0.001

  @Flag(help: "Print one JSON document, schema percept.detect.evaluate/1.") var json = false

  @OptionGroup(title: "Network options") var network: DetectorOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (images == nil) != (results == nil) else {
      throw ValidationError("Name either --images, to run the network on them, or --results, to measure detections that are there already.")
    }
    guard (0...1).contains(threshold) else { throw ValidationError("--threshold takes a number from 0 to 1, found \(threshold).") }
    if let plot, PictureFormat(suffixOf: plot) == nil { throw ValidationError("--plot \(plot): the name must end in .png, .jpg or .jpeg.") }
  }

  func run() throws {
    do { try evaluate() } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("detect evaluate: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func evaluate() throws {
    let dataset = try CocoDataset(path: coco)
    let found: CocoResults
    let source: String
    var unreadable = 0
    if let results {
      found = try CocoResults(path: results)
      source = results
    } else {
      found = try detections(in: dataset, folder: images ?? ".", unreadable: &unreadable)
      source = network.model
    }
    let evaluation = try CocoEvaluation(found, against: dataset, file: source)
    printOutput(json ? jsonText(EvaluationRecord(evaluation), isPretty: true) : evaluationTable(evaluation))
    if let plot {
      do throws(ImageError) { try saveImage(precisionRecallPlot(evaluation).image(), to: plot) } catch { throw OutputError(error) }
      if !common.quiet { printError("wrote \(plot)") }
    }
    if unreadable > 0 {
      printError("detect evaluate: \(unreadable) of \(dataset.pictures.count) pictures could not be read: what they show counts as not found")
      throw ExitStatus.unreadableInput.exitCode
    }
  }

  /// Runs the network on all pictures of the data set, and counts those that could not be read.
  private func detections(in dataset: CocoDataset, folder: String, unreadable: inout Int) throws -> CocoResults {
    let detector = try network.detector(for: common, pictures: dataset.pictures.count)
    let categories = dataset.categoryIdentifiers(of: detector.labels)
    guard categories.contains(where: { $0 != nil }) else {
      throw DetectionError.malformed(
        file: coco, problem: "none of its categories is a class of \(detector.name); name the network's classes as the annotations do, with --names")
    }
    var options = network.detectionOptions(threshold: threshold, maximum: 100)
    options.classes = Set(categories.indices.filter { categories[$0] != nil })
    var results: [CocoResult] = []
    let bar = ProgressBar(label: "evaluate", total: dataset.pictures.count, isQuiet: common.quiet)
    defer { bar.finish() }
    for (index, picture) in dataset.pictures.enumerated() {
      let found: [Detection]
      do {
        found = try detector.detections(inFile: "\(folder)/\(picture.fileName)", options: options, needsPixels: false).detections
      } catch let error as ImageError {
        bar.clear()
        printError("detect evaluate: \(error)")
        unreadable += 1
        found = []
      }
      for detection in found {
        guard let category = categories[detection.classIndex] else { continue }
        results.append(
          CocoResult(
            pictureIdentifier: picture.identifier, categoryIdentifier: category, box: detection.box, score: Double(detection.confidence)))
      }
      bar.advance(to: index + 1)
    }
    return CocoResults(results)
  }
}
