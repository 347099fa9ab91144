import KernelTemplates

/// Weights on their way into the order in which a ``ReducedConvolution`` reads them: [group][panel][segment][word of the segment][V · 1 or 2], each
/// word one, two or four channels; zeros for outputs and channels that fill up a block.
struct ReducedWeights {
  let plan: ReducedConvolutionPlan
  /// [outputs][channels / groups][kernel height][kernel width]
  let weights: UnsafePointer<Float>
  let packed: UnsafeMutablePointer<Float>

  private var window: Int { plan.problem.kernelHeight * plan.problem.kernelWidth }
  private var kernelCount: Int { plan.problem.groupChannels * window }

  /// Weights that are rounded to bf16, as floats or in pairs of which the upper half comes first.
  func packRounded(group: Int, panel: Int) {
    let width = plan.vectors(ofPanel: panel) * plan.lanes
    forEachOutput(group, panel) { lane, output in
      forEachWord(lane, width, group, panel) { word, block, place in
        let first = block * plan.lanes + word * plan.size.rawValue
        var bits = bitsOfHalf(output, channel: first, place)
        if plan.size == .pair { bits |= bitsOfHalf(output, channel: first + 1, place) >> 16 }
        return bits
      }
    }
  }

  /// Weights as signed bytes, the largest of an output 127, with what that makes of its sums' scale and of its bias.
  func packBytes(group: Int, panel: Int, bytes: ByteScale, scale: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>) {
    let width = plan.vectors(ofPanel: panel) * plan.lanes
    forEachOutput(group, panel) { lane, output in
      var largest: Float = 0
      if let output { for k in 0..<kernelCount { largest = max(largest, abs(weights[output * kernelCount + k])) } }
      let step = largest > 0 && largest.isFinite ? largest / 127 : 1
      var sum = 0
      forEachWord(lane, width, group, panel) { word, block, place in
        var bits: UInt32 = 0
        for part in 0..<4 {
          let weight = weight(output, channel: block * plan.lanes + 4 * word + part, place)
          let whole = weight.isFinite ? Int(max(-127, min(127, (weight / step).rounded(.toNearestOrEven)))) : 0
          sum += whole
          bits |= UInt32(UInt8(bitPattern: Int8(whole))) << (8 * part)
        }
        return bits
      }
      guard let output else { return }
      scale[output] = step / bytes.scale
      bias[output] -= step / bytes.scale * Float(Int(bytes.zero) * sum)
    }
  }

  /// Calls `body` with each lane of a panel and the output it belongs to, nil if to none.
  private func forEachOutput(_ group: Int, _ panel: Int, _ body: (_ lane: Int, _ output: Int?) -> Void) {
    let outputs = plan.problem.output.channels / plan.groups
    for lane in 0..<plan.vectors(ofPanel: panel) * plan.lanes {
      let inGroup = panel * 2 * plan.lanes + lane
      body(lane, inGroup < outputs ? group * outputs + inGroup : nil)
    }
  }

  /// Writes the words of one lane of a panel.
  private func forEachWord(_ lane: Int, _ width: Int, _ group: Int, _ panel: Int, _ bits: (_ word: Int, _ block: Int, _ place: Int) -> UInt32) {
    var target = packed + (group * plan.groupWeightCount + plan.panelStart(panel) + lane)
    for block in 0..<plan.problem.input.blocks / plan.groups {
      for place in 0..<window {
        for word in 0..<plan.pixelCount {
          target.pointee = Float(bitPattern: bits(word, block, place))
          target += width
        }
      }
    }
  }

  /// 0 for outputs and channels that are not there.
  private func weight(_ output: Int?, channel: Int, _ place: Int) -> Float {
    guard let output, channel < plan.problem.groupChannels else { return 0 }
    return weights[output * kernelCount + channel * window + place]
  }

  private func bitsOfHalf(_ output: Int?, channel: Int, _ place: Int) -> UInt32 { weight(output, channel: channel, place).bitPattern }
}
