import Tensors

/// A tensor that a pickle describes: element i lies at offset + Σ iₐ · strideₐ of its storage.
struct PyTorchTensor {
  var storage: PyTorchStorage
  var offset: Int
  var shape: Shape
  var strides: [Int]

  /// From the arguments of `_rebuild_tensor_v2`: storage, offset, sizes, strides, and what is of no account here.
  init(_ arguments: [PickleValue], _ document: PickleDocument) throws(FormatProblem) {
    guard arguments.count >= 4, case .object(let place) = arguments[0], case .storage(let storage) = document.objects[place],
      let offset = arguments[1].integer, let sizes = PyTorchTensor.integers(arguments[2], document),
      let strides = PyTorchTensor.integers(arguments[3], document)
    else { throw FormatProblem("expected a tensor's storage, offset, sizes and strides, found something else") }
    shape = try checkedShape(sizes)
    guard strides.count == sizes.count, strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
      throw FormatProblem("expected an offset and strides from 0 up for \(sizes), found \(offset) and \(strides)")
    }
    self.storage = storage
    self.offset = offset
    self.strides = strides
  }

  /// Whether the elements lie row-major and without gaps.
  var isContiguous: Bool {
    let expected = shape.strides
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == expected[$0] }
  }

  /// The places between the first element and the last, both included.
  ///
  /// - Throws: ``FormatProblem`` when they lie outside a storage of `count` numbers.
  func range(in count: Int) throws(FormatProblem) -> Range<Int> {
    guard shape.count > 0 else { return 0..<0 }
    var last = offset
    for axis in shape.indices {
      let (product, overflow) = (shape[axis] - 1).multipliedReportingOverflow(by: strides[axis])
      let (sum, carry) = last.addingReportingOverflow(product)
      guard !overflow, !carry else { throw outside(count) }
      last = sum
    }
    guard last < count else { throw outside(count) }
    return offset..<last + 1
  }

  private func outside(_ count: Int) -> FormatProblem {
    FormatProblem("expected a tensor of \(shape) at \(offset) with strides \(strides) inside its storage, found a storage of \(count) numbers")
  }

  private static func integers(_ value: PickleValue, _ document: PickleDocument) -> [Int]? {
    guard let elements = document.elements(value) else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }
}
