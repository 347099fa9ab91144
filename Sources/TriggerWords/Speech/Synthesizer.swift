/// The programs of Debian that speak.
///
/// | program | how | speakers |
/// |---|---|---|
/// | espeak-ng | formants by rule | some eighty sets of parameters, nine accents of English, twelve of other languages |
/// | flite | diphones (kal), statistics of recordings (awb, rms, slt) | four persons |
/// | festival | diphones, hidden Markov models | those persons whose voices are installed |
public enum Synthesizer: String, Sendable, CaseIterable {
  case espeak = "espeak-ng"
  case flite, festival

  /// Debian's package.
  public var package: String { rawValue }

  /// Where the program is, if it is installed.
  public var path: String? { programPath(rawValue) }

  public static var installed: [Synthesizer] { allCases.filter { $0.path != nil } }

  /// The voices that speak English, the same list in the same order on machines with the same packages.
  ///
  /// - Throws: ``SpeechError`` when the program is not installed or does not answer.
  public func voices() throws(SpeechError) -> [Voice] {
    guard path != nil else { throw SpeechError.noSynthesizer([self]) }
    return switch self {
    case .espeak: try Espeak.voices()
    case .flite: try Flite.voices()
    case .festival: try Festival.voices()
    }
  }
}

/// Runs of a program that leave the sound of each utterance in a file.
struct SpeechJob {
  var call: ProgramCall
  var outputs: [(utterance: Int, path: String)]
}
