import Tensors

/// An array from a file, in the type that lies next to the file's: pictures stay bytes, labels whole numbers.
///
/// ```swift
/// let pictures = try HDF5File("train.h5").array("train_set_x")  // [209, 64, 64, 3], bytes
/// let pixels = pictures.tensor                                   // the same numbers as floats
/// ```
public struct StoredArray: Sendable {
  public enum Values: Sendable, Equatable {
    /// 8-bit numbers without a sign, and truth values as 0 and 1.
    case bytes([UInt8])
    /// All other whole numbers.
    case integers([Int])
    /// Floating-point numbers of any width, rounded to the nearest float.
    case floats(Tensor)
  }
  public let shape: Shape
  /// The elements, row-major.
  public let values: Values

  /// - Precondition: as many values as `shape` has elements.
  public init(shape: Shape, values: Values) {
    self.shape = shape
    self.values = values
    let count =
      switch values {
      case .bytes(let bytes): bytes.count
      case .integers(let integers): integers.count
      case .floats(let tensor): tensor.count
      }
    precondition(count == shape.count, "an array of \(shape) has \(shape.count) elements, found \(count)")
  }

  /// The elements as floats, of ``shape``. Whole numbers beyond 2²⁴ are rounded.
  public var tensor: Tensor {
    switch values {
    case .bytes(let bytes):
      var tensor = Tensor(shape)
      tensor.withMutableSpan { span in for index in span.indices { span[index] = Float(bytes[index]) } }
      return tensor
    case .integers(let integers):
      var tensor = Tensor(shape)
      tensor.withMutableSpan { span in for index in span.indices { span[index] = Float(integers[index]) } }
      return tensor
    case .floats(let tensor): return tensor
    }
  }

  /// The elements, if they are bytes.
  public var bytes: [UInt8]? { if case .bytes(let bytes) = values { bytes } else { nil } }

  /// The elements, if they are whole numbers; bytes are too.
  public var integers: [Int]? {
    switch values {
    case .bytes(let bytes): bytes.map(Int.init)
    case .integers(let integers): integers
    case .floats: nil
    }
  }
}
