/// How a file stores a number.
enum NumberKind: Sendable {
  case boolean, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, bfloat16, float32, float64

  /// Bytes of a number.
  var size: Int {
    switch self {
    case .boolean, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  var isFloat: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }
}

/// The number that the bits of an IEEE 754 binary16 mean: (−1)ˢ · 2ᵉ⁻¹⁵ · 1.m, with 2⁻¹⁴ · 0.m at e = 0, ∞ and NaN at e = 31.
func float(binary16 bits: UInt16) -> Float {
  let magnitude = UInt32(bits & 0x7FFF) << 13
  let sign = UInt32(bits & 0x8000) << 16
  // Exponent and fraction stand in their places for a float whose bias is 15 instead of 127; the product moves the bias and makes small numbers
  // exact.
  let value = magnitude >= 0x0F80_0000 ? magnitude | 0x7F80_0000 : (Float(bitPattern: magnitude) * 0x1p112).bitPattern
  return Float(bitPattern: value | sign)
}

/// The number that the bits of a bfloat16 mean: those of a float whose lower half is zero.
func float(bfloat16 bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
