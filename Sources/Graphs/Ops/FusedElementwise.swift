import Kernels
import Tensors

/// y = f_n(… f_1(x)), element by element, in one pass over memory: what ``Graph/fusingElementwise()`` makes of operations that follow each other.
///
/// Inputs: x, then up to three operands of the functions.
struct FusedElementwise: Operation {
  /// A function of the element so far and the same element of an input.
  enum Function: Sendable {
    case activate(Activation)
    case scaleAndShift(Float, Float)
    case add(input: Int)
    case multiply(input: Int)
    /// The input has a number for each map.
    case scaleMaps(input: Int)
    case scaleAndShiftChannels(scale: [Float], shift: [Float])
  }

  /// How many inputs there may be.
  static let inputLimit = 4

  var functions: [Function]
  /// What the operations were called.
  var name: String

  func shape(of inputs: [Shape]) -> Shape { inputs[0] }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  func prepare(at site: Site) -> KernelCall {
    let maps = site.inputs.indices.map { site.channelMaps(ofInput: $0) }, y = site.outputChannelMaps, processor = site.processor
    let padded = y.blocks * y.layout.lanes
    let steps: [ElementwiseChain.Step] = functions.map { function in
      switch function {
      case .activate(let activation): .activate(activation)
      case .scaleAndShift(let scale, let shift): .scaleAndShift(scale, shift)
      case .add(let input): .add(operand: input - 1)
      case .multiply(let input): .multiply(operand: input - 1)
      case .scaleMaps(let input): .scaleMaps(operand: input - 1)
      case .scaleAndShiftChannels(let scale, let shift):
        .scaleAndShiftByConstants(scale: AlignedFloats(scale, paddedTo: padded), shift: AlignedFloats(shift, paddedTo: padded))
      }
    }
    let chain = ElementwiseChain(steps, x: maps[0], operands: Array(maps.dropFirst()), y: y), count = maps.count
    return KernelCall { inputs, output, _ in
      chain.run(
        inputs[0], count > 1 ? inputs[1] : nil, count > 2 ? inputs[2] : nil, count > 3 ? inputs[3] : nil, into: &output, on: processor)
    }
  }
}

extension Site {
  /// The sizes and layout of an input; what is not feature maps as maps of one row, with the channels on the second axis.
  func channelMaps(ofInput index: Int) -> FeatureMaps { inputs[index].channelMaps(in: inputLayouts[index]) }
  var outputChannelMaps: FeatureMaps { output.channelMaps(in: outputLayout) }
}

extension Shape {
  fileprivate func channelMaps(in layout: MapLayout) -> FeatureMaps {
    rank < 2 || rank == 4 ? maps(in: layout) : FeatureMaps(batch: self[0], channels: self[1], height: 1, width: count / max(1, self[0] * self[1]))
  }
}
