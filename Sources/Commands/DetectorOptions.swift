import ArgumentParser
import Detection
import Graphs
import Kernels
import ModelStore

/// Which network looks for objects, and how.
struct DetectorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A network of `percept models list`, or a Darknet cfg file.", valueName: "name|x.cfg"), completion: .file(extensions: ["cfg"]))
  var model = "yolov3-tiny"

  @Option(help: ArgumentHelp("The weights of a cfg file.", valueName: "x.weights"), completion: .file(extensions: ["weights"]))
  var weights: String?

  @Option(help: ArgumentHelp("The names of the classes, one a line (default: COCO's 80).", valueName: "x.names"), completion: .file(extensions: ["names"]))
  var names: String?

  @Option(help: ArgumentHelp("How a picture is fitted to the network: letterbox or stretch.", valueName: "way"))
  var resize = PictureFit.letterbox

  @Option(help: ArgumentHelp("Of two boxes of a class that overlap more than this, the less certain one goes.", valueName: "0…1"))
  var iou = 0.45

  @Flag(help: "Let boxes of different classes suppress each other as well.")
  var classAgnostic = false

  @Option(help: ArgumentHelp("The most pixels that a picture may have.", valueName: "n"))
  var maxPixels = DetectionOptions().largestPixelCount

  /// The options of detection that are the network's; those that depend on the command are left as they are.
  func detectionOptions(threshold: Float, maximum: Int) -> DetectionOptions {
    var options = DetectionOptions()
    options.threshold = threshold
    options.suppression = NonMaximumSuppression(threshold: iou, perClass: !classAgnostic, maximum: maximum)
    options.fit = resize
    options.largestPixelCount = maxPixels
    return options
  }

  func validate() throws {
    guard maxPixels > 0 else { throw ValidationError("--max-pixels takes a whole number above 0, found \(maxPixels).") }
    guard (0...1).contains(iou) else { throw ValidationError("--iou takes a number from 0 to 1, found \(iou).") }
    guard model.hasSuffix(".cfg") == (weights != nil) else {
      throw ValidationError(
        weights == nil
          ? "--model \(model) is a cfg file: name its weights with --weights." : "--weights belongs to a cfg file: name that with --model x.cfg.")
    }
  }

  /// With so few pictures, making the network ready for fast runs takes longer than it saves, and its memory is not worth it.
  private static let fewPictures = 3

  /// Loads the network for as many pictures as are to come.
  func detector(on processor: Processor, pictures: Int) throws -> Detector {
    let preparation = pictures <= Self.fewPictures ? Preparation.quick : .thorough
    if let weights {
      return try Detector(configuration: model, weights: weights, names: names, processor: processor, preparation: preparation)
    }
    return try Detector(named: model, names: names, in: ModelStore(), processor: processor, preparation: preparation)
  }
}

extension PictureFit: ExpressibleByArgument {}
