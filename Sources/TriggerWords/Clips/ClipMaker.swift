import Spectra
import Tensors

/// Makes clips to learn from: a background, utterances of the phrase and others at random places, each changed by chance. Clip i depends on the
/// seed and on i alone, and any thread may make it.
///
/// ```swift
/// let maker = try ClipMaker(positives: [ClipSource(library.clips)], negatives: [ClipSource(others.clips)], seed: 1)
/// let clip = maker.clip(0)   // samples, and when the phrase ends in them
/// ```
/// In this order: speed and tempo of each utterance, its place, the room, the background at its level, the microphone (clipping, low-pass,
/// telephone), the gain.
public struct ClipMaker: Sendable {
  public let settings: ClipSettings
  public let seed: UInt64
  private let positives, negatives: [ClipSource]
  private let backgrounds: [SoundClip]
  private let rooms: Convolver?
  /// Each of mean square 1, endless by repetition.
  private let noises, music: [[Float]]

  /// - Parameters:
  ///   - positives: the phrase, at the settings' rate and without silence before and after; the label stands at a clip's end.
  ///   - negatives: everything else that is said.
  ///   - backgrounds: noise or music without the phrase; repeated where they are short.
  /// - Throws: ``SpeechError`` when there are no positives but positives are asked for, or FFTW is not installed.
  public init(
    positives: [ClipSource], negatives: [ClipSource], backgrounds: [SoundClip] = [], settings: ClipSettings = .init(), seed: UInt64
  ) throws(SpeechError) {
    precondition(settings.sampleRate > 0 && settings.seconds > 0, "a clip has a rate and a length")
    precondition(settings.positives.lowerBound >= 0 && settings.negatives.lowerBound >= 0, "a clip has no fewer than 0 utterances")
    self.settings = settings
    self.seed = seed
    func usable(_ sources: [ClipSource]) -> [ClipSource] {
      sources.map { ClipSource($0.clips.filter { !$0.samples.isEmpty }, weight: $0.weight) }.filter { !$0.clips.isEmpty && $0.weight > 0 }
    }
    self.positives = usable(positives)
    self.negatives = usable(negatives)
    self.backgrounds = backgrounds.filter { meanSquare($0.samples) > 1e-10 }
    guard !self.positives.isEmpty || settings.positives.upperBound == 0 else { throw SpeechError.noPositives }
    var random = RandomNumbers(seed: seed ^ 0x526F_6F6D_735F_3031)
    music = (0..<(settings.musicShare > 0 ? Self.pieces : 0)).map { _ in
      madeUpMusic(count: 20 * settings.sampleRate, sampleRate: settings.sampleRate, using: &random)
    }
    do throws(SpectraError) {
      noises = try NoiseColor.allCases.map { color throws(SpectraError) in
        try coloredNoise(color, count: 1 << 19, sampleRate: settings.sampleRate, using: &random)
      }
      let responses = (0..<settings.rooms).map { _ in Room.random(using: &random).response(sampleRate: settings.sampleRate) }
      rooms = responses.isEmpty ? nil : try Convolver(responses)
    } catch { throw SpeechError.library("\(error)") }
  }

  /// How much music there is, of twenty seconds each.
  private static let pieces = 12

