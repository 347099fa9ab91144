/// Numbers as a line of small bars, from the least ▁ to the largest █: `█▆▄▃▂▂▁▁`.
///
/// More numbers than `width` are taken together by their means; one that is not finite is a gap.
package func sparkline(_ values: [Double], width: Int) -> String {
  guard width > 0, !values.isEmpty else { return "" }
  let count = min(width, values.count)
  let means = (0..<count).map { place in
    let part = values[place * values.count / count..<(place + 1) * values.count / count]
    return part.reduce(0, +) / Double(part.count)
  }
  let finite = means.filter(\.isFinite), bars = Array("▁▂▃▄▅▆▇█")
  guard let least = finite.min(), let largest = finite.max() else { return String(repeating: " ", count: count) }
  return String(means.map { mean in
    guard mean.isFinite else { return " " }
    return largest > least ? bars[min(bars.count - 1, Int((mean - least) / (largest - least) * Double(bars.count)))] : bars[0]
  })
}
