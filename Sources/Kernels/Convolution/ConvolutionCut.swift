/// How the work of a convolution is cut: rows of outputs into nearly equal bands, panels of outputs into runs. A piece is one run of one band.
///
/// Each piece reads its rows of the input and its weights from afar, so bands cost weights and runs of panels cost inputs; and pieces that are few, or that two
/// threads cannot share evenly, leave one idle. The cut that should take the least time is chosen.
struct ConvolutionCut: Sendable {
  /// How many pieces there are in all.
  let count: Int
  private let groups, panels, bands, runs: Int
  /// Rows that stay together, two if they are pooled, and how many times as many there are.
  private let rowStep, rowSteps: Int

  /// How many multiplications and additions take as long as fetching a float from beyond the second-level cache, about.
  private static let multiplyAddsPerFloat = 16.0

  /// - Parameters:
  ///   - panels: panels of a group.
  ///   - depth: what a panel's weights and an output's sum have, in numbers as wide as a float.
  ///   - rowFloats: floats of a group's input for a row of outputs.
  ///   - largestBand: floats of the input that stay in the second-level cache while several panels pass over them.
  init(_ problem: ConvolutionProblem, groups: Int, panels: Int, depth: Int, lanes: Int, rowFloats: Int, largestBand: Int) {
    let height = problem.outputHeight, rowStep = problem.isPooled ? 2 : 1
    let weights = depth * 2 * lanes * panels, multiplyAdds = Double(problem.outputWidth * height * weights)
    func cut(bands: Int, runs: Int) -> Self {
      Self(images: problem.input.batch, groups: groups, panels: panels, bands: bands, runs: runs, rowStep: rowStep, height: height)
    }
    var best = cut(bands: 1, runs: panels), least = Double.infinity
    for runs in 1...max(1, panels) where panels % runs == 0 {
      for bands in 1...max(1, min(height / rowStep, 64)) {
        let cut = cut(bands: bands, runs: runs)
        let passes = cut.largestHeight * rowFloats <= largestBand ? runs : panels
        let cost =
          multiplyAdds * cut.idleness + Double(height * rowFloats * passes + weights * bands) * Self.multiplyAddsPerFloat
        if cost < least {
          least = cost
          best = cut
        }
      }
    }
    self = best
  }

  private init(images: Int, groups: Int, panels: Int, bands: Int, runs: Int, rowStep: Int, height: Int) {
    count = images * groups * bands * runs
    self.groups = groups
    self.panels = panels
    self.bands = bands
    self.runs = runs
    self.rowStep = rowStep
    rowSteps = height / rowStep
  }

  /// The rows of outputs, before pooling, of a band.
  func rows(of band: Int) -> Range<Int> {
    let steps = share(band, of: bands, in: rowSteps)
    return steps.lowerBound * rowStep..<steps.upperBound * rowStep
  }

  /// What a piece computes. Bands come before runs of the same band, so that a thread finds in its cache the rows that it wrote.
  subscript(piece: Int) -> (image: Int, group: Int, band: Int, panels: Range<Int>) {
    let repetition = piece / runs / bands
    return (repetition / groups, repetition % groups, piece / runs % bands, share(piece % runs, of: runs, in: panels))
  }

  private var largestHeight: Int { (rowSteps + bands - 1) / bands * rowStep }

  /// How much longer two threads take than half the work, if each does half the pieces, and a little more the fewer pieces there are.
  private var idleness: Double {
    let half = count / 2, steps = share(half / runs % bands, of: bands, in: rowSteps)
    let first = (half / runs / bands * rowSteps + steps.lowerBound) * runs + half % runs * steps.count
    let all = count / bands * rowSteps
    return 2 * Double(max(first, all - first)) / Double(max(1, all)) + 0.5 / Double(max(1, count))
  }
}