  /// Clip `index` of this maker.
  public func clip(_ index: Int) -> TrainingClip {
    var random = RandomNumbers(seed: seed &+ 0x9E37_79B9_7F4A_7C15 &* (UInt64(bitPattern: Int64(index)) &+ 1))
    let count = Int(settings.seconds * Double(settings.sampleRate))
    let isWordless = random.uniform() < settings.wordlessShare
    let placed = isWordless ? [] : layOut(count, using: &random)
    var speech = [Float](repeating: 0, count: count), power = 0.0, spoken = 0
    let room = rooms.flatMap { random.uniform() < settings.reverberantShare ? Int(random.next() % UInt64($0.responses)) : nil }
    for utterance in placed {
      power += Double(meanSquare(utterance.samples)) * Double(utterance.samples.count)
      spoken += utterance.samples.count
      guard let rooms, let room, (try? rooms.add(utterance.samples, response: room, to: &speech, at: utterance.place)) != nil else {
        for n in utterance.samples.indices where utterance.place + n < count { speech[utterance.place + n] += utterance.samples[n] }
        continue
      }
    }
    let level = spoken > 0 ? Float(power / Double(spoken)) : 0
    let (kind, noise) = background(count, isWordless: isWordless, using: &random), noiseLevel = meanSquare(noise)
    let decibels = random.uniform(in: settings.signalToNoise.lowerBound..<settings.signalToNoise.upperBound.nextUp)
    if noiseLevel > 0 {
      let gain = level > 0 ? noiseGain(speech: level, noise: noiseLevel, decibels: decibels) : 1
      for n in speech.indices { speech[n] += gain * noise[n] }
    }
    let (heard, isTelephone, peak) = microphone(speech, using: &random)
    func occurrences(_ isPositive: Bool) -> [TrainingClip.Occurrence] {
      placed.filter { $0.isPositive == isPositive }.sorted { $0.place < $1.place }.map {
        let rate = Double(settings.sampleRate)
        return .init(start: Double($0.place) / rate, end: Double($0.place + $0.samples.count) / rate, name: $0.name, speaker: $0.speaker)
      }
    }
    return TrainingClip(
      sampleRate: settings.sampleRate, samples: heard, positives: occurrences(true), negatives: occurrences(false), background: kind,
      signalToNoise: level > 0 && noiseLevel > 0 ? decibels : nil, isReverberant: room != nil && !placed.isEmpty, isTelephone: isTelephone,
      peak: peak)
  }

  private struct Placed {
    var samples: [Float]
    var place: Int
    var isPositive: Bool
    var name, speaker: String
  }

  /// The utterances of a clip at their places, the positives first, so that they find room.
  private func layOut(_ count: Int, using random: inout RandomNumbers) -> [Placed] {
    let positiveCount = Self.draw(settings.positives, using: &random), negativeCount = Self.draw(settings.negatives, using: &random)
    var taken: [Segment] = [], placed: [Placed] = []
    let rate = Double(settings.sampleRate), milliseconds = Int(1000 * Double(count) / rate), gap = Int(1000 * settings.gap)
    for number in 0..<positiveCount + (negatives.isEmpty ? 0 : negativeCount) {
      let isPositive = number < positiveCount
      let isCut = !isPositive && !positives.isEmpty && random.uniform() < settings.cutPositiveShare
      let clip = Self.choose(isPositive || isCut ? positives : negatives, using: &random)
      let part = random.uniform(in: 0.3..<0.65)
      let changed = vary(isCut ? Self.cutOff(clip.samples, part: part, sampleRate: settings.sampleRate) : clip.samples, using: &random)
      // A longer utterance than the clip cannot be laid; sentences are cut to what a clip holds.
      let samples = isPositive ? changed : Array(changed.prefix(count - Int((settings.gap + 0.01) * rate) - 1))
      let length = Int((1000 * Double(samples.count) / rate).rounded(.up)) + gap
      let place = Segment.placed(milliseconds: length, in: milliseconds, avoiding: taken) { Int(random.next() % UInt64($0)) }
      guard let segment = place else { continue }
      taken.append(segment)
      placed.append(
        Placed(
          samples: samples, place: Int(Double(segment.start) * rate / 1000), isPositive: isPositive,
          name: isCut ? "\(clip.name) (cut off)" : clip.name, speaker: clip.speaker))
    }
    return placed
  }

  /// Another speed, tempo, slope and level; the mean square is that of the level.
  private func vary(_ samples: [Float], using random: inout RandomNumbers) -> [Float] {
    func draw(_ range: ClosedRange<Float>) -> Float { random.uniform(in: range.lowerBound..<range.upperBound.nextUp) }
    let speed = random.uniform() < settings.speedShare ? draw(settings.speeds) : 1
    let tempo = random.uniform() < settings.tempoShare ? draw(settings.tempos) : 1
    var result = changedTempo(changedSpeed(samples, by: speed), by: tempo, sampleRate: settings.sampleRate)
    let slope = draw(settings.slopes)
    if slope != 0 {
      let step = amplitude(decibels: slope / Float(max(result.count, 1)))
      var gain: Float = 1
      for index in result.indices {
        result[index] *= gain
        gain *= step
      }
    }
    let power = meanSquare(result), gain = power > 0 ? 0.1 * amplitude(decibels: draw(settings.levels)) / power.squareRoot() : 1
    for index in result.indices { result[index] *= gain }
    return result
  }

