import CCairo

/// Draws on a picture with cairo: coordinates are pixels from the top left corner, sizes are pixels, edges are smooth. Drawing outside the picture is cut off.
///
/// ```swift
/// let canvas = try Canvas(photo)
/// canvas.strokeRectangle(box, color: .distinct(0), lineWidth: 3)
/// canvas.text("dog 98 %", at: corner, size: 16, color: .white, anchor: .bottomLeft)
/// try saveImage(canvas.image(), to: "annotated.png")
/// ```
@safe public final class Canvas {
  public let width: Int
  public let height: Int
  private let layout: Image.Layout
  private let surface: OpaquePointer

  /// A canvas that shows `image`.
  ///
  /// - Throws: ``ImageError`` when the picture is empty or larger than cairo can draw on (32,767 pixels a side).
  public init(_ image: Image) throws(ImageError) {
    width = image.width
    height = image.height
    layout = image.layout
    let format = image.layout == .rgba ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24
    unsafe surface = cairo_image_surface_create(format, Int32(clamping: max(width, 0)), Int32(clamping: max(height, 0)))
    let status = unsafe cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS && width > 0 && height > 0 else {
      let reason = status == CAIRO_STATUS_SUCCESS ? "it has no pixels" : unsafe String(cString: cairo_status_to_string(status))
      throw ImageError(path: "canvas", kind: .notDrawable(width: width, height: height, reason: reason))
    }
    fill(from: image)
  }

  /// A canvas of one colour.
  public convenience init(width: Int, height: Int, background: Color = .white) throws(ImageError) {
    guard width > 0 && height > 0 && width <= 32_767 && height <= 32_767 else {
      throw ImageError(path: "canvas", kind: .notDrawable(width: width, height: height, reason: "each side must have from 1 to 32767 pixels"))
    }
    try self.init(Image(width: width, height: height, filledWith: (255, 255, 255)))
    fillRectangle(Rectangle(x: 0, y: 0, width: Double(width), height: Double(height)), color: background)
  }

  deinit { unsafe cairo_surface_destroy(surface) }

  // MARK: Shapes

  public func strokeRectangle(_ rectangle: Rectangle, color: Color, lineWidth: Double, cornerRadius: Double = 0) {
    unsafe draw(color) { context in
      unsafe addPath(of: rectangle, cornerRadius: cornerRadius, to: context)
      unsafe stroke(context, lineWidth: lineWidth, dashes: [])
    }
  }

  public func fillRectangle(_ rectangle: Rectangle, color: Color, cornerRadius: Double = 0) {
    unsafe draw(color) { context in
      unsafe addPath(of: rectangle, cornerRadius: cornerRadius, to: context)
      unsafe cairo_fill(context)
    }
  }

  /// - Parameter dashes: lengths of strokes and gaps in turn; none for an unbroken line.
  public func line(from start: Point, to end: Point, color: Color, lineWidth: Double, dashes: [Double] = []) {
    polyline([start, end], color: color, lineWidth: lineWidth, dashes: dashes)
  }

  /// Straight lines from point to point.
  public func polyline(_ points: [Point], color: Color, lineWidth: Double, dashes: [Double] = []) {
    unsafe draw(color) { context in
      unsafe addPath(through: points, to: context)
      unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      unsafe stroke(context, lineWidth: lineWidth, dashes: dashes)
    }
  }

  public func fillPolygon(_ points: [Point], color: Color) {
    unsafe draw(color) { context in
      unsafe addPath(through: points, to: context)
      unsafe cairo_fill(context)
    }
  }

  public func fillCircle(center: Point, radius: Double, color: Color) {
    unsafe draw(color) { context in
      unsafe cairo_arc(context, center.x, center.y, max(radius, 0), 0, 2 * .pi)
      unsafe cairo_fill(context)
    }
  }

  /// Calls `body`, whose drawing is cut to `rectangle`.
  public func clipped(to rectangle: Rectangle, _ body: () -> Void) {
    clips.append(rectangle)
    body()
    clips.removeLast()
  }

  // MARK: Text

  /// Writes one line of text.
  ///
  /// - Parameters:
  ///   - point: where the anchor of the text goes.
  ///   - size: the font size: capital letters are about 0.73 of it high. Nothing is drawn in sizes below 0.1 or above 10,000.
  ///   - quarterTurns: how often the text is turned by 90° anticlockwise about `point`.
  public func text(
    _ text: String, at point: Point, size: Double, color: Color, anchor: TextAnchor = .baselineLeft, isBold: Bool = false, quarterTurns: Int = 0
  ) {
    guard Canvas.fontSizes.contains(size) else { return }
    let extent = textSize(text, size: size, isBold: isBold)
    unsafe draw(color) { context in
      unsafe selectFont(context, size: size, isBold: isBold)
      unsafe cairo_translate(context, point.x, point.y)
      unsafe cairo_rotate(context, -.pi / 2 * Double(quarterTurns))
      unsafe cairo_move_to(context, -anchor.across * extent.width, anchor.rise(of: extent))
      unsafe cairo_show_text(context, text)
    }
  }

