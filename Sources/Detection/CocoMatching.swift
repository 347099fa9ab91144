/// The sizes of objects that COCO tells apart, by area in pixels.
enum CocoArea: Int, CaseIterable {
  case all, small, medium, large

  var range: ClosedRange<Double> {
    switch self {
    case .all: 0...1e10
    case .small: 0...1024
    case .medium: 1024...9216
    case .large: 9216...1e10
    }
  }
}

/// The ten thresholds of intersection over union, 0.5, 0.55 … 0.95, with the rounding of NumPy's `linspace`.
let cocoThresholds: [Double] = {
  let step = (0.95 - 0.5) / 9
  return (0..<10).map { place in place == 9 ? 0.95 : 0.5 + Double(place) * step }
}()

/// The most objects a picture that are counted.
let cocoMaximum = 100

/// How the results of one category fared in all pictures, for each area and each threshold.
///
/// The rules are those of pycocotools' `COCOeval.evaluateImg`: results take, from the most certain down, the free annotation that they overlap most. Annotations
/// of another size and crowds are there to be ignored: a result that finds no counted annotation may take one of them and then counts neither as right nor as
/// wrong; a crowd may be taken many times. A result without an annotation is ignored too when its own size is another.
struct CocoMatching {
  /// How one result fared: a bit for each area and threshold (``bit(_:_:)``). What is neither right nor ignored is wrong.
  struct Outcome {
    var right: UInt64 = 0
    var ignored: UInt64 = 0
  }

  /// Of the results, picture by picture.
  private(set) var scores: [Double] = []
  /// The place of each result in its picture, the most certain first.
  private(set) var ranks: [Int] = []
  private(set) var outcomes: [Outcome] = []
  /// How many annotations count, by area.
  private(set) var positives = [Int](repeating: 0, count: CocoArea.allCases.count)

  static func bit(_ area: CocoArea, _ threshold: Int) -> UInt64 { 1 << UInt64(area.rawValue * cocoThresholds.count + threshold) }

  /// The bits of all thresholds.
  private static func bits(_ area: CocoArea) -> UInt64 { (bit(area, 0) << UInt64(cocoThresholds.count)) - bit(area, 0) }

  /// Counts one picture's annotations and results.
  mutating func add(annotations: [CocoDataset.Annotation], results: [CocoResult]) {
    let order = results.indices.sorted { (results[$0].score, $1) > (results[$1].score, $0) }
    let results = order.prefix(cocoMaximum).map { results[$0] }
    scores += results.lazy.map(\.score)
    ranks += results.indices
    let start = outcomes.count
    outcomes += results.lazy.map { result in
      Outcome(ignored: CocoArea.allCases.reduce(0) { $1.range.contains(result.box.area) ? $0 : $0 | CocoMatching.bits($1) })
    }
    guard !annotations.isEmpty else { return }

    let overlaps = CocoMatching.overlaps(results, annotations)
    let isCrowd = annotations.map(\.isCrowd)
    for area in CocoArea.allCases {
      let counts = annotations.map { !$0.isCrowd && area.range.contains($0.area) }
      let targets = annotations.indices.filter { counts[$0] } + annotations.indices.filter { !counts[$0] }
      positives[area.rawValue] += counts.count { $0 }
      for (place, threshold) in cocoThresholds.enumerated() {
        let matches = CocoMatching.matches(overlaps, targets, counts: counts, isCrowd: isCrowd, threshold: threshold)
        let bit = CocoMatching.bit(area, place)
        for (result, match) in matches.enumerated() {
          guard let match else { continue }
          outcomes[start + result].right |= counts[match] ? bit : 0
          outcomes[start + result].ignored = outcomes[start + result].ignored & ~bit | (counts[match] ? 0 : bit)
        }
      }
    }
  }

  /// For each result, that with each annotation. With a crowd it is the share of the result that lies in the crowd.
  private static func overlaps(_ results: [CocoResult], _ annotations: [CocoDataset.Annotation]) -> [[Double]] {
    results.map { result in
      annotations.map { target in
        guard target.isCrowd else { return result.box.intersectionOverUnion(target.box) }
        let shared = result.box.intersection(target.box)
        return shared > 0 ? shared / result.box.area : 0
      }
    }
  }

  /// For each result the annotation it takes.
  ///
  /// - Parameter targets: The places of the annotations, those that count before those to be ignored.
  private static func matches(
    _ overlaps: [[Double]], _ targets: [Int], counts: [Bool], isCrowd: [Bool], threshold: Double
  ) -> [Int?] {
    var isTaken = [Bool](repeating: false, count: targets.count)
    return overlaps.map { overlaps in
      var best = min(threshold, 1 - 1e-10)
      var match: Int? = nil
      for target in targets {
        if isTaken[target] && !isCrowd[target] { continue }
        if let match, counts[match] && !counts[target] { break }
        if overlaps[target] < best { continue }
        best = overlaps[target]
        match = target  // of equal overlaps the last, as in pycocotools
      }
      if let match { isTaken[match] = true }
      return match
    }
  }
}
