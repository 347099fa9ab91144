import ArgumentParser
import Cats
import Files
import Media

/// `iscat PICTURE…`: yes or no, and where the network looked.
struct IsCatPictures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pictures", abstract: "Tell whether pictures show a cat (the default).", usage: "iscat [options] <picture> …",
    discussion: """
      EXAMPLES
        iscat photo.jpg                             yes or no, and the probability
        iscat photo.jpg --breed
        iscat photo.jpg --explain looked.png        where the network looked
        iscat *.jpg --jsonl
        iscat photo.jpg --model cats.safetensors    a network that `iscat train` made
        if iscat photo.jpg > /dev/null; then …

      The network is EfficientNet-lite0 of `percept models`. It sees a long picture in several squares; the likeliest decides.
      `iscat train --help` and `iscat evaluate --help` tell of networks of your own.
      Exit code: 0 yes, 1 no (with several pictures: at least one no), 64 wrong usage, 65 a picture could not be read (the others are done), 69 the network is not
      installed.
      """)

  @Argument(help: ArgumentHelp("PNG or JPEG files, or - for standard input.", valueName: "picture"), completion: .file())
  var pictures: [String]

  @Option(help: ArgumentHelp("The probability from which on the answer is yes (default: 0.02, of a network of your own 0.5).", valueName: "0…1"))
  var threshold: Float?

  @Flag(help: "Print the likely breeds, too.") var breed = false

  @Option(help: ArgumentHelp("Write the picture with what spoke for a cat in colours; a folder for several.", valueName: "file|folder"), completion: .file())
  var explain: String?

  @Flag(help: "Print one JSON document, schema percept.iscat/1.") var json = false
  @Flag(help: "Print a line of JSON for each picture as it is done.") var jsonl = false

  @OptionGroup var network: CatModelOptions

  @Option(help: ArgumentHelp("The most pixels that a picture may have.", valueName: "n"))
  var maxPixels = DecodingOptions().largestPixelCount

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold takes a number from 0 to 1, found \(threshold).") }
    guard maxPixels > 0 else { throw ValidationError("--max-pixels takes a whole number above 0, found \(maxPixels).") }
    guard !json || !jsonl else { throw ValidationError("--json and --jsonl exclude each other.") }
    guard pictures.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("Standard input can be read only once: name - once.") }
    if let explain, pictures.count == 1, !AnnotatedPictures.namesFolder(explain), PictureFormat(suffixOf: explain) == nil {
      throw ValidationError("--explain \(explain): the name must end in .png, .jpg or .jpeg, or in / for a folder.")
    }
    if let explain, pictures.count > 1, PictureFormat(suffixOf: explain) != nil, !isFolder(explain) {
      throw ValidationError("--explain \(explain) is one file, found \(pictures.count) pictures: name a folder.")
    }
  }

  func run() throws {
    let classifier: any CatModel, explanations: AnnotatedPictures?
    do {
      classifier = try network.load(on: common.processor)
      explanations = explain.map { AnnotatedPictures(output: $0, count: pictures.count, suffix: "explained") }
      if let folder = explanations?.folder { try createFolder(folder) }
    } catch {
      printError("iscat: \(error)")
      throw ExitStatus(error).exitCode
    }
    var report = CatReport(format: json ? .json : jsonl ? .jsonLines : .table, threshold: threshold ?? classifier.threshold, showsBreeds: breed)
    let bar = ProgressBar(label: "iscat", total: pictures.count, isQuiet: common.quiet || pictures.count < 2)
    var status = ExitStatus.done, stems = UniqueStems()
    for (index, path) in pictures.enumerated() {
      do {
        let picture = try picture(path), answer = classifier.answer(picture)
        bar.clear()
        if !report.add(answer, path: path), status == .done { status = .no }
        if let explanations {
          guard let map = answer.map else { throw NoMapError(path: network.model ?? "the network") }
          let written = explanations.path(stem: stems.next(stem(of: path)))
          do {
            try saveImage(explanation(of: map, on: picture), to: written)
            if !json, !jsonl, !common.quiet { printError("wrote \(written)") }
          } catch {
            printError("iscat: \(error)")
            if status != .unreadableInput { status = .internalError }
          }
        }
      } catch {
        status = .unreadableInput
        bar.clear()
        printError("iscat: \(error)")
        report.addFailure(path: path, message: "\(error)")
      }
      bar.advance(to: index + 1)
    }
    bar.finish()
    report.finish()
    if status != .done { throw status.exitCode }
  }

  private func picture(_ path: String) throws -> Image {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch { throw ImageError(path: path, kind: .file(error)) }
    var options = DecodingOptions()
    options.largestPixelCount = maxPixels
    return try decodeImage(bytes, path: path == "-" ? "standard input" : path, options: options).image
  }
}

/// A network of another kind than those that average maps at their end.
private struct NoMapError: Error, CustomStringConvertible {
  let path: String
  var description: String { "\(path): this network cannot tell where it looked; leave --explain out, or train a cnn, resnet18, transfer or finetune network" }
}
