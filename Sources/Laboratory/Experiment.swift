public import Kernels
public import Learning

/// An experiment of the laboratory.
public struct Experiment: Sendable {
  public let name: String
  /// What it shows, in a line.
  public let summary: String
  /// Whether it begins with a network that was trained on other pictures: ``LabBench/backbone``.
  public let needsBackbone: Bool
  let body: @Sendable (LabBench) throws -> LabReport

  init(name: String, summary: String, needsBackbone: Bool = false, body: @escaping @Sendable (LabBench) throws -> LabReport) {
    self.name = name
    self.summary = summary
    self.needsBackbone = needsBackbone
    self.body = body
  }

  /// All of them, in the course's order.
  public static let all: [Experiment] = [
    logistic, planar, deep, initialization, regularization, dropout, gradientChecking, optimizers, batchNormalization, tuning, leNet, resNetSigns,
    errorAnalysis,
  ]

  public static func named(_ name: String) -> Experiment? { all.first { $0.name == name } }

  /// - Throws: ``ExamplesError`` or ``PictureSetError`` when a file of examples cannot be read.
  public func run(on bench: LabBench) throws -> LabReport { try body(bench) }
}

/// What an experiment works with.
public struct LabBench: Sendable {
  /// A folder with the course's data, nil to generate data.
  public var folder: String?
  public var seed: UInt64
  /// A part of the usual number of iterations: 1 for all.
  public var effort: Double
  public var processor: Processor
  /// EfficientNet-lite0 with its published weights, for experiments that need it; nil if it is not installed.
  public var backbone: EfficientNetLite0?
  /// Told what is being done, and which part of it, from 0 to 1.
  public var progress: @Sendable (_ what: String, _ part: Double) -> Void

  public init(
    folder: String? = nil, seed: UInt64 = 1, effort: Double = 1, processor: Processor = .default, backbone: EfficientNetLite0? = nil,
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) {
    self.folder = folder
    self.seed = seed
    self.effort = effort
    self.processor = processor
    self.backbone = backbone
    self.progress = progress
  }

  /// So many iterations, or fewer by ``effort``.
  func iterations(_ usual: Int) -> Int { max(1, Int(Double(usual) * effort)) }
}
