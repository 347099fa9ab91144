import ArgumentParser
import Detection
import Files
import Media

/// The files that `detect` writes beside what it prints.
struct DetectionOutputs {
  private var annotated: AnnotatedPictures?
  private let crops, labels, coco: String?
  private var results: [CocoResult] = []
  private let identifiers: [Int]
  private let categories: [Int]
  private var stems = UniqueStems()

  /// - Parameters:
  ///   - annotated: where annotated pictures go, nil for none.
  ///   - crops: a folder for a picture of each object, `labels` one for YOLO label files, `coco` a COCO results file; nil for none.
  ///   - paths: all pictures, which fixes the identifiers of the results file.
  init(annotated: AnnotatedPictures?, crops: String?, labels: String?, coco: String?, paths: [String], modelLabels: [String]) throws(OutputError) {
    self.annotated = annotated
    self.crops = crops
    self.labels = labels
    self.coco = coco
    identifiers = pictureIdentifiers(paths)
    let isCoco = modelLabels.map(CocoLabels.officialName) == CocoLabels.names.map(CocoLabels.officialName)
    categories = isCoco ? CocoLabels.categoryIdentifiers : Array(1..<modelLabels.count + 1)
    do throws(FileError) {
      for folder in [annotated?.folder, crops, labels] { if let folder { try createFolder(folder) } }
    } catch { throw OutputError(error) }
  }

  /// Whether pictures are needed at their full size.
  var needsPixels: Bool { annotated != nil || crops != nil }

  /// Writes what is wanted for one picture; returns the path of its annotated copy, if there is one.
  ///
  /// - Parameter picture: its place in the command.
  mutating func write(_ found: PictureDetections, picture: Int, path: String) throws(OutputError) -> String? {
    let stem = stems.next(stem(of: path))
    if let crops { try writeCrops(found, stem: stem, folder: crops) }
    if let labels {
      do throws(FileError) { try writeFile("\(labels)/\(stem).txt", yoloLabels(found)) } catch { throw OutputError(error) }
    }
    if coco != nil {
      results += found.detections.map {
        CocoResult(
          pictureIdentifier: identifiers[picture], categoryIdentifier: categories[$0.classIndex], box: $0.box, score: Double($0.confidence))
      }
    }
    guard let annotated else { return nil }
    let target = annotated.path(stem: stem)
    let original = (found.picture.originalWidth, found.picture.originalHeight)
    do throws(ImageError) {
      try saveImage(found.picture.image.annotated(with: found.detections, from: original), to: target)
    } catch { throw OutputError(ImageError(path: target, kind: error.kind)) }
    return target
  }

  /// Writes what belongs to all pictures together.
  func finish() throws(OutputError) {
    guard let coco else { return }
    do throws(FileError) { try writeFile(coco, CocoResults(results).json) } catch { throw OutputError(error) }
  }

  private func writeCrops(_ found: PictureDetections, stem: String, folder: String) throws(OutputError) {
    for (index, detection) in found.detections.enumerated() {
      let image = found.picture.image
      let box = detection.box.clipped(toWidth: Double(image.width), height: Double(image.height))
      let x = Int(box.x.rounded(.down)), y = Int(box.y.rounded(.down))
      let right = min(image.width, Int(box.right.rounded(.up))), bottom = min(image.height, Int(box.bottom.rounded(.up)))
      guard let crop = image.cropped(x: x, y: y, width: right - x, height: bottom - y) else { continue }  // wholly outside the picture
      let label = String(detection.label.map { $0 == " " || $0 == "/" ? "-" : $0 })
      do throws(ImageError) { try saveImage(crop, to: "\(folder)/\(stem)-\(index + 1)-\(label).png") } catch { throw OutputError(error) }
    }
  }
}

/// Where annotated pictures go.
struct AnnotatedPictures {
  /// What is put behind a picture's name: `detected` in `dog-detected.png`.
  private let suffix: String
  /// The folder, nil for the working folder or a single file.
  let folder: String?
  private let file: String?

  init(output: String?, count: Int, suffix: String = "detected") {
    self.suffix = suffix
    guard let output else { (folder, file) = (nil, nil); return }
    if count == 1 && !Self.namesFolder(output) { (folder, file) = (nil, output) } else { (folder, file) = (output, nil) }
  }

  /// - Parameters:
  ///   - option: that names `output`, for the message.
  ///   - count: of pictures.
  /// - Throws: `ValidationError` where one picture's file has no suffix of a picture, or several pictures would go into one file.
  static func check(_ option: String, _ output: String?, count: Int) throws {
    guard let output else { return }
    if count == 1, !namesFolder(output), PictureFormat(suffixOf: output) == nil {
      throw ValidationError("\(option) \(output): the name must end in .png, .jpg or .jpeg, or in / for a folder.")
    }
    if count > 1, PictureFormat(suffixOf: output) != nil, !isFolder(output) {
      throw ValidationError("\(option) \(output) is one file, found \(count) pictures: name a folder.")
    }
  }

  /// Whether `-o` names a folder: one that exists, or a name that ends in a slash.
  static func namesFolder(_ output: String) -> Bool { output.hasSuffix("/") || isFolder(output) }

  func path(stem: String) -> String {
    if let file { return file }
    guard let folder else { return "\(stem)-\(suffix).png" }
    return folder.hasSuffix("/") ? "\(folder)\(stem)-\(suffix).png" : "\(folder)/\(stem)-\(suffix).png"
  }
}

/// The lines `class x y width height` of a YOLO label file: the box's centre and size relative to the picture, clipped to it.
func yoloLabels(_ found: PictureDetections) -> String {
  let width = Double(found.picture.originalWidth), height = Double(found.picture.originalHeight)
  return found.detections.map { detection in
    let box = detection.box.clipped(toWidth: width, height: height)
    let numbers = [box.centerX / width, box.centerY / height, box.width / width, box.height / height].map { decimal($0, digits: 6) }
    return "\(detection.classIndex) \(numbers.joined(separator: " "))\n"
  }.joined()
}

/// The name of a file without folders and suffix; `stdin` for standard input.
func stem(of path: String) -> String {
  guard path != "-" else { return "stdin" }
  let name = path.split(separator: "/").last.map(String.init) ?? path
  guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
  return String(name[..<dot])
}

/// Names for outputs: the second picture called `dog` becomes `dog-2`, so that it does not replace the first.
struct UniqueStems {
  private var used: Set<String> = []

  mutating func next(_ stem: String) -> String {
    var candidate = stem, number = 1
    while !used.insert(candidate).inserted {
      number += 1
      candidate = "\(stem)-\(number)"
    }
    return candidate
  }
}

/// The identifiers of pictures in a COCO results file: the number that each file's name ends in, as in COCO's own file names, if all have one and no two the same;
/// else 1, 2, 3 in the order of the command.
func pictureIdentifiers(_ paths: [String]) -> [Int] {
  let numbers = paths.map { path in Int(String(stem(of: path).reversed().prefix { $0.isASCII && $0.isNumber }.reversed())) }
  let known = numbers.compactMap { $0 }
  return known.count == paths.count && Set(known).count == paths.count ? known : Array(1..<paths.count + 1)
}
