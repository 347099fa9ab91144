public import Learning
public import Media

extension ConfusionMatrix {
  /// The matrix as a picture: a row an actual class, a column what it was taken for; the darker, the larger a part of the row. Right answers are blue, wrong ones red.
  ///
  /// - Parameter classes: the names, as many as there are classes.
  /// - Throws: ``ImageError`` when there are too many classes for a picture.
  public func picture(title: String, classes names: [String]) throws(ImageError) -> Image {
    precondition(names.count == classCount, "\(names.count) names for \(classCount) classes")
    let cell = Double(classCount <= 12 ? 64 : 32), left = 150.0, top = 96.0, side = cell * Double(classCount)
    let canvas = try Canvas(width: Int(left + side) + 24, height: Int(top + side) + 24)
    canvas.text(title, at: Point(x: 16, y: 28), size: 18, color: .black, isBold: true)
    canvas.text("taken for", at: Point(x: left, y: 56), size: 13, color: Color(gray: 0.4))
    for row in classes {
      let y = top + cell * Double(row)
      canvas.text(fitted(names[row], 18), at: Point(x: 16, y: y + cell / 2 + 5), size: 13, color: .black)
      canvas.text(fitted(names[row], Int(cell / 8)), at: Point(x: left + cell * (Double(row) + 0.5), y: top - 8), size: 13, color: .black, anchor: .baseline)
      for column in classes {
        let count = self[row, column], share = Double(count) / Double(max(1, actualCount(row))), x = left + cell * Double(column)
        let color = Color(hue: row == column ? 0.6 : 0.0, saturation: 0.85 * share, value: 1 - 0.25 * share)
        canvas.fillRectangle(Rectangle(x: x + 1, y: y + 1, width: cell - 2, height: cell - 2), color: color)
        canvas.text("\(count)", at: Point(x: x + cell / 2, y: y + cell / 2), size: 14, color: share > 0.5 ? .white : .black, anchor: .center)
      }
    }
    return canvas.image()
  }

  private func fitted(_ text: String, _ length: Int) -> String { text.count > length ? "\(text.prefix(max(1, length - 1)))…" : text }
}
