import Tensors

/// Walks through what a pickle made and reads each tensor that it meets.
struct PyTorchCollector {
  let document: PickleDocument
  let storages: PyTorchStorages
  let limits: PyTorchLimits
  private(set) var tensors = NamedTensors()
  private var steps = 0
  private var numbers = 0

  init(document: PickleDocument, storages: PyTorchStorages, limits: PyTorchLimits) {
    self.document = document
    self.storages = storages
    self.limits = limits
  }

  mutating func collect() throws(FormatProblem) { try visit(document.root, name: "", depth: 0) }

  private mutating func visit(_ value: PickleValue, name: String, depth: Int) throws(FormatProblem) {
    // One object may stand in many places: few bytes can mean very many steps.
    steps += 1
    guard steps <= limits.tensors else { throw FormatProblem("found more than the limit of \(limits.tensors) tensors and members") }
    guard depth <= limits.depth else { throw FormatProblem("found dictionaries nested more than \(limits.depth) deep") }
    guard case .object(let place) = value else { return }
    switch document.objects[place] {
    case .dictionary(let members):
      for member in members {
        guard let key = member.key.text ?? member.key.integer.map({ "\($0)" }) else { continue }
        try visit(member.value, name: joined(name, key), depth: depth + 1)
      }
    case .list(let elements), .tuple(let elements):
      for (index, element) in elements.enumerated() { try visit(element, name: joined(name, "\(index)"), depth: depth + 1) }
    case .tensor(let tensor):
      do throws(FormatProblem) {
        guard tensors[name] == nil else { throw FormatProblem("stands twice in the file") }
        tensors[name] = try read(tensor)
      } catch {
        throw FormatProblem("tensor \(quoted(name)): \(error.text)")
      }
    case .storage: break
    }
  }

  private func joined(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private mutating func read(_ tensor: PyTorchTensor) throws(FormatProblem) -> Tensor {
    let kind = tensor.storage.kind
    let bytes = try storages.bytes(of: tensor.storage)
    let range = try tensor.range(in: tensor.storage.count)
    let isContiguous = tensor.isContiguous
    if kind != .float32 || !isContiguous {
      // Strides may repeat few numbers very often, or take few of very many.
      numbers += tensor.shape.count + (isContiguous ? 0 : range.count)
      guard numbers <= limits.numbers else { throw FormatProblem("the numbers to convert are more than the limit of \(limits.numbers)") }
    }
    let part = bytes[range.lowerBound * kind.size..<range.upperBound * kind.size]
    if isContiguous { return Tensor(tensor.shape, kind, in: part) }
    let source = Tensor([range.count], kind, in: part).elements
    var elements: [Float] = []
    elements.reserveCapacity(tensor.shape.count)
    forEachPlace(of: tensor.shape, strides: tensor.strides) { elements.append(source[$0]) }
    return Tensor(tensor.shape, elements)
  }
}
