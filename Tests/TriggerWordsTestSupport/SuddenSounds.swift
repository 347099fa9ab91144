import Glibc
import Learning
import Tensors
public import TriggerWords

/// A network put together by hand, whose events are known without training: its score is high while a sound becomes loud from 300 to 1,200 Hz but not from 1,900
/// to 3,500 Hz. The logit is 4 (max(0, a − b) − 1) with the means a and b of the bands there, in the last frame.
public func suddenSoundModel(threshold: Float = 0.5, phraseSeconds: Double = 0.4) -> TriggerModel {
  var random = RandomNumbers(seed: 1), network = CausalNetwork(bands: FrontEnd.mel.width, using: &random)
  let channels = network.channels, bands = network.bands, kernel = CausalNetwork.kernel, low = 5...13, high = 22...27
  // Channel 0 alone is of use: batch norm leaves things nearly as they are before any training, and blocks hand on what they are given.
  var stem = [Float](repeating: 0, count: channels * bands * kernel)
  for band in low { stem[band * kernel + kernel - 1] = 1 / Float(low.count) }
  for band in high { stem[band * kernel + kernel - 1] = -1 / Float(high.count) }
  network.stem.convolution.weight.value = Tensor([channels, bands, 1, kernel], stem)
  for index in network.blocks.indices {
    let (wide, narrow) = (network.blocks[index].wide.convolution.weight.value.shape, network.blocks[index].narrow.convolution.weight.value.shape)
    network.blocks[index].wide.convolution.weight.value = Tensor(wide)
    network.blocks[index].narrow.convolution.weight.value = Tensor(narrow)
  }
  network.head.weight.value = Tensor([1, channels, 1, 1], (0..<channels).map { $0 == 0 ? 4 : 0 })
  network.head.bias?.value = Tensor([1], [-4])
  return TriggerModel(phrase: "sudden sound", network: .causal(network), threshold: threshold, phraseSeconds: phraseSeconds)
}

/// Faint noise with bursts of tones from 300 to 1,200 Hz, of 0.3 s each, that begin at the given seconds: what ``suddenSoundModel(threshold:phraseSeconds:)`` hears.
public func burstySound(sampleRate: Int, seconds: Double, bursts: [Double], level: Float = 0.5, seed: UInt64 = 1) -> [Float] {
  var random = RandomNumbers(seed: seed)
  let phases = (0..<31).map { _ in 2 * Double.pi * Double(random.uniform()) }
  return (0..<Int(seconds * Double(sampleRate))).map { index in
    let time = Double(index) / Double(sampleRate), noise = 0.04 * (2 * random.uniform() - 1)
    guard let start = bursts.first(where: { time >= $0 && time < $0 + 0.3 }) else { return level * noise }
    let edge = min(1, (time - start) / 0.02, (start + 0.3 - time) / 0.02)
    var tones = 0.0
    for (place, phase) in phases.enumerated() { tones += sin(2 * Double.pi * (300 + 30 * Double(place)) * time + phase) }
    return level * (noise + Float(0.08 * edge * tones))
  }
}
