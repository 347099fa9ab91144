public import Files
public import Media
public import ModelStore

/// Why a picture cannot be stylised.
public enum StyleError: Error, CustomStringConvertible {
  case store(ModelStoreError)
  /// The registered model has no file of weights.
  case noWeights
  case file(FileError)
  case picture(ImageError)
  /// A file of weights that cannot be read; the text names it.
  case weights(String)
  /// The file holds no VGG.
  case otherNetwork(file: String, found: String)
  /// There is no such layer, or it is not in the network's file.
  case noLayer(name: String, known: [String])
  /// A mask that is black everywhere, by its place among the masks.
  case emptyMask(Int)
  /// The losses or the picture went astray however small the steps were.
  case diverged(what: String, iteration: Int, size: Int, attempts: Int)
  /// Not even the smallest tiles fit.
  case memory(needed: Int, limit: Int)
  /// A checkpoint that belongs to another run, or is damaged.
  case checkpoint(file: String, problem: String)

  public var description: String {
    switch self {
    case .store(let error): error.description
    case .noWeights: "\(PerceptualNetwork.model): the model has no file of weights; `percept models pull \(PerceptualNetwork.model)` installs it anew"
    case .file(let error): error.description
    case .picture(let error): error.description
    case .weights(let text): text
    case .otherNetwork(let file, let found):
      "\(file): found \(found), expected the convolutions of VGG-16 or VGG-19; name a file that has them: see docs/apps/stylize.md"
    case .noLayer(let name, let known): "the network has no layer \(name); it has \(known.joined(separator: ", "))"
    case .emptyMask(let place): "mask \(place + 1) is black everywhere, so that nothing would be stylised; paint white what should be"
    case .diverged(let what, let iteration, let size, let attempts):
      "\(what) in iteration \(iteration) at \(size) pixels, even with steps of 1/\(1 << (2 * (attempts - 1))) of their size; "
        + "lower --style-weight or --learning-rate, or begin with --init content"
    case .memory(let needed, let limit):
      "at least \(needed >> 20) MB are needed, found a limit of \(limit >> 20) MB; raise --max-memory, or lower --size"
    case .checkpoint(let file, let problem): "\(file): \(problem); resume with the pictures and options of the run that wrote it, or start anew"
    }
  }
}
