public import Media
public import Tensors

extension PicturePlacement {
  /// The network's input `[1, channels, height, width]`, 0…1, with the picture resized into its place and grey (0.5) around it.
  ///
  /// Bilinear with pixel centres at halves and without smoothing, `source = (target + ½) · pictureSize / size − ½`, clamped to the picture: of the
  /// rules in use, the one that gives YOLOv3-tiny's published detections (docs/apps/detect.md has the comparison). `image` is the picture itself or a smaller
  /// copy of it, as a JPEG decoder can give: boxes are mapped by this placement, not by the size of `image`. Alpha is composited on white.
  /// For one channel the luma `0.299 R + 0.587 G + 0.114 B` is taken (ITU-R BT.601).
  ///
  /// - Throws: ``DetectionError/network(problem:)`` when the network wants other than one or three channels, or `image` has no pixels.
  public func input(of image: Image, channels: Int = 3) throws(DetectionError) -> Tensor {
    guard channels == 1 || channels == 3 else {
      throw .network(problem: "the network wants pictures of \(channels) channels, expected 1 (grey) or 3 (red, green, blue)")
    }
    guard image.width > 0 && image.height > 0 else { throw .network(problem: "a picture of \(image.width)×\(image.height) has no pixels to look at") }
    var planes = Tensor([1, 3, inputHeight, inputWidth], repeating: 0.5)
    let plane = inputHeight * inputWidth
    let target = BilinearResize.Target(start: y * inputWidth + x, rowStride: inputWidth, planeStride: plane)
    let resize = BilinearResize(image, width: width, height: height)
    planes.withMutableSpan { resize.write(to: &$0, at: target) }
    guard channels == 1 else { return planes }

    var luma = Tensor([1, 1, inputHeight, inputWidth])
    let colors = planes.span
    luma.withMutableSpan { span in
      for index in 0..<plane { span[index] = 0.299 * colors[index] + 0.587 * colors[plane + index] + 0.114 * colors[2 * plane + index] }
    }
    return luma
  }
}
