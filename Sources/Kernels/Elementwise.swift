import KernelTemplates

/// How many floats of an elementwise operation make a piece of work: two such pieces fit into a first-level cache.
private let piece = 4_096

/// y = f(x), element by element.
public func activate(_ activation: Activation, _ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  mapPieces(x, into: &y, on: processor) { processor.kernels.activate(activation, 0, $0, $1, $2) }
}

/// y = scale · x + shift, element by element.
public func scaleAndShift(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>, on processor: Processor) {
  mapPieces(x, into: &y, on: processor) { processor.kernels.scaleAndShift(scale, shift, $0, $1, $2) }
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
      processor.threads.forEach(y.count / count) { _, map in
        let channel = map % scale.count
        processor.kernels.scaleAndShift(scale[channel], shift[channel], x + map * count, target + map * count, count)
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
        processor.threads.forEach(scales.count) { _, map in
          processor.kernels.scaleAndShift(scales[map], 0, x + map * count, target + map * count, count)
        }
      }
    }
  }
}

/// y = activation(a + b), element by element.
public func add(
  _ a: Span<Float>, _ b: Span<Float>, activation: Activation = .linear, into y: inout MutableSpan<Float>, on processor: Processor
) {
  combinePieces(a, b, into: &y, on: processor) { a, b, y, count in
    processor.kernels.add(a, b, y, count)
    if activation != .linear { processor.kernels.activate(activation, 0, UnsafePointer(y), y, count) }
  }
}

/// y = a · b, element by element.
public func multiply(_ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  combinePieces(a, b, into: &y, on: processor) { processor.kernels.multiply($0, $1, $2, $3) }
}

private func mapPieces(
  _ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
) {
  precondition(x.count == y.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let source = x.baseAddress, let target = y.baseAddress else { return }
      processor.threads.forEach((x.count + piece - 1) / piece) { _, index in
        body(source + index * piece, target + index * piece, min(piece, x.count - index * piece))
      }
    }
  }
}

private func combinePieces(
  _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
) {
  precondition(a.count == y.count && b.count == y.count)
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      y.withUnsafeMutableBufferPointer { y in
        guard let left = a.baseAddress, let right = b.baseAddress, let target = y.baseAddress else { return }
        processor.threads.forEach((a.count + piece - 1) / piece) { _, index in
          body(left + index * piece, right + index * piece, target + index * piece, min(piece, a.count - index * piece))
        }
      }
    }
  }
}
