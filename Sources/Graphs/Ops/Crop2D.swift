import Kernels
import Tensors

/// y[n, c, i, j] = x[n, c, top + i, left + j]: a rectangle of feature maps. Input: x [batch, channels, height, width].
public struct Crop2D: Operation {
  public var top, left, height, width: Int

  public init(top: Int, left: Int, height: Int, width: Int) {
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }

  public var name: String { "crop" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    try x.expectFeatureMaps()
    guard top >= 0, left >= 0, height > 0, width > 0, top + height <= x.height, left + width <= x.width else {
      throw ShapeError("rows \(top)..<\(top + height) and columns \(left)..<\(left + width) are not within \(x.height)×\(x.width)")
    }
    return [x.batch, x.channels, height, width]
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0]
    return KernelCall { inputs, output, _ in
      for map in 0..<x.batch * x.channels {
        for row in 0..<height {
          copy(
            inputs[0], from: (map * x.height + top + row) * x.width + left, count: width, into: &output, at: (map * height + row) * width)
        }
      }
    }
  }
}

extension Crop2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    let rows = try graph.append(PadZeros(axis: 2, before: top, after: x.height - top - height), [site.gradient])
    return [try graph.append(PadZeros(axis: 3, before: left, after: x.width - left - width), [rows])]
  }
}