  /// The room that ``text(_:at:size:color:anchor:isBold:quarterTurns:)`` takes.
  public func textSize(_ text: String, size: Double, isBold: Bool = false) -> TextSize {
    guard Canvas.fontSizes.contains(size) else { return TextSize(width: 0, ascent: 0, descent: 0) }
    var extents = cairo_text_extents_t()
    var font = cairo_font_extents_t()
    unsafe draw(.black) { context in
      unsafe selectFont(context, size: size, isBold: isBold)
      unsafe cairo_text_extents(context, text, &extents)
      unsafe cairo_font_extents(context, &font)
    }
    return TextSize(width: extents.x_advance, ascent: font.ascent, descent: font.descent)
  }

  // MARK: Pixels

  /// What has been drawn so far, in the layout of the picture that the canvas began with.
  public func image() -> Image {
    unsafe cairo_surface_flush(surface)
    let rows = unsafe UnsafeRawPointer(cairo_image_surface_get_data(surface)!)
    let stride = unsafe Int(cairo_image_surface_get_stride(surface))
    let count = width * height * layout.rawValue
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      for y in 0..<height {
        let from = unsafe (rows + y * stride).assumingMemoryBound(to: UInt32.self)
        let to = unsafe target.baseAddress! + y * width * layout.rawValue
        if layout == .rgb { unsafe unpack(from, to, count: width) } else { unsafe unpackPremultiplied(from, to, count: width) }
      }
      initialized = count
    }
    return Image(width: width, height: height, layout: layout, pixels: pixels)
  }

  private func fill(from image: Image) {
    unsafe cairo_surface_flush(surface)
    let rows = unsafe UnsafeMutableRawPointer(cairo_image_surface_get_data(surface)!)
    let stride = unsafe Int(cairo_image_surface_get_stride(surface))
    unsafe image.pixels.withUnsafeBufferPointer { source in
      for y in 0..<height {
        let from = unsafe source.baseAddress! + y * width * layout.rawValue
        let to = unsafe (rows + y * stride).assumingMemoryBound(to: UInt32.self)
        if layout == .rgb { unsafe pack(from, to, count: width) } else { unsafe packPremultiplied(from, to, count: width) }
      }
    }
    unsafe cairo_surface_mark_dirty(surface)
  }

  // MARK: cairo

  /// A size that the font library refuses would spoil the font for all threads that use it at that moment.
  private static let fontSizes = 0.1...10_000

  private var clips: [Rectangle] = []

  /// Each drawing has a context of its own (about a microsecond), so that one which fails, for want of a font or of memory, does not stop the next.
  private func draw(_ color: Color, _ body: (OpaquePointer) -> Void) {
    guard let context = unsafe cairo_create(surface) else { return }
    defer { unsafe cairo_destroy(context) }
    for clip in clips {
      unsafe cairo_rectangle(context, clip.x, clip.y, clip.width, clip.height)
      unsafe cairo_clip(context)
    }
    unsafe cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
    unsafe body(context)
  }

  private func addPath(of rectangle: Rectangle, cornerRadius: Double, to context: OpaquePointer) {
    let radius = min(cornerRadius, rectangle.width / 2, rectangle.height / 2)
    guard radius > 0 else { return unsafe cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height) }
    let left = rectangle.x + radius, right = rectangle.x + rectangle.width - radius
    let top = rectangle.y + radius, bottom = rectangle.y + rectangle.height - radius
    unsafe cairo_arc(context, right, top, radius, -.pi / 2, 0)
    unsafe cairo_arc(context, right, bottom, radius, 0, .pi / 2)
    unsafe cairo_arc(context, left, bottom, radius, .pi / 2, .pi)
    unsafe cairo_arc(context, left, top, radius, .pi, 1.5 * .pi)
    unsafe cairo_close_path(context)
  }

  private func addPath(through points: [Point], to context: OpaquePointer) {
    for point in points { unsafe cairo_line_to(context, point.x, point.y) }
  }

  private func stroke(_ context: OpaquePointer, lineWidth: Double, dashes: [Double]) {
    unsafe cairo_set_line_width(context, lineWidth)
    if !dashes.isEmpty { unsafe cairo_set_dash(context, dashes, Int32(dashes.count), 0) }
    unsafe cairo_stroke(context)
  }

  /// The same letters on every machine: no hinting, grey edges. Where DejaVu Sans is missing fontconfig chooses another, and without any font cairo
  /// draws with one of its own.
  private func selectFont(_ context: OpaquePointer, size: Double, isBold: Bool) {
    unsafe cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    unsafe cairo_set_font_size(context, size)
    let options = unsafe cairo_font_options_create()
    defer { unsafe cairo_font_options_destroy(options) }
    unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    unsafe cairo_set_font_options(context, options)
  }
}
