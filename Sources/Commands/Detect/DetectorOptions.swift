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

  @Option(help: ArgumentHelp("What numbers the network multiplies: float32, bf16 or int8.", valueName: "kind"))
  var precision = PrecisionName.float32

  @Option(
    help: ArgumentHelp("The ranges for int8, which `percept quantize` writes (default: beside the weights, x.int8.json).", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var calibration: String?

  @OptionGroup var tuning: TuningOptions

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
    guard calibration == nil || precision == .int8 else { throw ValidationError("--calibration belongs to --precision int8.") }
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
  func detector(for common: CommonOptions, pictures: Int) throws -> Detector {
    let isQuick = pictures <= Self.fewPictures && !tuning.isUsed, processor = common.processor
    let precision = try detectorPrecision()
    return try tuning.prepared(isQuick ? .quick : .thorough, isQuiet: common.quiet) { preparation in
      if let weights {
        return try Detector(
          configuration: model, weights: weights, names: names, processor: processor, preparation: preparation, precision: precision)
      }
      return try Detector(named: model, names: names, in: ModelStore(), processor: processor, preparation: preparation, precision: precision)
    }
  }

  private func detectorPrecision() throws -> DetectorPrecision {
    switch precision {
    case .float32: return .float32
    case .bf16: return .bfloat16
    case .int8:
      let path = try calibration ?? CalibrationFile.defaultPath(weights: weights ?? Detector.files(of: model, in: ModelStore()).weights)
      do throws(DetectionError) { return .int8(try CalibrationFile(path: path)) } catch {
        if case .unreadable(let cause) = error, case .missing = cause.reason {
          let command = "percept quantize \(model)" + (weights.map { " --weights \($0)" } ?? "") + " --images FOLDER"
          throw DetectorError.noCalibration(path: path, command: command)
        }
        throw DetectorError.calibration(error)
      }
    }
  }
}

/// What `--precision` takes.
enum PrecisionName: String, CaseIterable, ExpressibleByArgument {
  case float32, bf16, int8
}

extension PictureFit: ExpressibleByArgument {}
