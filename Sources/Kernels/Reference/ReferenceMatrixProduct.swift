extension Reference {
  /// c[i, j] = f(start[i, j] + Σ_k op(a)[i, k] · op(b)[k, j]); operands contiguous, `start` [rows][columns].
  public static func matrixProduct(
    _ a: [Float], _ b: [Float], rows: Int, columns: Int, depth: Int, transposesA: Bool, transposesB: Bool, start: [Float],
    activation: Activation = .linear
  ) -> [Float] {
    var c = [Float]()
    for i in 0..<rows {
      for j in 0..<columns {
        var sum = Double(start[i * columns + j])
        for k in 0..<depth {
          sum += Double(a[transposesA ? k * rows + i : i * depth + k]) * Double(b[transposesB ? j * depth + k : k * columns + j])
        }
        c.append(Float(activate(activation, sum)))
      }
    }
    return c
  }
}
