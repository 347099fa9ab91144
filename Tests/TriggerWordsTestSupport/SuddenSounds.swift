import Learning
import Tensors
public import TriggerWords

/// A network put together by hand, whose events are known without training: its score is high while a sound is much louder, in all bands, than what came before
/// it. The logit is 4 (y − 1) with the mean y of all bands of the last frame.
public func suddenSoundModel(threshold: Float = 0.5, phraseSeconds: Double = 0.4) -> TriggerModel {
  var random = RandomNumbers(seed: 1), network = CausalNetwork(bands: FrontEnd.mel.width, using: &random)
  let channels = network.channels, bands = network.bands, kernel = CausalNetwork.kernel
  // Channel 0 is the mean of the bands, times the root that batch norm divides by; all else is 0, and blocks hand on what they are given.
  var stem = [Float](repeating: 0, count: channels * bands * kernel)
  for band in 0..<bands { stem[band * kernel + kernel - 1] = 1 / Float(bands) }
  network.stem.convolution.weight.value = Tensor([channels, bands, 1, kernel], stem)
  for index in network.blocks.indices {
    for part in [\CausalNetwork.Block.wide, \CausalNetwork.Block.narrow] {
      let shape = network.blocks[index][keyPath: part].convolution.weight.value.shape
      network.blocks[index][keyPath: part].convolution.weight.value = Tensor(shape)
    }
  }
  network.head.weight.value = Tensor([1, channels, 1, 1], (0..<channels).map { $0 == 0 ? 4 : 0 })
  network.head.bias?.value = Tensor([1], [-4])
  return TriggerModel(phrase: "sudden sound", network: .causal(network), threshold: threshold, phraseSeconds: phraseSeconds)
}

/// Faint noise with bursts of loud noise, of 0.3 s each, that begin at the given seconds.
public func burstySound(sampleRate: Int, seconds: Double, bursts: [Double], level: Float = 0.5, seed: UInt64 = 1) -> [Float] {
  var random = RandomNumbers(seed: seed)
  return (0..<Int(seconds * Double(sampleRate))).map { index in
    let time = Double(index) / Double(sampleRate), isLoud = bursts.contains { time >= $0 && time < $0 + 0.3 }
    return (isLoud ? level : 0.01 * level) * (2 * random.uniform() - 1)
  }
}
