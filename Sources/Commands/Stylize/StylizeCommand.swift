import ArgumentParser
import CMemory
import Files
import Media
import ModelStore
import StyleTransfer

/// `stylize`: a picture in another's manner.
public struct StylizeCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "stylize", abstract: "Draw a picture in the manner of another.", usage: "stylize [options] <content> <style> …",
    discussion: """
      Writes <content>-<style>.png: the content picture with the colours, strokes and textures of the style picture. A folder as content is a film: each of its
      pictures is stylised.

      EXAMPLES
        stylize photo.jpg monet.jpg                        half a minute at 512 pixels on two cores
        stylize photo.jpg monet.jpg -o result.jpg --size 1024
        stylize photo.jpg monet.jpg --style-weight 20      more of the style
        stylize photo.jpg monet.jpg --preserve-color luminance
        stylize photo.jpg monet.jpg scream.jpg --blend 2,1
        stylize photo.jpg monet.jpg scream.jpg --mask sky.png --mask house.png
        stylize photo.jpg monet.jpg --save-every 10 --animation film.png --plot losses.png
        stylize photo.jpg monet.jpg --checkpoint run.safetensors    stop with Ctrl-C, then
        stylize photo.jpg monet.jpg --resume run.safetensors
        stylize frames/ monet.jpg --temporal -o stylised/

      The network is vgg16-hed of `percept models`.
      Exit code: 0 done, 64 wrong usage, 65 a picture could not be read, 69 the network is not installed, 70 a file could not be written or the picture went
      astray, 130 interrupted: the picture so far and a checkpoint are written.
      """, version: versionLine)

  @Argument(help: ArgumentHelp("A PNG or JPEG picture or a folder of them, or - for standard input; then one style picture or several.", valueName: "picture"), completion: .file())
  var pictures: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The result (default: <content>-<style>.png); of a film, a folder.", valueName: "file|folder"), completion: .file())
  var output: String?

  @OptionGroup(title: "Style options") var style: StylizeOptions

  @Option(help: ArgumentHelp("Where a style goes: a picture that is white there; once, or once for each style.", valueName: "picture"), completion: .file())
  var mask: [String] = []

  @Option(help: ArgumentHelp("Write the picture so far every so many steps, numbered.", valueName: "n")) var saveEvery: Int?
  @Option(help: ArgumentHelp("Write how the picture came about as an animated PNG.", valueName: "x.png"), completion: .file(extensions: ["png"])) var animation: String?
  @Option(help: ArgumentHelp("Write a plot of the losses.", valueName: "picture"), completion: .file()) var plot: String?
  @Option(help: ArgumentHelp("Keep the state of the run in this file.", valueName: "x.safetensors"), completion: .file(extensions: ["safetensors"])) var checkpoint: String?
  @Option(help: ArgumentHelp("Go on where the run that wrote this file stopped.", valueName: "x.safetensors"), completion: .file(extensions: ["safetensors"])) var resume: String?
  @Flag(help: "Begin each picture of a film with the result of the one before.") var temporal = false

  @Flag(help: "Print one JSON document, schema percept.stylize/1.") var json = false
  @Flag(help: "Print a line of JSON for each picture as it is done.") var jsonl = false

  @Option(help: ArgumentHelp("The most pixels that a picture may have.", valueName: "n")) var maxPixels = DecodingOptions().largestPixelCount

  @OptionGroup var common: CommonOptions

  public init() {}

  var styles: [String] { Array(pictures.dropFirst()) }
  var isFilm: Bool { pictures.first.map { isFolder($0) } ?? false }

  public func validate() throws {
    guard pictures.count >= 2 else { throw ValidationError("Name a content picture and at least one style picture, found \(pictures.count).") }
    guard pictures.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("Standard input can be read only once: name - once.") }
    guard maxPixels > 0 else { throw ValidationError("--max-pixels takes a whole number above 0, found \(maxPixels).") }
    guard !json || !jsonl else { throw ValidationError("--json and --jsonl exclude each other.") }
    if let saveEvery, saveEvery < 1 { throw ValidationError("--save-every takes a whole number above 0, found \(saveEvery).") }
    guard mask.isEmpty || mask.count == 1 || mask.count == styles.count else {
      throw ValidationError("--mask is given once, or once for each style: found \(mask.count) masks for \(styles.count) styles.")
    }
    if let weights = try style.blended() {
      guard weights.count == styles.count else { throw ValidationError("--blend takes a number for each style: found \(weights.count) for \(styles.count) styles.") }
      guard mask.count < 2 else { throw ValidationError("--blend and a mask for each style exclude each other: the masks say where each goes.") }
    }
    for (name, path) in [("--output", isFilm ? nil : output.flatMap { isFolder($0) ? nil : $0 }), ("--plot", plot)] {
      if let path, path != "-", PictureFormat(suffixOf: path) == nil { throw ValidationError("\(name) \(path): the name must end in .png, .jpg or .jpeg.") }
    }
    if let animation, PictureFormat(suffixOf: animation) != .png { throw ValidationError("--animation \(animation): the name must end in .png.") }
    if isFilm {
      for (name, isGiven) in [("--checkpoint", checkpoint != nil), ("--resume", resume != nil), ("--animation", animation != nil), ("--plot", plot != nil), ("--save-every", saveEvery != nil)] where isGiven {
        throw ValidationError("\(name) is for one picture, found the folder \(pictures[0]).")
      }
    } else if temporal {
      throw ValidationError("--temporal is for a folder of pictures, found \(pictures[0]).")
    }
  }

  public func run() throws {
    let settings = try style.settings()
    Interruption.watch()
    // Blocks as large as a picture go back to the system at once: kept by the C library, they left holes that grew to 300 MB in 150 steps.
    percept_return_large_blocks()
    do {
      var network = try style.model.map { try PerceptualNetwork(weights: $0, convention: style.modelInput) } ?? PerceptualNetwork(in: ModelStore())
      network.features.truncate(to: settings.contentLayers + settings.styleLayers)
      let side = Double(settings.size) * max(1, settings.styleScale), masks = try mask.map { try picture($0, side: nil) }
      let job = StylizeJob(command: self, settings: settings, network: network, styles: try styles.map { try picture($0, side: side) }, masks: masks)
      let status = isFilm ? try job.runFilm() : try job.runPicture()
      if status != .done { throw status.exitCode }
    } catch {
      if error is ExitCode || error is ValidationError { throw error }
      printError("stylize: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  /// - Parameter side: how long the longer side need be, nil for the whole.
  func picture(_ path: String, side: Double?, keepsAlpha: Bool = false) throws -> Image {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch { throw ImageError(path: path, kind: .file(error)) }
    let name = path == "-" ? "standard input" : path
    var options = DecodingOptions()
    options.largestPixelCount = maxPixels
    options.keepsAlpha = keepsAlpha
    if let side, let header = try? readHeader(of: bytes, path: name) {
      // The shorter side in proportion.
      options.smallestUsefulSide = Int((side * Double(min(header.width, header.height)) / Double(max(header.width, header.height))).rounded(.up))
    }
    return try decodeImage(bytes, path: name, options: options).image
  }
}
