import Glibc
import Graphs
import Kernels
import Learning
import Spectra
import Tensors
import Testing
import TriggerWords

@Suite struct ScoreStreamTests {
  static func model(_ kind: TriggerNetwork.Kind, seed: UInt64 = 5) -> TriggerModel {
    var random = RandomNumbers(seed: seed), network = TriggerNetwork(kind, using: &random)
    if case .causal(var causal) = network {
      awaken(&causal)
      network = .causal(causal)
    }
    return TriggerModel(phrase: "computer", network: network, threshold: 0.5, phraseSeconds: 0.7)
  }

  /// Blocks that do something, unlike those of a network that has learned nothing.
  static func awaken(_ network: inout CausalNetwork) {
    for block in network.blocks.indices { network.blocks[block].narrow.normalization.weight = Parameter(Tensor([network.channels], repeating: 0.7)) }
  }

  @Test func blocksGiveTheSameBits() throws {
    let model = Self.model(.causal), sound = sweep(40_000)
    let whole = try model.scores()
    let expected = whole.push(sound) + whole.finish()
    for seed in 1...3 as ClosedRange<UInt64> {
      let stream = try model.scores()
      var found: [Float] = []
      for part in cut(sound, seed: seed, longest: seed == 1 ? 100 : 9000) { found += stream.push(part) }
      #expect(found + stream.finish() == expected)
    }
    #expect(Set(expected).count > 50)
    // After the end another sound may follow.
    let again = whole.push(sound)
    #expect(again + whole.finish() == expected)
  }

  /// Windows must not change what the network says of a whole sound.
  @Test(arguments: TriggerNetwork.Kind.allCases) func windowsGiveWhatTheWholeGives(kind: TriggerNetwork.Kind) throws {
    let model = Self.model(kind), network = model.network, rate = network.frontEnd.sampleRate, sound = sweep(rate * 2, rate: rate)
    let stream = try model.scores(), found = stream.push(sound)
    let features = try FeatureStream(network.frontEnd).push(sound)
    // Silence before the sound, as long as the stream has it.
    let stride = kind == .causal ? 2 : 4, overhang = kind == .causal ? 0 : 11, lead = network.context * stride + overhang
    let steps = found.count, frames = lead + steps * stride
    var input = Tensor([1, features.width, frames])
    input.withMutableSpan { target in
      for frame in 0..<steps * stride { for band in 0..<features.width { target[band * frames + lead + frame] = features[frame, band] } }
    }
    let recorder = Recorder(), x = recorder.input("sound", input.shape)
    let whole = recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: .default).run([input])[0].elements.suffix(steps)
    // The course's network hears ten seconds: a window begins anew, but so long before that it makes no difference.
    for (a, logit) in zip(found, whole) { #expect(abs(a - 1 / (1 + expf(-logit))) < 1e-4) }
    #expect(found.count > (kind == .causal ? 95 : 200))
  }

  /// The logit of several is the mean of theirs, in a stream as in the whole.
  @Test func aCommitteeAnswersWithItsMean() throws {
    let members = [5, 6, 7].map { Self.model(.causal, seed: $0).network }, sound = sweep(20_000)
    func scores(_ network: TriggerNetwork) throws -> [Float] {
      let stream = try TriggerModel(phrase: "x", network: network, threshold: 0.5, phraseSeconds: 0.7).scores()
      return stream.push(sound) + stream.finish()
    }
    let committee = TriggerNetwork(members), found = try scores(committee), own = try members.map(scores)
    #expect(committee.kind == .causal && committee.members.count == 3 && committee.context == members[0].context)
    for (step, score) in found.enumerated() {
      let mean = own.map { logf($0[step] / (1 - $0[step])) }.reduce(0, +) / 3
      #expect(abs(score - 1 / (1 + expf(-mean))) < 1e-5)
    }
    #expect(found.count > 50 && TriggerNetwork([members[0]]).members.count == 1)
  }

  @Test func aStepSeesItsContextAndNoMore() {
    var random = RandomNumbers(seed: 2)
    var network = CausalNetwork(bands: 6, channels: 8, dilations: [1, 2, 4], using: &random)
    Self.awaken(&network)
    let frames = 80, step = 35
    let recorder = Recorder(), x = recorder.input("x", [1, 6, frames])
    let program = recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: .default)
    var input = Tensor([1, 6, frames], normalWith: 1, using: &random)
    let before = program.run([input])[0][0, step], first = 2 * step + 1 - (2 * network.context + 4)
    #expect(network.context == 14)
    for frame in 0..<frames where frame < first || frame > 2 * step + 1 {
      input.withMutableSpan { for band in 0..<6 { $0[band * frames + frame] = 9 } }
    }
    #expect(abs(program.run([input])[0][0, step] - before) < 1e-6)
    for frame in [first, 2 * step + 1] {
      var changed = input
      changed.withMutableSpan { for band in 0..<6 { $0[band * frames + frame] = 9 } }
      #expect(abs(program.run([changed])[0][0, step] - before) > 1e-6, "frame \(frame) is not seen")
    }
  }

  @Test func theEndIsHeard() throws {
    let stream = try Self.model(.causal).scores(), count = stream.push(sweep(16_000)).count + stream.finish().count
    #expect(Double(count) * stream.stepSeconds >= 1 + 0.4)
    #expect(stream.stepSeconds == 0.02 && stream.sampleRate == 16_000 && stream.latencySeconds == 0.08)
  }
}
