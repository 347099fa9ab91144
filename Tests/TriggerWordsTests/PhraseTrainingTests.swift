import Testing
import TriggerWords

/// From a phrase to a network: few clips, one voice that is learned from and one that is tested with.
@Suite(.enabled(if: hasEspeak, needsEspeak)) struct PhraseTrainingTests {
  private static func training() throws -> PhraseTraining {
    let voices = try VoiceSet.installed([.espeak])
    var training = try PhraseTraining("banana", voices: voices.named(["en-us+f3", "en-us+m3"]), heldOut: voices.named(["en-us+m3"]), seed: 3)
    training.utterances = 20
    training.setClips(32)
    (training.learning.epochs, training.learning.batchSize, training.members) = (1, 16, 3)
    return training
  }

  @Test func membersHearTheirOwnSpeech() throws {
    let training = try Self.training()
    var spoken: Set<Int> = [], mixed: Set<Int> = []
    let result = try training.run { stage in
      if case .speech(_, _, let member) = stage { spoken.insert(member) }
      if case .clips(_, _, let member) = stage { mixed.insert(member) }
      return true
    }
    #expect(result.isComplete && result.model.network.members.count == 3 && spoken == [0, 1, 2] && mixed == spoken)
  }

  /// Whether Ctrl-C comes while the second member learns or while its speech is made: the first, which had learned to its end, is kept alone.
  @Test(arguments: [true, false]) func anInterruptionKeepsWhoLearnedToTheEnd(inSpeech: Bool) throws {
    let result = try Self.training().run { stage in
      switch stage {
      case .learning(_, _, let member): inSpeech || member == 0
      case .speech(_, _, let member): !inSpeech || member == 0
      default: true
      }
    }
    #expect(!result.isComplete && result.test == nil && result.model.network.members.count == 1 && result.history.epochs.count == 1)
  }

  @Test func anInterruptionBeforeThereIsANetwork() throws {
    let training = try Self.training()
    #expect(throws: SpeechError.interrupted) { try training.run { _ in false } }
  }
}
