/// COCO's twelve numbers, each between 0 and 1, or −1 where there is nothing to measure.
public struct CocoMetrics: Sendable, Hashable {
  /// Average precision, the mean over classes and the thresholds 0.50, 0.55 … 0.95 of intersection over union.
  public var ap = -1.0
  /// At the threshold 0.50.
  public var ap50 = -1.0
  /// At the threshold 0.75.
  public var ap75 = -1.0
  /// Of objects of an area up to 32² pixels.
  public var apSmall = -1.0
  /// From 32² to 96² pixels.
  public var apMedium = -1.0
  /// From 96² pixels.
  public var apLarge = -1.0
  /// Average recall with at most one object a picture and class.
  public var ar1 = -1.0
  public var ar10 = -1.0
  public var ar100 = -1.0
  public var arSmall = -1.0
  public var arMedium = -1.0
  public var arLarge = -1.0

  public init() {}

  /// The numbers under their names in JSON documents, in pycocotools' order.
  public var named: [(name: String, value: Double)] {
    [
      ("ap", ap), ("ap50", ap50), ("ap75", ap75), ("ap_small", apSmall), ("ap_medium", apMedium), ("ap_large", apLarge), ("ar1", ar1),
      ("ar10", ar10), ("ar100", ar100), ("ar_small", arSmall), ("ar_medium", arMedium), ("ar_large", arLarge),
    ]
  }
}

/// Precision at the recalls 0, 0.01 … 1, interpolated: the highest precision at that recall or above, 0 where it is not reached.
public struct PrecisionRecallCurve: Sendable, Hashable {
  /// 0, 0.01 … 1
  public static let recalls: [Double] = (0...100).map { place in place == 100 ? 1 : Double(place) * 0.01 }

  /// One for each of ``recalls``.
  public var precisions: [Double]

  public init(precisions: [Double]) { self.precisions = precisions }

  /// The area under the curve: the mean of the 101 precisions.
  public var averagePrecision: Double { precisions.reduce(0, +) / Double(precisions.count) }
}

/// How well results agree with annotations: COCO's metrics for boxes, equal to pycocotools' `COCOeval`.
///
/// For each class, area and threshold of intersection over union, the results of all pictures are walked from the most certain down (of equal scores in the order
/// of picture identifiers, then of the file), with `recall = right / annotations` and `precision = right / (right + wrong)`.
/// `AP` is the mean of the interpolated precisions at 101 recalls; `AR` the recall at the end.
///
/// Lin et al., "Microsoft COCO: Common Objects in Context", 2014, and the "Detection evaluation" page of the data set.
public struct CocoEvaluation: Sendable {
  public struct Class: Sendable, Hashable {
    public var category: CocoDataset.Category
    /// −1 where the data set has no object of this class.
    public var ap: Double
    /// At the threshold 0.50.
    public var ap50: Double
    /// At the threshold 0.50, nil where there is nothing to measure.
    public var curve50: PrecisionRecallCurve?
    /// At the threshold 0.75.
    public var curve75: PrecisionRecallCurve?
  }

  public let metrics: CocoMetrics
  /// One for each category, by identifier.
  public let classes: [Class]
  /// The mean over the classes that have objects, at the threshold 0.50; nil when none has.
  public let curve50: PrecisionRecallCurve?
  /// At the threshold 0.75.
  public let curve75: PrecisionRecallCurve?

  /// - Parameter file: The results' file, named in errors.
  /// - Throws: ``DetectionError/malformed(file:problem:)`` when a result is of a picture that the data set does not list.
  ///   Results of categories that it does not list are not counted.
  public init(_ results: CocoResults, against dataset: CocoDataset, file: String) throws(DetectionError) {
    let cells = try CocoCells(results, dataset, file: file)
    let categories = dataset.categories.sorted { $0.identifier < $1.identifier }
    let scores = categories.map { CocoClassScores(cells.matching(category: $0.identifier)) }

    func mean(_ values: [Double?]) -> Double { CocoClassScores.mean(values) ?? -1 }
    func precision(_ area: CocoArea) -> Double { mean(scores.map { $0.averagePrecision(area) }) }
    func precision(at threshold: Int) -> Double { mean(scores.map { $0.curves[.all]?[threshold].averagePrecision }) }
    func recall(_ area: CocoArea, _ maximum: Int) -> Double { mean(scores.map { $0.recall(area, maximum: maximum) }) }
    var metrics = CocoMetrics()
    metrics.ap = precision(.all)
    metrics.ap50 = precision(at: 0)
    metrics.ap75 = precision(at: 5)
    metrics.apSmall = precision(.small)
    metrics.apMedium = precision(.medium)
    metrics.apLarge = precision(.large)
    metrics.ar1 = recall(.all, 1)
    metrics.ar10 = recall(.all, 10)
    metrics.ar100 = recall(.all, cocoMaximum)
    metrics.arSmall = recall(.small, cocoMaximum)
    metrics.arMedium = recall(.medium, cocoMaximum)
    metrics.arLarge = recall(.large, cocoMaximum)
    self.metrics = metrics

    classes = zip(categories, scores).map { category, scores in
      let curves = scores.curves[.all]
      return Class(
        category: category, ap: scores.averagePrecision(.all) ?? -1, ap50: curves?[0].averagePrecision ?? -1, curve50: curves?[0],
        curve75: curves?[5])
    }
    curve50 = CocoEvaluation.mean(classes.compactMap(\.curve50))
    curve75 = CocoEvaluation.mean(classes.compactMap(\.curve75))
  }

  private static func mean(_ curves: [PrecisionRecallCurve]) -> PrecisionRecallCurve? {
    guard !curves.isEmpty else { return nil }
    return PrecisionRecallCurve(
      precisions: PrecisionRecallCurve.recalls.indices.map { place in
        curves.reduce(0) { $0 + $1.precisions[place] } / Double(curves.count)
      })
  }
}
