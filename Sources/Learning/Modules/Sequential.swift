/// Layers one after the other.
public struct Sequential: Layer {
  public var layers: [any Layer]

  public init(_ layers: any Layer...) { self.layers = layers }
  public init(_ layers: [any Layer]) { self.layers = layers }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node { layers.reduce(x) { $1($0, phase: phase) } }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    for index in layers.indices {
      func open(_ layer: inout some Layer) throws { try visitor.visit("\(index)", &layer) }
      try open(&layers[index])
    }
  }
}

/// A layer without parameters: y = f(x).
public struct Function: Layer {
  private let body: @Sendable (Node) -> Node

  public init(_ body: @escaping @Sendable (Node) -> Node) { self.body = body }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node { body(x) }
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}
