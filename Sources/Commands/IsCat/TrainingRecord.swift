import Learning
import Training

/// `percept.iscat-train/1`: what a training gave, with how often it is right on each set of pictures, and between which bounds of 95 % confidence.
struct TrainingRecord: Encodable {
  struct Set: Encodable {
    let name: String
    let pictures: Int
    let accuracy, lower, upper: Double

    init(_ name: String, _ set: PictureSet, _ predictor: PicturePredictor) throws(MetricError) {
      let said = predictor.probabilities(ofLogits: predictor.logits(of: set)).map { $0.firstIndex(of: $0.max()!)! }
      let right = zip(said, set.labels).count { $0 == $1 }, interval = try ConfidenceInterval.wilson(successes: right, trials: set.count)
      self.name = name
      pictures = set.count
      accuracy = rounded(Double(right) / Double(set.count), to: 6)
      lower = rounded(interval.lower, to: 6)
      upper = rounded(interval.upper, to: 6)
    }
  }
  let schema = "percept.iscat-train/1"
  let output, network: String
  let classes: [String]
  let side, epochs: Int
  /// Counted from 1; null where no pictures were held back to choose it by.
  let bestEpoch: Int?
  let temperature: Double
  let seed: UInt64
  let seconds: Double
  let sets: [Set]

  init(_ result: PictureTrainingResult, network: PictureNetwork.Kind, output: String, seed: UInt64, seconds: Double, sets: [Set]) {
    self.output = output
    self.network = network.rawValue
    classes = result.classifier.classes
    side = result.classifier.side
    epochs = result.history.epochs.count
    bestEpoch = result.history.bestEpoch.map { $0 + 1 }
    temperature = rounded(Double(result.classifier.temperature), to: 4)
    self.seed = seed
    self.seconds = rounded(seconds, to: 1)
    self.sets = sets
  }

  private enum CodingKeys: String, CodingKey {
    case schema, output, network, classes, side, epochs
    case bestEpoch = "best_epoch"
    case temperature, seed, seconds, sets
  }

  var table: String {
    let table = TextTable(columns: [.text(8), .number(8), .number(8), .number(16)])
    return table.line(["set", "pictures", "right", "95 %"])
      + sets.map { table.line([$0.name, "\($0.pictures)", percent($0.accuracy), "\(percent($0.lower)) to \(percent($0.upper))"]) }.joined()
      + "\n\(network), \(epochs) epochs\(bestEpoch.map { ", the best of which was \($0)" } ?? ""), \(decimal(seconds, digits: 1)) s\n"
  }
}

/// A part of 1 in percent: `96.0 %`.
func percent(_ part: Double) -> String { "\(decimal(100 * part, digits: 1)) %" }
