/// The classes and functions that a pickle may name: this list is fixed, and none of them runs anything.
enum PyTorchConstructor {
  case orderedDictionary
  /// `_rebuild_tensor`, of four arguments (before PyTorch 0.4), and `_rebuild_tensor_v2`, of six or seven.
  case rebuildTensor
  case rebuildParameter
  case storage(NumberKind)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "FloatStorage"): self = .storage(.float32)
    case ("torch", "DoubleStorage"): self = .storage(.float64)
    case ("torch", "HalfStorage"): self = .storage(.float16)
    case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
    case ("torch", "LongStorage"): self = .storage(.int64)
    case ("torch", "IntStorage"): self = .storage(.int32)
    case ("torch", "ShortStorage"): self = .storage(.int16)
    case ("torch", "CharStorage"): self = .storage(.int8)
    case ("torch", "ByteStorage"): self = .storage(.uint8)
    case ("torch", "BoolStorage"): self = .storage(.boolean)
    default: return nil
    }
  }
}

/// A storage that a pickle names: the numbers themselves lie elsewhere in the file.
struct PyTorchStorage {
  var key: String
  var kind: NumberKind
  /// How many numbers it has, as the pickle says.
  var count: Int
}

/// A problem of a pickle, or the name that it asks for in vain.
enum PickleProblem: Error {
  case refused(name: String)
  case malformed(FormatProblem)
}
