import Files
public import Graphs
public import Kernels
public import Media
import ModelFormats
public import ModelStore
import Tensors

/// A network that finds objects, ready to run.
///
/// ```swift
/// let detector = try Detector(named: "yolov3-tiny", in: ModelStore())
/// let found = try detector.detections(inFile: "dog.jpg", options: DetectionOptions())
/// for detection in found.detections { print(detection.label, detection.confidence) }
/// ```
public final class Detector {
  /// What the reports call it: a registered name, or the configuration's file name.
  public let name: String
  /// The names of the classes, in the network's order.
  public let labels: [String]
  public let inputWidth, inputHeight, inputChannels: Int
  private let heads: [(output: Int, head: Head)]
  private let arena: Arena
  private let graph: Graph

  /// How many numbers a network may keep in memory while it runs: 2 GiB of them.
  private static let largestMemory = 1 << 29

  private enum Head {
    case yolo(YoloHead)
    case region(RegionHead)
    case grid(GridHead)
  }

  /// Loads a Darknet network from files.
  ///
  /// - Parameters:
  ///   - names: a file with the names of the classes, one a line; without it, COCO's for 80 classes and numbers otherwise.
  ///   - preparation: quick for a few pictures, thorough for many.
  ///   - precision: what numbers the network multiplies.
  /// - Throws: ``DetectorError`` when a file cannot be read, they do not belong together, or the network is no detector.
  public init(
    configuration: String, weights: String, names: String? = nil, name: String? = nil, processor: Processor = .default,
    preparation: Preparation = .thorough, precision: DetectorPrecision = .float32
  ) throws(DetectorError) {
    let network: DarknetNetwork
    do throws(DarknetError) { network = try DarknetNetwork.load(configuration: configuration, weights: weights) } catch { throw .network(error) }
    guard let classes = network.heads.map(\.classes).max() else { throw .noHeads(configuration) }
    self.name = name ?? lastComponent(configuration)
    inputChannels = network.inputShape[1]
    inputHeight = network.inputShape[2]
    inputWidth = network.inputShape[3]
    labels = try readLabels(names, classes: classes)
    guard inputChannels == 1 || inputChannels == 3 else {
      throw .head(.network(problem: "\(configuration): the network takes pictures of \(inputChannels) channels, expected 1 (grey) or 3 (red, green, blue)"))
    }
    do throws(DetectionError) {
      var heads: [(Int, Head)] = []
      for head in network.heads { heads.append((head.output, try Self.head(head, file: configuration))) }
      self.heads = heads
    } catch { throw .head(error) }
    graph = network.graph
    let program = graph.compiled(for: processor, preparation: preparation, precision: try precision.precision(for: graph))
    let count = program.memoryPlan.arenaCount + 3 * inputHeight * inputWidth
    guard count <= Self.largestMemory else { throw .tooLarge(file: configuration, numbers: count, limit: Self.largestMemory) }
    arena = Arena(for: program)
  }

  /// Loads a network of the registry.
  ///
  /// - Throws: ``DetectorError`` when it is not installed; the message has the command that installs it.
  public convenience init(
    named name: String, names: String? = nil, in store: ModelStore, processor: Processor = .default, preparation: Preparation = .thorough,
    precision: DetectorPrecision = .float32
  ) throws(DetectorError) {
    let files = try Self.files(of: name, in: store)
    try self.init(configuration: files.configuration, weights: files.weights, names: names, name: name, processor: processor,
      preparation: preparation, precision: precision)
  }

  /// The files of an installed network of the registry.
  public static func files(of name: String, in store: ModelStore) throws(DetectorError) -> (configuration: String, weights: String) {
    let files: [String: String]
    do throws(ModelStoreError) { files = try store.locate(name) } catch { throw .store(error) }
    guard let configuration = files.values.first(where: { $0.hasSuffix(".cfg") }),
      let weights = files.values.first(where: { $0.hasSuffix(".weights") })
    else { throw .notADetector(name) }
    return (configuration, weights)
  }

  /// Runs the network on pictures and notes the ranges of its values.
  public func calibrator(processor: Processor = .default) -> Calibrator { Calibrator(graph, processor: processor) }

  /// Lets `calibrator` see the picture at `path`, as ``detections(inFile:options:needsPixels:)`` shows it to the network.
  public func observe(inFile path: String, options: DetectionOptions, with calibrator: inout Calibrator) throws {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch { throw ImageError(path: path, kind: .file(error)) }
    let picture = try decodeImage(bytes, path: path, options: decoding(options, scaled: true))
    calibrator.observe([try placement(of: picture, options).input(of: picture.image, channels: inputChannels)])
  }

  /// What `percept quantize` writes.
  public func calibrationFile(_ calibration: Calibration, pictures: Int, path: String) -> CalibrationFile {
    CalibrationFile(path: path, model: name, pictures: pictures, graph: graph, calibration: calibration)
  }

