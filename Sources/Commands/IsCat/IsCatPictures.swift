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
    try AnnotatedPictures.check("--explain", explain, count: pictures.count)
  }

  func run() throws {
    let classifier: any CatModel, explanations: AnnotatedPictures?
    do {
      classifier = try network.load(on: common.processor)
      guard explain == nil || classifier.hasMaps else {
        throw ValidationError("--explain: this network cannot tell where it looked; train a cnn, resnet18, transfer or finetune network.")
      }
      explanations = explain.map { AnnotatedPictures(output: $0, count: pictures.count, suffix: "explained") }
      if let folder = explanations?.folder { try createFolder(folder) }
    } catch {
      if error is ValidationError { throw error }
      printError("iscat: \(error)")
      throw ExitStatus(error).exitCode
    }
    var report = CatReport(format: json ? .json : jsonl ? .jsonLines : .table, threshold: threshold ?? classifier.threshold, showsBreeds: breed)
    let bar = ProgressBar(label: "iscat", total: pictures.count, isQuiet: common.quiet || pictures.count < 2)
    var options = DecodingOptions()
    options.largestPixelCount = maxPixels
    var status = ExitStatus.done, stems = UniqueStems()
    for (index, path) in pictures.enumerated() {
      do {
        let picture = try loadImage(path, options: options).image, answer = classifier.answer(picture)
        bar.clear()
        if !report.add(answer, path: path), status == .done { status = .no }
        if let explanations, let map = answer.map {
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
}
