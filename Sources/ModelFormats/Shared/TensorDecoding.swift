import Tensors

extension Tensor {
  /// A tensor of `shape` from the numbers of `kind` that are all of `bytes`, row-major.
  ///
  /// Floats of this machine's form are read in place where they are aligned. Wider numbers are rounded to the nearest float, which holds whole
  /// numbers up to 2²⁴ exactly; truth values become 0 and 1.
  ///
  /// - Precondition: `bytes.count == shape.count * kind.size`.
  init(_ shape: Shape, _ kind: NumberKind, isBigEndian: Bool = false, in bytes: ByteSlice) {
    precondition(bytes.count == shape.count * kind.size, "\(bytes.count) bytes for a tensor of \(shape)")
    if kind == .float32, !isBigEndian, let tensor = bytes.tensorInPlace(shape) {
      self = tensor
      return
    }
    self.init(shape)
    withMutableSpan { target in
      switch kind {
      case .boolean: decode(bytes, isBigEndian, into: &target) { (number: UInt8) in number == 0 ? 0 : 1 }
      case .uint8: decode(bytes, isBigEndian, into: &target) { (number: UInt8) in Float(number) }
      case .int8: decode(bytes, isBigEndian, into: &target) { (number: Int8) in Float(number) }
      case .uint16: decode(bytes, isBigEndian, into: &target) { (number: UInt16) in Float(number) }
      case .int16: decode(bytes, isBigEndian, into: &target) { (number: Int16) in Float(number) }
      case .uint32: decode(bytes, isBigEndian, into: &target) { (number: UInt32) in Float(number) }
      case .int32: decode(bytes, isBigEndian, into: &target) { (number: Int32) in Float(number) }
      case .uint64: decode(bytes, isBigEndian, into: &target) { (number: UInt64) in Float(number) }
      case .int64: decode(bytes, isBigEndian, into: &target) { (number: Int64) in Float(number) }
      case .float16: decode(bytes, isBigEndian, into: &target) { (bits: UInt16) in float(binary16: bits) }
      case .bfloat16: decode(bytes, isBigEndian, into: &target) { (bits: UInt16) in float(bfloat16: bits) }
      case .float32: decode(bytes, isBigEndian, into: &target) { (bits: UInt32) in Float(bitPattern: bits) }
      case .float64: decode(bytes, isBigEndian, into: &target) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
      }
    }
  }
}

/// target[i] = value(bytes[i])
@inline(__always)
private func decode<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: ByteSlice, _ isBigEndian: Bool, into target: inout MutableSpan<Float>, _ value: (Bits) -> Float
) {
  for index in target.indices {
    let bits = bytes.number(at: index * MemoryLayout<Bits>.size, as: Bits.self)
    target[index] = value(isBigEndian ? bits.byteSwapped : bits)
  }
}
