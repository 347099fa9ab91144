import Kernels
import Tensors

/// Memory for feature maps in their layout, or for other numbers, which a sequence of kernels reads and writes.
final class MapBuffer {
  let maps: FeatureMaps
  var tensor: Tensor

  init(_ maps: FeatureMaps) {
    self.maps = maps
    tensor = Tensor([maps.count])
  }

  convenience init(count: Int) { self.init(FeatureMaps(batch: 1, channels: 1, height: 1, width: count)) }

  /// Random numbers from −`limit` to `limit`, the same in every layout, with zeros in the border.
  convenience init(_ maps: FeatureMaps, within limit: Float, using random: inout RandomNumbers, on processor: Processor) {
    self.init(maps)
    var plain = maps
    plain.layout = .plain
    let values = Tensor([plain.count], uniformIn: -limit..<limit, using: &random)
    write { changeLayout(values.span, from: plain, into: &$0, to: maps, on: processor) }
  }

  func write(_ body: (inout MutableSpan<Float>) -> Void) { tensor.withMutableSpan { body(&$0) } }

  /// The numbers without borders and blocks.
  func plain(on processor: Processor) -> Tensor {
    var plain = maps
    plain.layout = .plain
    if maps.layout == .plain { return tensor }
    let result = MapBuffer(plain)
    result.write { changeLayout(tensor.span, from: maps, into: &$0, to: plain, on: processor) }
    return result.tensor
  }
}

/// Writes to two buffers at once: a result and working memory, mostly.
func write(
  _ first: MapBuffer, _ second: MapBuffer, _ body: (inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
) {
  first.write { first in second.write { second in body(&first, &second) } }
}
