import KernelTemplates

/// dx = f'(x) · dy, element by element of feature maps that have borders of their own.
///
/// - Parameters:
///   - v: the activation's result y if its ``Activation/gradientUsesResult``, else its argument x.
public func activationGradient(
  _ activation: Activation, _ v: Span<Float>, from vMaps: FeatureMaps, of dy: Span<Float>, from dyMaps: FeatureMaps,
  into dx: inout MutableSpan<Float>, to dxMaps: FeatureMaps, on processor: Processor
) {
  if vMaps == dyMaps && vMaps == dxMaps && vMaps.layout.border == 0 { return activationGradient(activation, v, of: dy, into: &dx, on: processor) }
  precondition(v.count == vMaps.count && dy.count == dyMaps.count && dx.count == dxMaps.count && vMaps.blocks == dxMaps.blocks)
  precondition(dyMaps.blocks == dxMaps.blocks && vMaps.height == dxMaps.height && dyMaps.height == dxMaps.height && vMaps.width == dxMaps.width)
  v.withUnsafeBufferPointer { v in
    dy.withUnsafeBufferPointer { dy in
      dx.withUnsafeMutableBufferPointer { dx in
        guard let v = v.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        let bands = MapBands(dxMaps), work = (processor.kernels, activation, bands, v, vMaps, dy, dyMaps, dx, dxMaps)
        processor.threads.forEach(bands.count, work) { work, _, piece in
          let (kernels, activation, bands, v, vMaps, dy, dyMaps, dx, dxMaps) = work
          let (block, rows) = bands[piece]
          if rows.lowerBound == 0 { kernels.clearBorder(dxMaps, dx + block * dxMaps.blockStride) }
          for row in rows {
            func place(_ maps: FeatureMaps) -> Int { block * maps.blockStride + maps.origin + row * maps.rowStride }
            kernels.activationGradient(activation, v + place(vMaps), dy + place(dyMaps), dx + place(dxMaps), dxMaps.width * dxMaps.layout.lanes)
          }
        }
      }
    }
  }
}

/// dx = f'(x) · dy, element by element.
///
/// - Parameters:
///   - v: the activation's result y if its ``Activation/gradientUsesResult``, else its argument x. All operands lie alike.
public func activationGradient(
  _ activation: Activation, _ v: Span<Float>, of dy: Span<Float>, into dx: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(v.count == dy.count && dx.count == dy.count)
  v.withUnsafeBufferPointer { v in
    dy.withUnsafeBufferPointer { dy in
      dx.withUnsafeMutableBufferPointer { dx in
        guard let v = v.baseAddress, let first = dy.baseAddress, let dx = dx.baseAddress else { return }
        processor.threads.forEach((dy.count + 8_191) / 8_192, (processor.kernels, activation, v, first, dx, dy.count)) { work, _, piece in
          let (kernels, activation, v, dy, dx, total) = work
          let start = piece * 8_192
          kernels.activationGradient(activation, v + start, dy + start, dx + start, min(8_192, total - start))
        }
      }
    }
  }
}

/// The gradient of ``pool(_:_:from:geometry:into:to:scratch:on:)``: dx gets dy at the first place of each window's maximum, or an equal share of it at each
/// pixel of the window inside the map.
///
/// - Parameters:
///   - x: the maps that were pooled. dy lies as `to` says.
///   - maps: how dx lies: as x, but with any border; nil for as x.
public func poolGradient(
  _ kind: PoolingKind, _ x: Span<Float>, from: FeatureMaps, geometry: PoolingGeometry, of dy: Span<Float>, to: FeatureMaps,
  into dx: inout MutableSpan<Float>, maps: FeatureMaps? = nil, on processor: Processor
) {
  let maps = maps ?? from
  precondition(x.count == from.count && dx.count == maps.count && dy.count == to.count && from.layout.lanes == to.layout.lanes)
  precondition(maps.blocks == from.blocks && maps.batch == from.batch && maps.height == from.height && maps.width == from.width)
  precondition(from.batch == to.batch && from.channels == to.channels && from.height == geometry.inputHeight && from.width == geometry.inputWidth)
  precondition(to.height == geometry.outputHeight && to.width == geometry.outputWidth)
  x.withUnsafeBufferPointer { x in
    dy.withUnsafeBufferPointer { dy in
      dx.withUnsafeMutableBufferPointer { dx in
        guard let x = x.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        let work = (processor.kernels, kind, geometry, x, from, dy, to, dx, maps)
        processor.threads.forEach(from.batch * from.blocks, work) { work, _, block in
          let (kernels, kind, geometry, x, from, dy, to, dx, maps) = work
          let target = dx + block * maps.blockStride
          target.update(repeating: 0, count: maps.blockStride)
          let windows = PoolingGradient(
            geometry: geometry, x: x + block * from.blockStride + from.origin, xRowStep: from.rowStride, dy: dy + block * to.blockStride + to.origin,
            dyRowStep: to.rowStride, dx: target + maps.origin, dxRowStep: maps.rowStride)
          switch kind {
          case .average: kernels.averagePoolGradient(windows, from.layout.lanes)
          case .max: if from.layout.lanes == 1 { kernels.maxPoolGradient(windows) } else { kernels.maxPoolGradientBlock(windows) }
          }
        }
      }
    }
  }
}

/// dx[n, c, i, j] = dy[n, c, 0, 0] / (height · width): the gradient of ``averageMaps(_:from:into:to:on:)``.
public func averageMapsGradient(_ dy: Span<Float>, to: FeatureMaps, into dx: inout MutableSpan<Float>, from: FeatureMaps, on processor: Processor) {
  precondition(dx.count == from.count && dy.count == to.count && from.layout.lanes == to.layout.lanes && to.height == 1 && to.width == 1)
  precondition(from.batch == to.batch && from.channels == to.channels)
  dy.withUnsafeBufferPointer { dy in
    dx.withUnsafeMutableBufferPointer { dx in
      guard let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
      processor.threads.forEach(from.batch * from.blocks, (processor.kernels, dy, to, dx, from)) { work, _, block in
        let (kernels, dy, to, dx, from) = work
        let source = dy + block * to.blockStride + to.origin, target = dx + block * from.blockStride, lanes = from.layout.lanes
        let scale = 1 / Float(from.height * from.width)
        kernels.clearBorder(from, target)
        if from.layout.border == 0 {
          kernels.repeatPixel(source, lanes, scale, target, from.blockStride)
        } else {
          for row in 0..<from.height { kernels.repeatPixel(source, lanes, scale, target + from.origin + row * from.rowStride, from.width * lanes) }
        }
      }
    }
  }
}
