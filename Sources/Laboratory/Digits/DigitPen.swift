import Glibc
import Media
import Tensors

/// Draws digits, no two alike: in two weights of a font, in many sizes, places, slants and bends, paler or darker, with noise.
struct DigitPen {
  /// The digits as they are drawn before they are bent: `forms[bold ? 1 : 0][digit]`, ink from 0 to 1.
  private let forms: [[[Float]]]
  private static let formSide = 64

  /// - Throws: ``ImageError`` when nothing can be drawn.
  init() throws(ImageError) {
    var forms: [[[Float]]] = [[], []]
    for isBold in [false, true] {
      for digit in 0..<10 {
        let canvas = try Canvas(width: Self.formSide, height: Self.formSide, background: .black)
        let middle = Double(Self.formSide) / 2
        // Capitals are 0.73 of the size high, digits alike: the form is 40 pixels high, around the middle.
        canvas.text("\(digit)", at: Point(x: middle, y: middle + 20), size: 40 / 0.73, color: .white, anchor: .baseline, isBold: isBold)
        let pixels = canvas.image().pixels
        forms[isBold ? 1 : 0].append(stride(from: 0, to: pixels.count, by: 3).map { Float(pixels[$0]) / 255 })
      }
    }
    self.forms = forms
  }

  /// As many of each digit, one after the other.
  func digits(_ count: Int, using random: inout RandomNumbers) -> Digits {
    let size = Digits.side * Digits.side
    var x = Tensor([count, 1, Digits.side, Digits.side])
    for index in 0..<count {
      let picture = draw(index % 10, using: &random)
      x.withMutableSpan { span in for pixel in 0..<size { span[index * size + pixel] = picture[pixel] } }
    }
    return Digits(x: x, labels: (0..<count).map { $0 % 10 }, source: "generated")
  }

  /// A picture's pixel (u, v) from its middle shows the form at A · (u, v) + bends: A turns, slants and scales.
  private func draw(_ digit: Int, using random: inout RandomNumbers) -> [Float] {
    let side = Digits.side, form = forms[random.uniform() < 0.5 ? 0 : 1][digit]
    let turn = 0.22 * random.normal(), slant = 0.25 * random.normal()
    let height = random.uniform(in: 12..<25), width = height * random.uniform(in: 0.75..<1.2)
    let x = 1.6 * random.normal(), y = 1.6 * random.normal(), light = random.uniform(in: 0.6..<1)
    let bend = (0..<4).map { _ in 1.3 * random.normal() }, phase = (0..<4).map { _ in 2 * Float.pi * random.uniform() }
    let noise = random.uniform(in: 0.02..<0.12), cosine = cosf(turn), sine = sinf(turn)
    var picture = [Float](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        var ink: Float = 0
        // Four places a pixel: forms are up to three times as large as digits.
        for part in 0..<4 {
          let u = Float(column) + (part & 1 == 0 ? 0.25 : 0.75) - Float(side) / 2 - x, v = Float(row) + (part < 2 ? 0.25 : 0.75) - Float(side) / 2 - y
          let across = (cosine * u + sine * v) * 40 / width, along = (cosine * v - sine * u) * 40 / height
          let s = across + slant * along, t = along
          let bent = s + bend[0] * sinf(t / 9 + phase[0]) + bend[1] * sinf(t / 5 + phase[1])
          let risen = t + bend[2] * sinf(s / 9 + phase[2]) + bend[3] * sinf(s / 5 + phase[3])
          ink += Self.ink(of: form, bent, risen)
        }
        picture[row * side + column] = min(1, max(0, light * ink / 4 + noise * random.normal()))
      }
    }
    return picture
  }

  /// Between the four nearest pixels of a form, whose middle is at (0, 0); 0 outside.
  private static func ink(of form: [Float], _ x: Float, _ y: Float) -> Float {
    let x = x + Float(formSide) / 2 - 0.5, y = y + Float(formSide) / 2 - 0.5, last = Float(formSide - 1)
    guard x >= 0, y >= 0, x < last, y < last else { return 0 }
    let column = Int(x), row = Int(y), right = x - Float(column), below = y - Float(row), place = row * formSide + column
    let top = form[place] * (1 - right) + form[place + 1] * right, bottom = form[place + formSide] * (1 - right) + form[place + formSide + 1] * right
    return top * (1 - below) + bottom * below
  }
}
