import Files
import Media

/// Spoken utterances in memory: mono, at one rate, without silence before and after.
public struct SpeechLibrary: Sendable {
  public let sampleRate: Int
  /// In the order of the utterances; those that failed are left out.
  public private(set) var clips: [SoundClip] = []
  /// As they were spoken: those by voices of other languages as mnemonics, see ``Voice``; where such a voice lacks a sound, by its speaker in
  /// American English.
  public private(set) var utterances: [Utterance] = []
  /// Utterances that gave no sound, and why.
  public private(set) var failures: [(utterance: Utterance, problem: String)] = []

  /// Speaks what is wanted. The same ones give the same samples, as far as the synthesisers' versions are the same.
  ///
  /// - Parameters:
  ///   - count: how many synthesisers may run at a time.
  ///   - progress: is told how many utterances have been spoken.
  ///   - isStopped: is asked from time to time; if so, ``SpeechError/interrupted`` is thrown and nothing is left behind.
  /// - Throws: ``SpeechError`` when a program is missing, a text cannot be spoken, or more than one in ten utterances failed.
  public init(
    speaking wanted: [Utterance], sampleRate: Int = 16_000, atOnce count: Int = 2, progress: (Int) -> Void = { _ in },
    isStopped: () -> Bool = { false }
  ) throws(SpeechError) {
    precondition(sampleRate > 0, "a rate is positive, found \(sampleRate)")
    self.sampleRate = sampleRate
    for utterance in wanted {
      if !utterance.isPhonemes { try Utterance.check(utterance.text) }
      precondition(utterance.rate > 0 && utterance.pitch > 0, "rate and pitch are positive, found \(utterance.rate) and \(utterance.pitch)")
    }
    for synthesizer in Set(wanted.map(\.voice.synthesizer)) where synthesizer.path == nil { throw SpeechError.noSynthesizer([synthesizer]) }
    let utterances = try Accent.prepared(wanted)
    let scratch = try ScratchFolder(), jobs = try Self.jobs(utterances, folder: scratch.path)
    var spoken = [[Float]?](repeating: nil, count: utterances.count), problems: [Int: String] = [:], done = 0
    try runPrograms(jobs.map(\.call), atOnce: count) { index, outcome throws(SpeechError) in
      for (utterance, path) in jobs[index].outputs {
        do throws(AudioError) {
          let sound = try loadAudio(path).mixedToMono().resampled(to: sampleRate, quality: .medium)
          let samples = trimmedOfSilence(sound.samples, sampleRate: sampleRate)
          if samples.isEmpty { problems[utterance] = "it was silence" } else { spoken[utterance] = samples }
        } catch {
          if error.isMissingLibrary { throw SpeechError.audio(error) }
          problems[utterance] = "status \(outcome.status): \(outcome.text.prefix(200))"
        }
        removeFile(path)
      }
      // Ctrl-C has ended the synthesiser too.
      if isStopped() { throw SpeechError.interrupted }
      done += jobs[index].outputs.count
      progress(done)
    }
    for (index, utterance) in utterances.enumerated() {
      if let samples = spoken[index] {
        clips.append(SoundClip(samples, name: wanted[index].text, speaker: utterance.voice.speaker, isNear: wanted[index].isNear))
        self.utterances.append(utterance)
      } else {
        failures.append((utterance, problems[index] ?? "no sound"))
      }
    }
    if failures.count * 10 > utterances.count, let (utterance, problem) = failures.first {
      throw SpeechError.program(
        name: utterance.voice.synthesizer.rawValue,
        problem: "\(failures.count) of \(utterances.count) utterances gave no sound: “\(utterance.text)” by \(utterance.voice.name) (\(problem))")
    }
  }

  /// Festival's utterances go many to a process, the longest work first; the others go one to a process.
  private static func jobs(_ utterances: [Utterance], folder: String) throws(SpeechError) -> [SpeechJob] {
    var batches: [SpeechJob] = [], single: [SpeechJob] = [], waiting: [(index: Int, utterance: Utterance)] = []
    for (index, utterance) in utterances.enumerated() {
      switch utterance.voice.synthesizer {
      case .espeak, .mbrola: single.append(Espeak.job(utterance, index: index, folder: folder))
      case .flite: single.append(Flite.job(utterance, index: index, folder: folder))
      case .pico: single.append(Pico.job(utterance, index: index, folder: folder))
      case .rhvoice: single.append(try RHVoice.job(utterance, index: index, folder: folder))
      case .festival: waiting.append((index, utterance))
      }
    }
    // Selecting a voice costs time: those of one voice stand together.
    waiting.sort { ($0.utterance.voice.name, $0.index) < ($1.utterance.voice.name, $1.index) }
    for start in stride(from: 0, to: waiting.count, by: Festival.batch) {
      batches.append(try Festival.job(Array(waiting[start..<min(start + Festival.batch, waiting.count)]), folder: folder))
    }
    return batches + single
  }
}
