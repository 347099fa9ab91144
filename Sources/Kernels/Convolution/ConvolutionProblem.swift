import KernelTemplates

/// A convolution without its weights: the sizes and layouts of what it reads and writes, and what becomes of the sums.
///
/// y[n, o, i, j] = pool(activation(b[o] + r[n, o, i, j] + Σ_c,u,v w[o, c, u, v] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left]))
public struct ConvolutionProblem: Hashable, Sendable {
  public var input: FeatureMaps
  /// What is written: of half the height and width when it is pooled.
  public var output: FeatureMaps
  public var kernelHeight, kernelWidth, stride, dilation: Int
  /// Rows and columns of zeros before the picture.
  public var top, left: Int
  public var groups: Int
  public var activation: Activation
  /// How the maps r lie, which have the output's sizes, or nil when nothing is added.
  public var residual: FeatureMaps?
  /// Whether the maximum of each 2×2 outputs is written, rather than each.
  public var isPooled: Bool

  public init(
    input: FeatureMaps, output: FeatureMaps, kernelHeight: Int, kernelWidth: Int, stride: Int = 1, dilation: Int = 1, top: Int = 0, left: Int = 0,
    groups: Int = 1, activation: Activation = .linear, residual: FeatureMaps? = nil, isPooled: Bool = false
  ) {
    self.input = input
    self.output = output
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.top = top
    self.left = left
    self.groups = groups
    self.activation = activation
    self.residual = residual
    self.isPooled = isPooled
  }

  /// How many rows and columns of outputs there are before pooling.
  public var outputHeight: Int { isPooled ? 2 * output.height : output.height }
  public var outputWidth: Int { isPooled ? 2 * output.width : output.width }
  public var groupChannels: Int { input.channels / groups }
  public var groupOutputs: Int { output.channels / groups }

  /// Numbers that the weights have: [outputs][channels of a group][kernel height][kernel width].
  public var weightCount: Int { output.channels * groupChannels * kernelHeight * kernelWidth }

  /// Where each weight lies when they are not in another order.
  public var weightOrder: WeightOrder {
    let window = kernelHeight * kernelWidth
    return WeightOrder(
      groupStep: groupOutputs * groupChannels * window, outputStep: groupChannels * window, channelStep: window, rowStep: kernelWidth, columnStep: 1)
  }

  /// How many multiplications and additions the sums take, as the formula has them.
  public var multiplyAdds: Int { input.batch * outputHeight * outputWidth * weightCount }

  /// Whether each output sees one channel of its own.
  public var isDepthwise: Bool { groups > 1 && groups == input.channels && groups == output.channels }

  /// How wide a border the input must have: windows reach so far over the edges, on the side where they reach furthest.
  public static func border(
    inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int, kernelHeight: Int, kernelWidth: Int, stride: Int, dilation: Int, top: Int,
    left: Int
  ) -> Int {
    let bottom = (outputHeight - 1) * stride + (kernelHeight - 1) * dilation + 1 - top - inputHeight
    let right = (outputWidth - 1) * stride + (kernelWidth - 1) * dilation + 1 - left - inputWidth
    return max(0, top, left, bottom, right)
  }

  var neededBorder: Int {
    kernelHeight == 0 ? 0 : Self.border(
      inputHeight: input.height, inputWidth: input.width, outputHeight: outputHeight, outputWidth: outputWidth, kernelHeight: kernelHeight,
      kernelWidth: kernelWidth, stride: stride, dilation: dilation, top: top, left: left)
  }
}

/// How a convolution is computed.
public enum ConvolutionAlgorithm: Hashable, Sendable, CustomStringConvertible {
  /// Sums as the formula has them, all of the depth in registers: any convolution.
  case direct
  /// A kernel a channel.
  case depthwise
  /// F(m×m, 3×3): 3×3 windows of stride 1. Threads share the blocks of tiles, or else the outputs.
  case winograd(size: Int, sharesOutputs: Bool)

  /// All that there are.
  public static let all: [ConvolutionAlgorithm] =
    [.direct, .depthwise] + [2, 4, 6].flatMap { size in [false, true].map { .winograd(size: size, sharesOutputs: $0) } }

  public var description: String {
    switch self {
    case .direct: "direct"
    case .depthwise: "depthwise"
    case .winograd(let size, let sharesOutputs): "winograd F(\(size)×\(size))\(sharesOutputs ? " by outputs" : "")"
    }
  }
}

extension ConvolutionProblem {
  /// The algorithms that can compute this, the one that should be fastest first.
  ///
  /// - Parameters:
  ///   - isThorough: whether transforming weights is worth its time.
  ///   - allowsLargeTiles: whether F(6×6) is among them: fewer multiplications than F(4×4), and errors some seven times as large.
  public func algorithms(on kernels: KernelTable, isThorough: Bool = true, allowsLargeTiles: Bool = false) -> [ConvolutionAlgorithm] {
    if isDepthwise, input.layout.lanes > 1, !isPooled, residual == nil { return [.depthwise, .direct] }
    guard isThorough, kernelHeight == 3, kernelWidth == 3, stride == 1, dilation == 1, groups == 1, input.layout.lanes > 1,
      input.channels >= kernels.lanes, output.channels >= kernels.lanes, outputHeight >= 4, outputWidth >= 4,
      !isPooled || ClampedLine(activation) != nil
    else { return [.direct] }
    func winograd(_ size: Int) -> [ConvolutionAlgorithm] { [false, true].map { .winograd(size: size, sharesOutputs: $0) } }
    let all = winograd(4) + winograd(2) + [.direct] + (allowsLargeTiles ? winograd(6) : [])
    return all.map { (algorithm: $0, cost: cost(of: $0)) }.sorted { $0.cost < $1.cost }.map(\.algorithm)
  }

  /// How long an algorithm should take, in multiplications and additions: those of its products and transforms, or the reading of its weights, whichever is
  /// longer, and a little of the other. The constants were fitted to measurements.
  private func cost(of algorithm: ConvolutionAlgorithm) -> Double {
    let products = Double(input.channels * output.channels), maps = Double(input.channels + output.channels)
    var arithmetic, streamed: Double
    switch algorithm {
    case .winograd(let size, let sharesOutputs):
      let planes = Double((size + 2) * (size + 2)), tiles = input.batch * ((outputHeight + size - 1) / size) * ((outputWidth + size - 1) / size)
      arithmetic = Double(tiles) * planes * (products + 12 * maps)
      streamed = planes * products
      if sharesOutputs {
        streamed += 2 * planes * Double(input.channels * tiles)  // written by all threads, read by all
      } else if streamed > 2_097_152 {  // beyond what caches keep from one block of tiles to the next
        streamed *= Double(max(2, (tiles + 27) / 28))
      }
    default:
      arithmetic = 1.05 * 9 * products * Double(input.batch * outputHeight * outputWidth)
      streamed = 9 * products
    }
    streamed *= 30  // products that take as long as a float from beyond the second-level cache
    return max(arithmetic, streamed) + 0.15 * min(arithmetic, streamed)
  }
}
