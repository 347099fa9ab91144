import Kernels
import Tensors

/// How well a gradient agrees with central differences, (L(v + h) − L(v − h)) / 2h for each element of v.
public struct GradientCheck: Sendable {
  /// What the graph calls the input.
  public let name: String
  /// ‖g − d‖ / (‖g‖ + ‖d‖), of the gradient g and the differences d: 0 when both are zeros.
  public let relativeDifference: Double
  /// The element at which they differ most, its gradient and its difference.
  public let worst: (element: Int, gradient: Double, difference: Double)

  /// Where a rule is right, the relative difference is about 10⁻⁴ with single precision and a step of 0.01; a wrong one has 10⁻² and more.
  public var isRight: Bool { relativeDifference < 2e-3 }
}

extension Graph {
  /// Compares the gradients of `loss` with central differences.
  ///
  /// - Parameters:
  ///   - loss: a value of one number.
  ///   - checked: which inputs of the graph are varied; each element costs two runs.
  ///   - values: the values of all inputs, in their order. Where the loss has a kink within `step`, differences are no gradient.
  /// - Throws: ``ShapeError`` when an operation has no gradient.
  public func checkGradients(
    of loss: Index, by checked: [Index], at values: [Tensor], step: Float = 0.01, processor: Processor = .default
  ) throws(ShapeError) -> [GradientCheck] {
    var graph = self
    graph.outputs = [loss] + (try graph.gradients(of: loss, by: checked))
    let arena = Arena(for: graph.compiled(for: processor, preparation: .quick)), places = graph.inputs
    for (index, value) in values.enumerated() { arena.setInput(index, to: value) }
    arena.run()
    let gradients = checked.indices.map { arena.output($0 + 1).elements }

    var alone = self
    alone.outputs = [loss]
    let differences = Arena(for: alone.compiled(for: processor, preparation: .quick))
    for (index, value) in values.enumerated() where index < alone.inputs.count { differences.setInput(index, to: value) }
    return zip(checked, gradients).map { input, gradient in
      let place = places.firstIndex(of: input)!, value = values[place]
      func loss(_ element: Int, _ change: Float) -> (loss: Double, at: Double) {
        var elements = value.elements
        elements[element] += change
        differences.setInput(place, to: Tensor(value.shape, elements))
        differences.run()
        return (Double(differences.output(0).elements[0]), Double(elements[element]))
      }
      let numeric = gradient.indices.map { element in
        let above = loss(element, step), below = loss(element, -step)
        return (above.loss - below.loss) / (above.at - below.at)
      }
      differences.setInput(place, to: value)
      return GradientCheck(name: self[input].name, gradient: gradient.map(Double.init), differences: numeric)
    }
  }
}

extension GradientCheck {
  /// Compares a gradient with differences.
  ///
  /// - Precondition: as many differences as elements of the gradient, and at least one.
  public init(name: String, gradient: [Double], differences: [Double]) {
    precondition(gradient.count == differences.count && !gradient.isEmpty)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let difference = norm(zip(gradient, differences).map { $0 - $1 }), sizes = norm(gradient) + norm(differences)
    let element = gradient.indices.max { abs(gradient[$0] - differences[$0]) < abs(gradient[$1] - differences[$1]) }!
    self.name = name
    relativeDifference = sizes == 0 ? 0 : difference / sizes
    worst = (element, gradient[element], differences[element])
  }

  /// Compares a gradient with the central differences of a function.
  public init(name: String, gradient: [Double], of function: ([Double]) -> Double, at place: [Double], step: Double = 1e-7) {
    let differences = place.indices.map { element in
      var above = place, below = place
      above[element] += step
      below[element] -= step
      return (function(above) - function(below)) / (2 * step)
    }
    self.init(name: name, gradient: gradient, differences: differences)
  }
}
