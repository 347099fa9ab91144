public import Files
public import ModelFormats
public import ModelStore

/// Why a detector could not be made ready.
public enum DetectorError: Error, CustomStringConvertible {
  case store(ModelStoreError)
  case network(DarknetError)
  case head(DetectionError)
  case labels(FileError)
  /// The file names fewer classes than the network has.
  case tooFewLabels(file: String, found: Int, expected: Int)
  /// The configuration has no section that makes boxes.
  case noHeads(String)
  /// Running the network would need too much memory.
  case tooLarge(file: String, numbers: Int, limit: Int)
  /// The registry has the model, but it is for something else.
  case notADetector(String)
  /// A file of ranges cannot be read, or is another network's.
  case calibration(DetectionError)
  /// There is no file of ranges.
  case noCalibration(path: String, command: String)

  public var description: String {
    switch self {
    case .store(let error): error.description
    case .network(let error): error.description
    case .head(let error): error.description
    case .labels(let error): error.description
    case .tooFewLabels(let file, let found, let expected):
      "\(file): names \(found) classes, expected \(expected), as many as the network has; name the file that belongs to the network"
    case .noHeads(let file): "\(file): the network has no [yolo], [region] or [detection] section, so it finds no objects; name a detector's cfg"
    case .tooLarge(let file, let numbers, let limit):
      "\(file): running the network would need \(numbers) numbers of working memory, more than the limit of \(limit); use a smaller width and height, or fewer threads"
    case .calibration(let error): error.description
    case .noCalibration(let path, let command):
      "\(path): there is no such file, and int8 needs the ranges of the network's values; make it with `\(command)`, or name one with --calibration"
    case .notADetector(let name): "\(name): the model is not an object detector; `percept models list` tells what each is for"
    }
  }
}
