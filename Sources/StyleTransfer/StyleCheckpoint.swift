import Learning
import Media
import ModelFormats
import Tensors

extension Stylization {
  private static let schema = "percept.stylize.checkpoint/1"

  /// Writes all that it takes to go on as if the run had never stopped, as safetensors: see docs/apps/stylize.md.
  ///
  /// - Throws: ``StyleError`` when the file cannot be written.
  public func writeCheckpoint(to path: String) throws(StyleError) {
    var tensors = NamedTensors()
    tensors["pixels"] = pixels
    tensors["beginning"] = start
    for (name, tensor) in optimizerState { tensors["optimizer.\(name)"] = tensor }
    let rows = history.map { losses in
      (losses.contentLayers.map(\.loss) + losses.styleLayers.map(\.loss) + [losses.variation, losses.total]).map { Float($0) }
    }
    tensors["history"] = Tensor([rows.count, rows.first?.count ?? 0], rows.flatMap { $0 })
    let texts = [
      "schema": Self.schema, "settings": settings.identity, "pictures": String(fingerprint, radix: 16), "scale": "\(scale)", "iteration": "\(iteration)",
      "attempts": "\(attemptCount)",
    ]
    do throws(SafetensorsError) { try SafetensorsFile.write(tensors, metadata: texts, to: path) } catch {
      throw .checkpoint(file: path, problem: "\(error)")
    }
  }

  /// Goes on where the run that wrote a checkpoint stopped: the same pictures and settings give the same bytes as one that never did.
  ///
  /// - Throws: ``StyleError/checkpoint(file:problem:)`` when it is another run's, or damaged; this run is then of no more use.
  public func resume(from path: String) throws(StyleError) {
    let file: SafetensorsFile
    do throws(SafetensorsError) { file = try SafetensorsFile(path) } catch { throw .checkpoint(file: path, problem: "\(error)") }
    func problem(_ text: String) -> StyleError { .checkpoint(file: path, problem: text) }
    guard file.metadata["schema"] == Self.schema else { throw problem("found no checkpoint of stylize") }
    guard let written = file.metadata["settings"], written == settings.identity else {
      throw problem("it was written with “\(file.metadata["settings"] ?? "no settings")”, found “\(settings.identity)”")
    }
    guard file.metadata["pictures"] == String(fingerprint, radix: 16) else { throw problem("it was written for other pictures") }
    func count(_ name: String, below limit: Int) throws(StyleError) -> Int {
      guard let value = file.metadata[name].flatMap({ Int($0) }), (0..<limit).contains(value) else {
        throw problem("\(name) is \(file.metadata[name] ?? "missing"), expected a number below \(limit)")
      }
      return value
    }
    let scale = try count("scale", below: settings.sides.count + 1), iteration = try count("iteration", below: 1 << 32)
    guard scale < settings.sides.count else { throw problem("that run has ended") }
    let attempts = try count("attempts", below: Self.attemptLimit + 1)
    guard attempts > 0 else { throw problem("attempts is 0, expected 1 or more") }
    let tensors = file.tensors
    guard let pixels = tensors["pixels"], let beginning = tensors["beginning"], let rows = tensors["history"] else { throw problem("it lacks its pixels") }
    let optimizer = Dictionary(
      tensors.dropping(prefix: "optimizer.").map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let history = try losses(rows, path)
    if let error = try resume(
      scale: scale, iteration: iteration, attempts: attempts, history: history, pixels: pixels, beginning: beginning, optimizer: optimizer)
    {
      throw problem("\(error)")
    }
  }

  private func losses(_ rows: Tensor, _ path: String) throws(StyleError) -> [StyleLosses] {
    let contents = settings.contentLayers, styles = settings.styleLayers, width = contents.count + styles.count + 2
    guard rows.shape.rank == 2, rows.shape[0] == 0 || rows.shape[1] == width else {
      throw .checkpoint(file: path, problem: "its history is \(rows.shape), expected \(width) losses a step")
    }
    let values = rows.elements.map(Double.init)
    return (0..<rows.shape[0]).map { row in
      func value(_ place: Int) -> Double { values[row * width + place] }
      return StyleLosses(
        contentLayers: contents.enumerated().map { .init(name: $0.element, loss: value($0.offset)) },
        styleLayers: styles.enumerated().map { .init(name: $0.element, loss: value(contents.count + $0.offset)) },
        variation: value(width - 2), total: value(width - 1))
    }
  }
}

extension StyleSettings {
  /// All that the pixels depend on, but for how many steps there are, in words.
  fileprivate var identity: String {
    let weights = "weights \(contentWeight) \(styleWeight) \(variationWeight), blend \(blend)"
    let way = "\(method.rawValue) at \(learningRate.map { "\($0)" } ?? "its usual rate"), from \(start.rawValue), seed \(seed)"
    let layers = "\(contentLayers.joined(separator: " ")) / \(styleLayers.joined(separator: " ")), pooling \(pooling.rawValue)"
    return "size \(size), \(scales) scales, style scale \(styleScale), \(weights), \(way), \(layers), colors \(colors.rawValue)"
      + (memoryLimit.map { ", \($0) bytes" } ?? "")
  }
}

/// FNV-1a over the sizes and bytes of pictures.
func fingerprint(of pictures: [Image]) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  for picture in pictures {
    for size in [picture.width, picture.height] { for shift in stride(from: 0, to: 32, by: 8) { add(UInt8(truncatingIfNeeded: size >> shift)) } }
    let pixels = picture.pixels.span
    for index in pixels.indices { add(pixels[index]) }
  }
  return hash
}