  /// How a picture is decoded, at a fraction of its size where the network sees no less, or whole.
  private func decoding(_ options: DetectionOptions, scaled: Bool) -> DecodingOptions {
    var decoding = DecodingOptions()
    decoding.largestPixelCount = options.largestPixelCount
    if scaled { decoding.smallestUsefulSide = 2 * max(inputWidth, inputHeight) }
    return decoding
  }

  private func placement(of picture: LoadedImage, _ options: DetectionOptions) -> PicturePlacement {
    PicturePlacement(
      options.fit, pictureWidth: picture.originalWidth, pictureHeight: picture.originalHeight, inputWidth: inputWidth, inputHeight: inputHeight)
  }

  /// The objects in the picture at `path`, `-` for standard input.
  ///
  /// The network looks at a JPEG that is decoded at a fraction of its size where that shows it no less: the same numbers come out whether or not the picture is
  /// wanted as well.
  ///
  /// - Parameter needsPixels: whether the result should hold the picture at its full size.
  public func detections(inFile path: String, options: DetectionOptions, needsPixels: Bool = true) throws -> PictureDetections {
    let clock = ContinuousClock()
    let start = clock.now
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch { throw ImageError(path: path, kind: .file(error)) }
    let name = path == "-" ? "standard input" : path
    let picture = try decodeImage(bytes, path: name, options: decoding(options, scaled: true))
    var decodeTime = clock.now - start
    var found = try detections(in: picture, options: options)
    if needsPixels, picture.image.width != picture.originalWidth || picture.image.height != picture.originalHeight {
      let again = clock.now
      found.picture = try decodeImage(bytes, path: name, options: decoding(options, scaled: false))
      decodeTime += clock.now - again
    }
    found.decodeMilliseconds = milliseconds(decodeTime)
    found.totalMilliseconds = milliseconds(clock.now - start)
    return found
  }

  /// The objects in a picture.
  public func detections(in picture: LoadedImage, options: DetectionOptions) throws(DetectionError) -> PictureDetections {
    let clock = ContinuousClock()
    let start = clock.now
    let placement = placement(of: picture, options)
    arena.setInput(0, to: try placement.input(of: picture.image, channels: inputChannels))
    let networkStart = clock.now
    arena.run()
    let networkTime = clock.now - networkStart
    var candidates: [Candidate] = []
    for (output, head) in heads {
      let values = arena.output(output)
      switch head {
      case .yolo(let head):
        candidates += try head.candidates(in: values, inputWidth: inputWidth, inputHeight: inputHeight, threshold: options.threshold)
      case .region(let head): candidates += try head.candidates(in: values, threshold: options.threshold)
      case .grid(let head): candidates += try head.candidates(in: values, threshold: options.threshold)
      }
    }
    if let classes = options.classes { candidates.removeAll { !classes.contains($0.classIndex) } }
    // Overlap is measured in pixels of the picture, where boxes have their true proportions.
    for index in candidates.indices { candidates[index].box = placement.pictureBox(candidates[index].box) }
    let detections = options.suppression(candidates).map {
      Detection(label: labels[$0.classIndex], classIndex: $0.classIndex, confidence: $0.confidence, box: $0.box)
    }
    return PictureDetections(
      picture: picture, detections: detections, decodeMilliseconds: 0, networkMilliseconds: milliseconds(networkTime),
      totalMilliseconds: milliseconds(clock.now - start))
  }

  private static func head(_ head: DarknetHead, file: String) throws(DetectionError) -> Head {
    func anchors(_ anchors: [DarknetAnchor]) -> [Anchor] { anchors.map { Anchor(width: $0.width, height: $0.height) } }
    switch head {
    case .yolo(let head):
      return .yolo(YoloHead(anchors: anchors(head.anchors), classes: head.classes, scale: head.scaleXY, newCoordinates: head.newCoordinates))
    case .region(let head):
      guard head.coordinates == 4, !head.background else {
        throw .malformed(file: file, problem: "a [region] with coords other than 4, or with background, is not a plain detector and not supported")
      }
      var probabilities = head.softmax ? RegionHead.Probabilities.softmax : .sigmoid
      if let tree = head.tree { probabilities = .tree(try ClassTree(parents: tree.parents, file: file), threshold: 0.5) }
      return .region(RegionHead(anchors: anchors(head.anchors), classes: head.classes, probabilities: probabilities))
    case .detection(let head):
      guard head.coordinates == 4 else { throw .malformed(file: file, problem: "a [detection] with coords other than 4 is not supported") }
      return .grid(GridHead(side: head.side, boxes: head.boxes, classes: head.classes, squareRoots: head.squareRoot, softmax: head.softmax))
    }
  }
}

/// The last part of a path.
private func lastComponent(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

private func milliseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
}
