import Graphs

/// A network that other programs' speed is known for, with random weights.
public struct BenchmarkNetwork: Sendable {
  /// As the rows of `percept bench` begin: `yolov3-tiny`.
  public let name: String
  /// What exactly it is.
  public let summary: String
  private let build: @Sendable (inout NetworkBuilder) throws -> Graph

  package init(_ name: String, _ summary: String, build: @escaping @Sendable (inout NetworkBuilder) throws -> Graph) {
    self.name = name
    self.summary = summary
    self.build = build
  }

  /// The networks of the speed table.
  public static let all: [BenchmarkNetwork] = [.yoloTiny, .vgg16, .resNet50, .mobileNetV2, .triggerWord]

  /// The network's graph and how many numbers training would change in it; the same numbers every time.
  public func graph() -> (graph: Graph, parameterCount: Int) {
    var builder = NetworkBuilder(seed: 1)
    do {
      let graph = try build(&builder)
      return (graph, builder.parameterCount)
    } catch { preconditionFailure("\(name): \(error)") }
  }
}
