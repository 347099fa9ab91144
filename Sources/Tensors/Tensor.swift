import Kernels

/// Single-precision numbers on the host, row-major and contiguous. A value: copies share storage until one of them is written.
public struct Tensor: Sendable {
  public let shape: Shape
  private var storage: TensorStorage

  /// A tensor that shares `storage` with nobody else, or only reads it.
  init(shape: Shape, storage: TensorStorage) {
    precondition(shape.count <= storage.count, "a tensor of \(shape) needs \(shape.count) numbers, found \(storage.count)")
    self.shape = shape
    self.storage = storage
  }

  /// A tensor with every element equal to `value`.
  public init(_ shape: Shape, repeating value: Float = 0) {
    self.init(shape: shape, storage: TensorStorage(count: shape.count))
    withMutableSpan { span in for index in span.indices { span[index] = value } }
  }

  /// A tensor of the given elements, row-major.
  ///
  /// - Precondition: `elements.count == shape.count`.
  public init(_ shape: Shape, _ elements: [Float]) {
    precondition(shape.count == elements.count, "a tensor of \(shape) has \(shape.count) elements, found \(elements.count)")
    self.init(shape: shape, storage: TensorStorage(count: shape.count))
    withMutableSpan { span in for index in span.indices { span[index] = elements[index] } }
  }

  /// A tensor that reads its elements at `address`, without copying, and keeps `owner` alive meanwhile: weights in a mapped file.
  @unsafe public init(_ shape: Shape, readingFrom address: UnsafePointer<Float>, of owner: AnyObject & Sendable) {
    unsafe self.init(shape: shape, storage: TensorStorage(reading: address, count: shape.count, of: owner))
  }

  public var count: Int { shape.count }

  /// The elements, row-major.
  public var elements: [Float] {
    unsafe Array(UnsafeBufferPointer(start: storage.address, count: count))
  }

  /// The elements, row-major, in place.
  public var span: Span<Float> {
    @_lifetime(borrow self) get {
      let address = unsafe storage.address  // read once: see withMutableSpan
      return unsafe _overrideLifetime(Span(_unsafeStart: address, count: count), borrowing: self)
    }
  }

  /// Where the elements lie, as long as this tensor or a copy of it is not written.
  @unsafe package var unsafeAddress: UnsafePointer<Float> { unsafe UnsafePointer(storage.address) }

  /// Calls `body` with the elements, row-major, to change them in place.
  public mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable { storage = storage.copy(count: count) }
    let address = unsafe storage.address  // read once, or the span is tied to a borrow of the class that ends here
    var span = unsafe MutableSpan(_unsafeStart: address, count: count)
    return try body(&span)
  }

  /// The element at `indices`, one an axis.
  public subscript(indices: Int...) -> Float {
    get { span[offset(indices)] }
    set {
      let position = offset(indices)
      withMutableSpan { $0[position] = newValue }
    }
  }

  /// The same elements in another shape.
  ///
  /// - Precondition: both shapes have as many elements.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "\(self.shape) cannot be reshaped to \(shape): \(count) elements against \(shape.count)")
    return Tensor(shape: shape, storage: storage)
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "\(indices.count) indices into a tensor of \(shape)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition((0..<shape[axis]).contains(index), "index \(index) is outside axis \(axis) of \(shape)")
      offset = offset * shape[axis] + index
    }
    return offset
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal; NaN equals nothing.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.shape == right.shape else { return false }
    let a = left.span, b = right.span
    return a.indices.allSatisfy { a[$0] == b[$0] }
  }
}
