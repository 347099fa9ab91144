import Files
import Tensors

extension SafetensorsFile {
  /// Writes tensors as floats, or as halves where all of a tensor's numbers are, if wished, and texts as `__metadata__`, beside `path`, and renames: nobody meets half a file.
  ///
  /// Tensors and texts are sorted by name, and the header is padded with blanks so that the numbers begin at a multiple of 64 bytes: the same tensors
  /// and texts give the same bytes, whatever their order was.
  ///
  /// - Throws: ``SafetensorsError`` when the file cannot be written, or a tensor is called `__metadata__`.
  public static func write(
    _ tensors: NamedTensors, metadata: [String: String] = [:], halvesWherePossible: Bool = false, to path: String
  ) throws(SafetensorsError) {
    guard tensors["__metadata__"] == nil else {
      throw .unwritable(path: path, problem: "a tensor is called “__metadata__”, which the format keeps for texts; give it another name")
    }
    let bytes = encoded(tensors, metadata, halvesWherePossible: halvesWherePossible)
    do { try writeFile(path, bytes) } catch { throw .file(error) }
  }

  private static func encoded(_ tensors: NamedTensors, _ metadata: [String: String], halvesWherePossible: Bool) -> [UInt8] {
    var header: [UInt8] = []
    var members = 0
    func member(_ name: String, _ value: String) {
      header += Array((members == 0 ? "" : ",").utf8) + jsonText(name) + Array(":\(value)".utf8)
      members += 1
    }
    header += Array("{".utf8)
    if !metadata.isEmpty {
      let texts = metadata.sorted { isBefore($0.key, $1.key) }
        .map { String(decoding: jsonText($0.key) + [UInt8(ascii: ":")] + jsonText($0.value), as: UTF8.self) }
      member("__metadata__", "{\(texts.joined(separator: ","))}")
    }
    let sorted = tensors.sorted { isBefore($0.name, $1.name) }.map { name, tensor in
      (name: name, tensor: tensor, isHalf: halvesWherePossible && tensor.elements.allSatisfy { Float(Float16($0)) == $0 })
    }
    var offset = 0
    for (name, tensor, isHalf) in sorted {
      let end = offset + tensor.count * (isHalf ? MemoryLayout<Float16>.size : MemoryLayout<Float>.size)
      let sizes = tensor.shape.indices.map { "\(tensor.shape[$0])" }.joined(separator: ",")
      member(name, "{\"dtype\":\"\(isHalf ? "F16" : "F32")\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    header += Array("}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (64 - (8 + header.count) % 64) % 64)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for (_, tensor, isHalf) in sorted {
      if isHalf {
        for number in tensor.elements {
          let bits = Float16(number).bitPattern
          bytes += [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        }
      } else {
        unsafe tensor.span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// By bytes, not by the order of a language.
  private static func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

  private static func jsonText(_ text: String) -> [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: result.append(byte)
      }
    }
    return result + [UInt8(ascii: "\"")]
  }
}
