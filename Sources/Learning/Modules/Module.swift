public import Tensors

/// A network or a part of one: a value that holds parameters and records what it computes.
///
/// ```swift
/// struct Classifier: Layer {
///   var hidden: Linear, head: Linear
///   func callAsFunction(_ x: Node, phase: Phase) -> Node { head(relu(hidden(x, phase: phase)), phase: phase) }
///   mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
///     try visitor.visit("hidden", &hidden)
///     try visitor.visit("head", &head)
///   }
/// }
/// ```
/// A copy is a snapshot. The names are those of a checkpoint: `hidden.weight`.
public protocol Module: Sendable {
  /// Shows all parameters and modules that this one holds, always in the same order.
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws
}

/// A module of one value in and one out.
public protocol Layer: Module {
  func callAsFunction(_ x: Node, phase: Phase) -> Node
}

/// Sees, and may change, each parameter of a module.
public protocol ParameterVisitor {
  /// The names of the modules that are being visited, outermost first.
  var path: [String] { get set }
  mutating func visit(_ name: String, _ parameter: inout Parameter) throws
}

extension ParameterVisitor {
  /// The full name of a parameter of the module that is being visited.
  public func fullName(_ name: String) -> String { (path + [name]).joined(separator: ".") }

  public mutating func visit(_ name: String, _ module: inout some Module) throws {
    path.append(name)
    defer { path.removeLast() }
    try module.visitParameters(&self)
  }

  /// Modules are called by their numbers: `blocks.0`.
  public mutating func visit(_ name: String, _ modules: inout [some Module]) throws {
    path.append(name)
    defer { path.removeLast() }
    for index in modules.indices { try visit("\(index)", &modules[index]) }
  }

  public mutating func visit(_ name: String, _ layers: inout [any Layer]) throws {
    path.append(name)
    defer { path.removeLast() }
    for index in layers.indices {
      func open(_ layer: inout some Layer) throws { try visit("\(index)", &layer) }
      try open(&layers[index])
    }
  }

  /// A module that may be missing.
  public mutating func visit<M: Module>(_ name: String, _ module: inout M?) throws {
    guard var present = module else { return }
    try visit(name, &present)
    module = present
  }

  public mutating func visit(_ name: String, _ parameter: inout Parameter?) throws {
    guard var present = parameter else { return }
    try visit(name, &present)
    parameter = present
  }
}

extension Module {
  /// Calls `body` with each parameter and its full name.
  public mutating func forEachParameter(_ body: (_ name: String, inout Parameter) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ClosureVisitor(body: body)
      do { try visitParameters(&visitor) } catch { fatalError("this visitor throws nothing: \(error)") }
    }
  }

  /// All parameters, in order.
  public var parameters: [(name: String, parameter: Parameter)] {
    var copy = self, found: [(name: String, parameter: Parameter)] = []
    copy.forEachParameter { found.append(($0, $1)) }
    return found
  }

  /// How many numbers are learned; statistics do not count.
  public var parameterCount: Int { parameters.reduce(0) { $0 + ($1.parameter.kind == .learned ? $1.parameter.value.count : 0) } }

  /// Training leaves all parameters as they are, as those of a backbone that was trained before.
  public mutating func freeze() { forEachParameter { $1.isFrozen = true } }

  /// Training changes all parameters again.
  public mutating func unfreeze() { forEachParameter { $1.isFrozen = false } }

  /// Takes parameters over by name.
  ///
  /// - Throws: ``ParameterError`` when one is missing or of another shape; then nothing has changed.
  public mutating func load(_ tensors: [String: Tensor]) throws(ParameterError) {
    var copy = self, failure: ParameterError?
    copy.forEachParameter { name, parameter in
      guard let tensor = tensors[name] else { return failure = failure ?? .missing(name: name) }
      guard tensor.shape == parameter.value.shape else {
        return failure = failure ?? .shape(name: name, found: tensor.shape, expected: parameter.value.shape)
      }
      parameter.value = tensor
    }
    if let failure { throw failure }
    self = copy
  }
}

/// Why parameters do not fit a network. Whoever read them from a file adds the file's name.
public enum ParameterError: Error, Equatable, CustomStringConvertible {
  case missing(name: String)
  case shape(name: String, found: Shape, expected: Shape)

  public var description: String {
    switch self {
    case .missing(let name): "there is no parameter \(name); the weights are of another network"
    case .shape(let name, let found, let expected): "the parameter \(name) is \(found), expected \(expected); the weights are of another network"
    }
  }
}

private struct ClosureVisitor: ParameterVisitor {
  var path: [String] = []
  let body: (String, inout Parameter) -> Void
  init(body: @escaping (String, inout Parameter) -> Void) { self.body = body }
  mutating func visit(_ name: String, _ parameter: inout Parameter) { body(fullName(name), &parameter) }
}
