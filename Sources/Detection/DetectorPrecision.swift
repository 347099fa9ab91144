import Graphs

/// What numbers a detector's network multiplies: see ``Graphs/Precision``.
public enum DetectorPrecision: Sendable {
  case float32, bfloat16
  case int8(CalibrationFile)

  /// - Throws: ``DetectorError/calibration(_:)`` when the file belongs to another network than `graph`.
  func precision(for graph: Graph) throws(DetectorError) -> Precision {
    switch self {
    case .float32: return .float32
    case .bfloat16: return .bfloat16
    case .int8(let file):
      if let problem = file.mismatch(with: graph) { throw .calibration(.malformed(file: file.path, problem: problem)) }
      return .int8(file.calibration)
    }
  }
}
