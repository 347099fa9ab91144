public import Files
public import Media

/// Why there is no speech, or no clips, in words a user can act on.
public enum SpeechError: Error, Equatable, CustomStringConvertible {
  /// None of the synthesisers that would do is installed.
  case noSynthesizer([Synthesizer])
  /// A program could not be started, failed or gave no sound.
  case program(name: String, problem: String)
  case timedOut(name: String, seconds: Int)
  /// The text to be spoken is empty, too long, or holds what no synthesiser can say.
  case text(String, problem: String)
  case unknownVoice(String, known: [String])
  /// There is no speaker left for one side of a split.
  case tooFewSpeakers(found: Int)
  /// A folder of recordings holds none that can be used; `problems` are those of its files.
  case noSounds(folder: String, problems: [String])
  /// It was asked to stop.
  case interrupted
  /// Nothing to make clips of.
  case noPositives
  case audio(AudioError)
  case file(FileError)
  /// A library is missing.
  case library(String)

  public var description: String {
    switch self {
    case .noSynthesizer(let wanted):
      "no speech synthesiser was found on the PATH (\(wanted.map(\.rawValue).joined(separator: ", "))); install one: "
        + "apt-get install \(wanted.first?.package ?? "espeak-ng")"
    case .program(let name, let problem): "\(name): \(problem)"
    case .timedOut(let name, let seconds): "\(name): no answer within \(seconds) s; it was ended. Is the machine very busy? Try again"
    case .text(let text, let problem): "the text “\(text.prefix(60))” cannot be spoken: \(problem)"
    case .unknownVoice(let name, let known):
      "there is no voice \"\(name)\"; there are \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? " and \(known.count - 12) more" : "")"
    case .tooFewSpeakers(let found):
      "the voices come from \(found) speaker\(found == 1 ? "" : "s"), and a split needs two or more; install another synthesiser: "
        + "apt-get install espeak-ng"
    case .noSounds(let folder, let problems):
      "\(folder): found no sound that can be used"
        + (problems.isEmpty ? "; put WAV, FLAC, Ogg or MP3 files there" : ": \(problems.prefix(3).joined(separator: "; "))")
    case .interrupted: "interrupted"
    case .noPositives: "there is no clip of the phrase; give a phrase to speak, or a folder of recordings of it"
    case .audio(let error): error.description
    case .file(let error): error.description
    case .library(let problem): problem
    }
  }
}
