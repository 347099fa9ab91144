/// Numbers by time: one row of `width` numbers a frame.
public struct Frames: Sendable, Equatable {
  /// Numbers a frame: bins, mel bands, coefficients; 2 · bins of a complex spectrum, real and imaginary parts side by side.
  public let width: Int
  /// [count, width]
  public var values: [Float]

  public var count: Int { values.count / width }

  /// - Precondition: `values` are whole frames.
  public init(width: Int, values: [Float] = []) {
    precondition(width > 0 && values.count % width == 0, "\(values.count) numbers are no whole frames of \(width)")
    self.width = width
    self.values = values
  }

  public subscript(frame: Int, place: Int) -> Float { values[frame * width + place] }

  /// Adds the frames of `other`, of the same width, behind these.
  public mutating func append(_ other: Frames) {
    precondition(other.width == width, "frames of \(other.width) numbers do not follow frames of \(width)")
    values += other.values
  }
}
