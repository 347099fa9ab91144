import KernelTemplates

/// y = x in another layout.
public func changeLayout(_ x: Span<Float>, from: FeatureMaps, into y: inout MutableSpan<Float>, to: FeatureMaps, on processor: Processor) {
  precondition(x.count == from.count && y.count == to.count)
  let lanes = processor.kernels.lanes
  precondition((from.layout.lanes == 1 || from.layout.lanes == lanes) && (to.layout.lanes == 1 || to.layout.lanes == lanes))
  precondition(from.batch == to.batch && from.channels == to.channels && from.height == to.height && from.width == to.width)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      let groups = min(from.blocks, to.blocks)
      processor.threads.forEach(to.batch * groups, (processor.kernels, from, to, groups, x, y)) { work, _, index in
        let (kernels, from, to, groups, x, y) = work
        let image = index / groups
        kernels.changeLayout(from, to, index % groups, x + image * from.imageStride, y + image * to.imageStride)
      }
    }
  }
}
