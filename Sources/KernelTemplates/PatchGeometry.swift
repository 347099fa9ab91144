/// How the windows of a convolution lie on its input.
@frozen public struct PatchGeometry: Sendable, Hashable {
  public var inputHeight, inputWidth, outputWidth: Int
  public var kernelHeight, kernelWidth, stride, dilation: Int
  /// Rows and columns of zeros before the first row and column of the input.
  public var top, left: Int

  @inlinable public init(
    inputHeight: Int, inputWidth: Int, outputWidth: Int, kernelHeight: Int, kernelWidth: Int, stride: Int, dilation: Int, top: Int, left: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.top = top
    self.left = left
  }
}
