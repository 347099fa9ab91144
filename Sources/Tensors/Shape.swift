/// The sizes of a tensor, outermost first, as in `[batch, channels, height, width]`. At most eight, held inline: a shape never allocates.
public struct Shape: Sendable {
  public static let largestRank = 8

  public let rank: Int
  private var sizes: InlineArray<8, Int>

  /// A shape of the given sizes, outermost first.
  ///
  /// - Precondition: at most ``largestRank`` sizes, none negative.
  public init(_ sizes: some Collection<Int>) {
    precondition(sizes.count <= Shape.largestRank, "a shape has at most \(Shape.largestRank) sizes, found \(sizes.count)")
    self.sizes = InlineArray(repeating: 1)
    rank = sizes.count
    for (axis, size) in sizes.enumerated() {
      precondition(size >= 0, "a size cannot be negative: \(Array(sizes))")
      self.sizes[axis] = size
    }
  }

  /// The size along `axis`; negative axes count from the innermost, as in `shape[-1]`.
  public subscript(axis: Int) -> Int {
    get { sizes[position(axis)] }
    set { sizes[position(axis)] = newValue }
  }

  /// The product of all sizes.
  public var count: Int { indices.reduce(1) { $0 * self[$1] } }
  public var indices: Range<Int> { 0..<rank }

  /// Whether ``count`` floats could lie in memory at all; asking for the count of a shape that is not countable is a programmer's mistake.
  public var isCountable: Bool {
    var product = 1
    for axis in indices {
      let (result, overflow) = product.multipliedReportingOverflow(by: self[axis])
      if overflow || result > 1 << 48 { return false }
      product = result
    }
    return true
  }

  /// How many elements lie between neighbours along each axis, when elements are stored row-major.
  public var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in indices.dropLast().reversed() { result[axis] = result[axis + 1] * self[axis + 1] }
    return result
  }

  private func position(_ axis: Int) -> Int {
    let position = axis < 0 ? rank + axis : axis
    precondition(indices.contains(position), "axis \(axis) is outside a shape of rank \(rank)")
    return position
  }
}

extension Shape: Hashable {
  public static func == (left: Shape, right: Shape) -> Bool {
    left.rank == right.rank && left.indices.allSatisfy { left[$0] == right[$0] }
  }

  public func hash(into hasher: inout Hasher) {
    for axis in indices { hasher.combine(self[axis]) }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }
}

extension Shape: CustomStringConvertible {
  /// The sizes joined by a multiplication sign: `1×3×416×416`.
  public var description: String { rank == 0 ? "scalar" : indices.map { "\(self[$0])" }.joined(separator: "×") }
}
