import Learning
import Media
import Tensors

extension Experiment {
  /// LeNet-5 on single digits, epoch by epoch, and what it still takes for what. The accuracy on the training set is that of its first pictures, as many
  /// as the test set has.
  static let leNet = Experiment(name: "lenet", summary: "LeNet-5 on pictures of digits: accuracy by epoch, confusions, learned filters") { bench in
    let isDrawn = bench.folder == nil, (train, test) = try bench.digits(train: isDrawn ? 16_000 : 60_000, test: isDrawn ? 4000 : 10_000)
    let seen = train.first(test.count)
    var report = LabReport(data: train.source, columns: ["epoch", "cost", "train", "test", "test, from", "to"])
    var random = RandomNumbers(seed: bench.seed)
    var training = DigitTraining(LeNet5(using: &random), on: train, seed: bench.seed, processor: bench.processor)
    let epochs = bench.iterations(isDrawn ? 12 : 4)
    var said: [Int] = []
    for epoch in 1...epochs {
      bench.progress("epoch \(epoch)", Double(epoch - 1) / Double(epochs))
      let before = training.costs.count
      training.runEpoch()
      let own = training.costs[before...], reader = Reader(training.network, on: bench.processor)
      said = reader.digits(in: test)
      let right = zip(said, test.labels).count { $0 == $1 }
      let interval = try ConfidenceInterval.wilson(successes: right, trials: test.count)
      report.add(
        .number(Double(epoch), digits: 0), .number(Double(own.reduce(0, +)) / Double(own.count), digits: 4),
        .part(try accuracy(reader.digits(in: seen), seen.labels)), .part(Double(right) / Double(test.count)), .part(interval.lower),
        .part(interval.upper))
    }
    let matrix = try ConfusionMatrix(predicted: said, actual: test.labels, classCount: 10), pairs = mostConfused(matrix)
    report.tables = [confusions(matrix), mistakes(pairs)]
    try report.add("costs", .costs("LeNet-5: cost of a batch", [("train", training.meanCosts())]))
    report.add("filters", filterPicture(training.network.conv1))
    let wrong = test.labels.indices.filter { said[$0] != test.labels[$0] }
    var sheet = ContactSheet("\(wrong.count) of \(test.count) are mistaken: digit → what was said", columns: 8)
    for index in wrong.prefix(40) { sheet.add(test, index, "\(test.labels[index]) → \(said[index])") }
    try report.add("mistakes", sheet.image())
    let right = test.count - wrong.count, interval = try ConfidenceInterval.wilson(successes: right, trials: test.count)
    report.conclusion = "After \(epochs == 1 ? "one epoch" : "\(epochs) epochs") \(percent(Double(right) / Double(test.count))) "
    report.conclusion += "of \(test.count) other pictures "
    report.conclusion += "are read right (95 % interval: \(percent(interval.lower)) to \(percent(interval.upper)))"
    if let most = pairs.first { report.conclusion += "; \(most.actual) is most often taken for \(most.predicted), \(most.count) times" }
    report.conclusion += "."
    return report
  }

  /// Pairs of digits of which one was taken for the other, the most frequent first, equal ones by digit.
  private static func mostConfused(_ matrix: ConfusionMatrix) -> [(actual: Int, predicted: Int, count: Int)] {
    matrix.classes.flatMap { actual in matrix.classes.map { (actual: actual, predicted: $0, count: matrix[actual, $0]) } }
      .filter { $0.actual != $0.predicted && $0.count > 0 }
      .sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
  }

  private static func confusions(_ matrix: ConfusionMatrix) -> LabReport.Table {
    var table = LabReport.Table("what each digit was taken for", columns: ["digit"] + matrix.classes.map(String.init))
    for actual in matrix.classes {
      table.add([.number(Double(actual), digits: 0)] + matrix.classes.map { .number(Double(matrix[actual, $0]), digits: 0) })
    }
    return table
  }

  private static func mistakes(_ pairs: [(actual: Int, predicted: Int, count: Int)]) -> LabReport.Table {
    var table = LabReport.Table("most often mistaken", columns: ["digit", "taken for", "times"])
    for pair in pairs.prefix(5) { table.add([pair.actual, pair.predicted, pair.count].map { .number(Double($0), digits: 0) }) }
    return table
  }
}
