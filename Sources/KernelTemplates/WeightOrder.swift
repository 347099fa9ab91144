/// Where the weight of an output, a channel and a place of the window lies: start + group · groupStep + output · outputStep + channel · channelStep + row ·
/// rowStep + column · columnStep, output and channel counted within the group.
///
/// The same numbers read in another order are the weights of another convolution: that of the gradient, whose outputs are the channels and whose kernels are
/// turned by half a circle.
@frozen public struct WeightOrder: Sendable, Hashable {
  public var start, groupStep, outputStep, channelStep, rowStep, columnStep: Int

  @inlinable public init(start: Int = 0, groupStep: Int = 0, outputStep: Int, channelStep: Int, rowStep: Int, columnStep: Int) {
    self.start = start
    self.groupStep = groupStep
    self.outputStep = outputStep
    self.channelStep = channelStep
    self.rowStep = rowStep
    self.columnStep = columnStep
  }
}
