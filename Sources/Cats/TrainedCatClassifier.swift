public import Kernels
public import Media
public import Training

/// A classifier that `iscat train` made: the probability of its class of cats.
public final class TrainedCatClassifier: CatModel {
  public let threshold: Float = 0.5
  public var hasMaps: Bool { predictor.classifier.network.hasMaps }
  private let predictor: PicturePredictor
  private let cat: Int

  /// - Throws: ``CatClassError`` when none of its classes is called cat.
  public init(_ classifier: PictureClassifier, source: String, processor: Processor = .default) throws(CatClassError) {
    cat = try catClass(of: classifier.classes, source: source)
    predictor = PicturePredictor(classifier, processor: processor)
  }

  public func answer(_ image: Image) -> CatAnswer {
    let (probabilities, map) = predictor.answer(image, mapOf: cat)
    return CatAnswer(probability: probabilities[cat], breeds: [], map: map)
  }
}

/// The class that holds the cats: the one called `name`, or “cat” or “cats” in small or capital letters.
///
/// - Throws: ``CatClassError`` when there is none.
public func catClass(of classes: [String], called name: String? = nil, source: String) throws(CatClassError) -> Int {
  let found = classes.firstIndex { name == nil ? ["cat", "cats"].contains($0.lowercased()) : $0 == name }
  guard let found else { throw CatClassError(source: source, classes: classes, wanted: name) }
  return found
}

/// Among the classes of a set of pictures, or of a classifier, is none of cats.
public struct CatClassError: Error, CustomStringConvertible {
  public let source: String
  public let classes: [String]
  public let wanted: String?

  public var description: String {
    let found = classes.count > 12 ? "\(classes.prefix(12).joined(separator: ", ")), … (\(classes.count))" : classes.joined(separator: ", ")
    return "\(source): found the classes \(found), expected one called \(wanted ?? "cat"); name the class of cats with --cat"
  }
}
