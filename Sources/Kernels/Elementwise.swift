import KernelTemplates

/// How many floats of an elementwise operation make a piece of work: two such pieces fit into a first-level cache.
private let piece = 4_096

/// y = f(x), element by element.
public func activate(_ activation: Activation, _ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  map(.activate(activation), x, into: &y, on: processor)
}

/// y = scale · x + shift, element by element.
public func scaleAndShift(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>, on processor: Processor) {
  map(.scaleAndShift(scale, shift), x, into: &y, on: processor)
}

/// y[m, i] = scale[m mod channels] · x[m, i] + shift[m mod channels] for maps of `count` floats: what batch normalisation is once its statistics are known.
public func scaleAndShiftMaps(
  _ x: Span<Float>, scale: [Float], shift: [Float], mapCount count: Int, into y: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(x.count == y.count && (count == 0 || x.count % (count * scale.count) == 0) && scale.count == shift.count)
  guard count > 0 else { return }
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let target = y.baseAddress else { return }
      processor.threads.forEach(y.count / count, (processor.kernels, x, target, scale, shift, count)) { work, _, map in
        let (kernels, x, target, scale, shift, count) = work
        let channel = map % scale.count
        kernels.scaleAndShift(scale[channel], shift[channel], x + map * count, target + map * count, count)
      }
    }
  }
}

/// y[m, i] = x[m, i] · s[m] for maps of `count` floats.
public func scaleMaps(_ x: Span<Float>, by scales: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  guard scales.count > 0 else { return }
  let count = x.count / scales.count
  precondition(x.count == y.count && x.count == count * scales.count)
  x.withUnsafeBufferPointer { x in
    scales.withUnsafeBufferPointer { scales in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let target = y.baseAddress else { return }
        processor.threads.forEach(scales.count, (processor.kernels, x, target, scales, count)) { work, _, map in
          let (kernels, x, target, scales, count) = work
          kernels.scaleAndShift(scales[map], 0, x + map * count, target + map * count, count)
        }
      }
    }
  }
}

/// y = activation(a + b), element by element.
public func add(
  _ a: Span<Float>, _ b: Span<Float>, activation: Activation = .linear, into y: inout MutableSpan<Float>, on processor: Processor
) {
  combine(.add(activation), a, b, into: &y, on: processor)
}

/// y = a · b, element by element.
public func multiply(_ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  combine(.multiply, a, b, into: &y, on: processor)
}

private enum Map {
  case activate(Activation)
  case scaleAndShift(Float, Float)
}

private func map(_ function: Map, _ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(x.count == y.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let source = x.baseAddress, let target = y.baseAddress else { return }
      processor.threads.forEach((x.count + piece - 1) / piece, (function, processor.kernels, source, target, x.count)) { work, _, index in
        let (function, kernels, source, target, total) = work
        let first = index * piece, count = min(piece, total - first)
        switch function {
        case .activate(let activation): kernels.activate(activation, 0, source + first, target + first, count)
        case .scaleAndShift(let scale, let shift): kernels.scaleAndShift(scale, shift, source + first, target + first, count)
        }
      }
    }
  }
}

private enum Combination {
  case add(Activation)
  case multiply
}

private func combine(
  _ function: Combination, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(a.count == y.count && b.count == y.count)
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      y.withUnsafeMutableBufferPointer { y in
        guard let left = a.baseAddress, let right = b.baseAddress, let target = y.baseAddress else { return }
        let work = (function, processor.kernels, left, right, target, a.count)
        processor.threads.forEach((a.count + piece - 1) / piece, work) { work, _, index in
          let (function, kernels, left, right, target, total) = work
          let first = index * piece, count = min(piece, total - first)
          switch function {
          case .multiply: kernels.multiply(left + first, right + first, target + first, count)
          case .add(let activation):
            kernels.add(left + first, right + first, target + first, count)
            if activation != .linear { kernels.activate(activation, 0, UnsafePointer(target + first), target + first, count) }
          }
        }
      }
    }
  }
}
