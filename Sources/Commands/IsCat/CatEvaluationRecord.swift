import Cats
import Learning
import Training

/// `percept.iscat-evaluate/1`.
struct CatEvaluationRecord: Encodable {
  struct Measure: Encodable {
    let value: Double
    /// Of 95 %; null of a share of nothing.
    let lower, upper: Double?

    init(_ share: CatEvaluation.Share) {
      value = rounded(share.value, to: 6)
      lower = share.interval.map { rounded($0.lower, to: 6) }
      upper = share.interval.map { rounded($0.upper, to: 6) }
    }

    var text: String { lower.map { "\(percent($0)) to \(percent(upper!))" } ?? "" }
  }
  struct Confusion: Encodable {
    let catsFound, catsMissed, othersTakenForCats, othersRight: Int

    private enum CodingKeys: String, CodingKey {
      case catsFound = "cats_found", catsMissed = "cats_missed", othersTakenForCats = "others_taken_for_cats", othersRight = "others_right"
    }
  }
  struct Mistake: Encodable {
    let file: String
    let cat: Bool
    let probability: Double
  }
  let schema = "percept.iscat-evaluate/1"
  let pictures: Int
  let threshold: Double
  let accuracy, precision, recall, f1: Measure
  /// Under the receiver operating characteristic; null if all pictures are of one kind.
  let area: Measure?
  let calibrationError, brier: Double
  let confusion: Confusion
  let mistakes: [Mistake]

  private enum CodingKeys: String, CodingKey {
    case schema, pictures, threshold, accuracy, precision, recall, f1, area
    case calibrationError = "calibration_error"
    case brier, confusion, mistakes
  }

  init(_ evaluation: CatEvaluation, _ set: PictureSet, _ probabilities: [Float]) {
    pictures = evaluation.count
    threshold = rounded(Double(evaluation.threshold), to: 6)
    accuracy = Measure(evaluation.accuracy)
    precision = Measure(evaluation.precision)
    recall = Measure(evaluation.recall)
    f1 = Measure(evaluation.f1)
    area = evaluation.area.map(Measure.init)
    calibrationError = rounded(evaluation.reliability.expectedError, to: 6)
    brier = rounded(evaluation.reliability.brierScore, to: 6)
    let matrix = evaluation.confusion
    confusion = Confusion(catsFound: matrix[1, 1], catsMissed: matrix[1, 0], othersTakenForCats: matrix[0, 1], othersRight: matrix[0, 0])
    mistakes = evaluation.mistakes.map { index in
      // What was wrong says what it is: a picture taken for a cat is none.
      Mistake(file: set.names[index], cat: probabilities[index] < evaluation.threshold, probability: rounded(Double(probabilities[index]), to: 6))
    }
  }

  var table: String {
    let table = TextTable(columns: [.text(24), .number(8), .number(18)])
    var text = table.line(["\(pictures) pictures", "", "95 %"])
    for (name, measure) in [("right", accuracy), ("yeses that are right", precision), ("cats found", recall), ("F1 of both", f1)] {
      text += table.line([name, percent(measure.value), measure.text])
    }
    if let area { text += table.line(["area under the ROC", percent(area.value), area.text]) }
    text += table.line(["calibration error", percent(calibrationError), ""])
    let counts = TextTable(columns: [.text(24), .number(8), .number(8)])
    text += "\n" + counts.line(["", "said cat", "said no"])
    text += counts.line(["cats", "\(confusion.catsFound)", "\(confusion.catsMissed)"])
    text += counts.line(["others", "\(confusion.othersTakenForCats)", "\(confusion.othersRight)"])
    return text
  }
}
