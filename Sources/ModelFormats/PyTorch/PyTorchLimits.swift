/// How large a file of PyTorch may be. The defaults leave ample room for every published network.
public struct PyTorchLimits: Sendable {
  /// Steps of a pickle, which also bound the objects in it.
  public var operations = 10_000_000
  /// Bytes of one text or number in a pickle.
  public var textBytes = 1 << 20
  /// Bytes of the pickle in a zip file.
  public var pickleBytes = 1 << 28
  /// How deeply dictionaries and lists may be nested.
  public var depth = 64
  /// Tensors, and members of dictionaries and lists on the way to them.
  public var tensors = 1_000_000
  /// Numbers in all tensors together, those that are not read in place.
  public var numbers = 1 << 28

  public init() {}
}