  /// The first `part` of a sound, faded out in 10 ms.
  private static func cutOff(_ samples: [Float], part: Float, sampleRate: Int) -> [Float] {
    var result = Array(samples.prefix(Int(part * Float(samples.count))))
    let fade = min(sampleRate / 100, result.count)
    for n in 0..<fade { result[result.count - 1 - n] *= Float(n) / Float(fade) }
    return result
  }

  private func background(_ count: Int, isWordless: Bool, using random: inout RandomNumbers) -> (TrainingClip.Background, [Float]) {
    guard random.uniform() >= settings.cleanShare || isWordless else { return (.silence, []) }
    if !backgrounds.isEmpty, random.uniform() < settings.recordingShare {
      let sound = backgrounds[Int(random.next() % UInt64(backgrounds.count))].samples
      return (.recording, Self.part(of: sound, count, using: &random))
    }
    if random.uniform() < (isWordless ? 0.5 : settings.musicShare), !music.isEmpty {
      return (.music, Self.part(of: music[Int(random.next() % UInt64(music.count))], count, using: &random))
    }
    if !negatives.isEmpty, random.uniform() < settings.babbleShare { return (.babble, babble(count, using: &random)) }
    let steady = Self.part(of: noises[Int(random.next() % UInt64(noises.count))], count, using: &random)
    guard random.uniform() < settings.householdShare else { return (.noise, steady) }
    return (.noise, householdNoise(over: steady, sampleRate: settings.sampleRate, using: &random))
  }

  /// Three to six voices that talk without a pause.
  private func babble(_ count: Int, using random: inout RandomNumbers) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    for _ in 0..<Self.draw(3...6, using: &random) {
      var place = -Int(random.next() % UInt64(settings.sampleRate))
      while place < count {
        let samples = Self.choose(negatives, using: &random).samples, power = meanSquare(samples)
        if power > 0 {
          let gain = 0.1 / power.squareRoot()
          for n in max(-place, 0)..<max(min(samples.count, count - place), max(-place, 0)) { result[place + n] += gain * samples[n] }
        }
        place += max(samples.count, 1) + settings.sampleRate / 20
      }
    }
    return result
  }

  private func microphone(_ samples: [Float], using random: inout RandomNumbers) -> (samples: [Float], isTelephone: Bool, peak: Float?) {
    let draws = (0..<3).map { _ in random.uniform() }, drive = random.uniform(in: 1.5..<5), hertz = random.uniform(in: 2800..<7000)
    let decibels = random.uniform(in: settings.peaks.lowerBound..<settings.peaks.upperBound.nextUp)
    var result = samples
    func scale(to peak: Float) -> Bool {
      var most: Float = 0
      for sample in result { most = max(most, abs(sample)) }
      guard most > 0 else { return false }
      let gain = peak / most
      for index in result.indices { result[index] *= gain }
      return true
    }
    guard scale(to: 1) else { return (result, false, nil) }
    if draws[0] < settings.clippingShare { result = softlyClipped(result, drive: drive) }
    if draws[1] < settings.lowPassShare { result = lowPassed(result, hertz: hertz, sampleRate: settings.sampleRate) }
    let isTelephone = draws[2] < settings.telephoneShare
    if isTelephone { result = telephoned(result, sampleRate: settings.sampleRate) }
    let isSound = scale(to: amplitude(decibels: decibels))
    return (result, isTelephone, isSound ? decibels : nil)
  }

  /// `count` samples of an endlessly repeated sound, from a random one on.
  private static func part(of sound: [Float], _ count: Int, using random: inout RandomNumbers) -> [Float] {
    let start = Int(random.next() % UInt64(sound.count))
    var result: [Float] = []
    result.reserveCapacity(count)
    result += sound[start..<min(start + count, sound.count)]
    while result.count < count { result += sound.prefix(count - result.count) }
    return result
  }

  private static func draw(_ range: ClosedRange<Int>, using random: inout RandomNumbers) -> Int {
    range.lowerBound + Int(random.next() % UInt64(range.count))
  }

  /// A clip of a source, which is chosen by weight.
  private static func choose(_ sources: [ClipSource], using random: inout RandomNumbers) -> SoundClip {
    var rest = random.uniform() * sources.reduce(0) { $0 + $1.weight }
    var chosen = sources[sources.count - 1]
    for source in sources {
      rest -= source.weight
      if rest < 0 {
        chosen = source
        break
      }
    }
    return chosen.clips[Int(random.next() % UInt64(chosen.clips.count))]
  }
}
