import KernelTemplates

/// y = x in another layout.
public func changeLayout(_ x: Span<Float>, from: FeatureMaps, into y: inout MutableSpan<Float>, to: FeatureMaps, on processor: Processor) {
  precondition(x.count == from.count && y.count == to.count)
  precondition(from.batch == to.batch && from.channels == to.channels && from.height == to.height && from.width == to.width)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      processor.threads.forEach(to.batch * to.blocks, (processor.kernels, from, to, x, y)) { work, _, index in
        let (kernels, from, to, x, y) = work
        let image = index / to.blocks
        kernels.changeLayout(from, to, index % to.blocks, x + image * from.imageStride, y + image * to.imageStride)
      }
    }
  }
}
