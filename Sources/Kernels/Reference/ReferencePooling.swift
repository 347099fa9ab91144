extension Reference {
  /// The maximum or mean of each window of each map: see ``pool(_:_:geometry:maps:into:scratch:on:)``.
  public static func pool(_ kind: PoolingKind, _ x: [Float], geometry g: PoolingGeometry, maps: Int) -> [Float] {
    var y = [Float]()
    for map in 0..<maps {
      for i in 0..<g.outputHeight {
        for j in 0..<g.outputWidth {
          var window = [Float]()
          for u in 0..<g.size {
            for v in 0..<g.size {
              let row = i * g.stride + u - g.top, column = j * g.stride + v - g.left
              guard (0..<g.inputHeight).contains(row), (0..<g.inputWidth).contains(column) else { continue }
              window.append(x[(map * g.inputHeight + row) * g.inputWidth + column])
            }
          }
          switch kind {
          case .max: y.append(window.contains(where: \.isNaN) ? .nan : window.max() ?? -.infinity)
          case .average: y.append(window.isEmpty ? 0 : Float(window.reduce(0.0) { $0 + Double($1) } / Double(window.count)))
          }
        }
      }
    }
    return y
  }
}
