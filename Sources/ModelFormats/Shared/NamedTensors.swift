import Tensors

/// Tensors by name, in the order in which they were put in: the parameters of a network.
///
/// ```swift
/// let weights = try PyTorchFile.load("pnet.pt")
/// for (name, tensor) in weights { print(name, tensor.shape) }
/// let kernel = weights["conv1.weight"]
/// ```
public struct NamedTensors: Sendable {
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  /// The tensor called `name`. A new name goes behind the others; nil removes.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      let old = tensors.updateValue(newValue, forKey: name)
      if old == nil, newValue != nil { names.append(name) }
      if old != nil, newValue == nil { names.removeAll { $0 == name } }
    }
  }

  /// The tensors whose names begin with `prefix`, without it: those of a part of a network.
  public func dropping(prefix: String) -> NamedTensors {
    var result = NamedTensors()
    for (name, tensor) in self where name.hasPrefix(prefix) { result[String(name.dropFirst(prefix.count))] = tensor }
    return result
  }
}

extension NamedTensors: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { names.count }
  public subscript(position: Int) -> (name: String, tensor: Tensor) { (names[position], tensors[names[position]]!) }
}

extension NamedTensors: Equatable {
  /// Whether names, their order, shapes and all elements are equal.
  public static func == (left: NamedTensors, right: NamedTensors) -> Bool { left.names == right.names && left.tensors == right.tensors }
}

extension Dictionary where Value == Tensor {
  /// Sets or removes, and returns what was there.
  fileprivate mutating func updateValue(_ value: Tensor?, forKey key: Key) -> Tensor? {
    guard let value else { return removeValue(forKey: key) }
    return updateValue(value, forKey: key)
  }
}
