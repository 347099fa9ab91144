/// How the work of a convolution is cut: rows of outputs into nearly equal bands, panels of outputs into runs. A piece is one run of one band.
///
/// Each piece reads its rows of the input and its weights from afar, so bands cost weights and runs of panels cost inputs; and pieces that are few, or that two
/// threads cannot share evenly, leave one idle. The cut that should take the least time is chosen.
struct ConvolutionCut: Sendable {
  /// How many bands and runs there are.
  let bands, runs: Int
  private let panels: Int
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
    var best = Self(bands: 1, runs: panels, panels: panels, rowStep: rowStep, height: height), least = Double.infinity
    for runs in 1...max(1, panels) where panels % runs == 0 {
      for bands in 1...max(1, min(height / rowStep, 64)) {
        let cut = Self(bands: bands, runs: runs, panels: panels, rowStep: rowStep, height: height)
        let passes = cut.largestHeight * rowFloats <= largestBand ? runs : panels
        let cost = multiplyAdds * cut.idleness(repetitions: problem.input.batch * groups)
          + Double(height * rowFloats * passes + weights * bands) * Self.multiplyAddsPerFloat
        if cost < least {
          least = cost
          best = cut
        }
      }
    }
    self = best
  }

  private init(bands: Int, runs: Int, panels: Int, rowStep: Int, height: Int) {
    self.bands = bands
    self.runs = runs
    self.panels = panels
    self.rowStep = rowStep
    rowSteps = height / rowStep
  }

  /// The rows of outputs, before pooling, of a band.
  func rows(of band: Int) -> Range<Int> { band * rowSteps / bands * rowStep..<(band + 1) * rowSteps / bands * rowStep }
  func panels(of run: Int) -> Range<Int> { run * panels / runs..<(run + 1) * panels / runs }

  private var largestHeight: Int { (rowSteps + bands - 1) / bands * rowStep }

  /// How much longer two threads take than half the work, if each does half the pieces, and a little more the fewer pieces there are.
  private func idleness(repetitions: Int) -> Double {
    let count = repetitions * bands * runs, half = count / 2
    let band = half / runs % bands, whole = half / runs / bands
    let first = (whole * rowSteps + rows(of: band).lowerBound / rowStep) * runs + half % runs * rows(of: band).count / rowStep
    let all = repetitions * rowSteps * runs
    return 2 * Double(max(first, all - first)) / Double(max(1, all)) + 0.5 / Double(max(1, count))
  }
}
