import Tensors

extension StoredArray {
  /// An array of `shape` from the numbers of `kind` that are all of `bytes`, row-major or, `isColumnMajor`, with the first index running fastest.
  ///
  /// - Precondition: `bytes.count == shape.count * kind.size`.
  init(_ shape: Shape, _ kind: NumberKind, isBigEndian: Bool, isColumnMajor: Bool, in bytes: ByteSlice) throws(FormatProblem) {
    precondition(bytes.count == shape.count * kind.size, "\(bytes.count) bytes for an array of \(shape)")
    let order = isColumnMajor && shape.rank > 1 ? columnMajorStrides(shape) : nil
    func arranged<Element>(_ elements: [Element]) -> [Element] {
      guard let order else { return elements }
      var result: [Element] = []
      result.reserveCapacity(elements.count)
      forEachPlace(of: shape, strides: order) { result.append(elements[$0]) }
      return result
    }
    func numbers<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> [Int] {
      (0..<shape.count).map { index in
        let number = bytes.number(at: index * MemoryLayout<Number>.size, as: type)
        return Int(truncatingIfNeeded: isBigEndian ? number.byteSwapped : number)
      }
    }
    let values: Values
    switch kind {
    case .boolean: values = .bytes(arranged((0..<bytes.count).map { bytes[$0] == 0 ? 0 : 1 }))
    case .uint8: values = .bytes(arranged(unsafe Array(bytes.unsafeBytes)))
    case .int8: values = .integers(arranged(numbers(Int8.self)))
    case .uint16: values = .integers(arranged(numbers(UInt16.self)))
    case .int16: values = .integers(arranged(numbers(Int16.self)))
    case .uint32: values = .integers(arranged(numbers(UInt32.self)))
    case .int32: values = .integers(arranged(numbers(Int32.self)))
    case .int64: values = .integers(arranged(numbers(Int64.self)))
    case .uint64:
      let found = numbers(UInt64.self)
      guard found.allSatisfy({ $0 >= 0 }) else { throw FormatProblem("found whole numbers of 2⁶³ and more, expected smaller ones") }
      values = .integers(arranged(found))
    case .float16, .bfloat16, .float32, .float64:
      let tensor = Tensor(shape, kind, isBigEndian: isBigEndian, in: bytes)
      values = .floats(order == nil ? tensor : Tensor(shape, arranged(tensor.elements)))
    }
    self.init(shape: shape, values: values)
  }
}
