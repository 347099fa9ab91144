/// The programs of Debian that speak.
///
/// | program | how | speakers |
/// |---|---|---|
/// | espeak-ng | formants by rule | some eighty sets of parameters, nine accents of English, twelve of other languages |
/// | flite | diphones (kal), statistics of recordings (awb, rms, slt) | four people |
/// | festival | diphones, hidden Markov models | those people whose voices are installed, up to five |
/// | mbrola | diphones, told by espeak-ng what to say | those people whose voices are installed, up to twenty, most of them not native |
/// | pico2wave | statistics of recordings | two people |
/// | RHVoice-test | hidden Markov models | five people besides one of flite's, two of them not native |
///
/// The last three, and two of festival's voices, are in Debian's sections contrib and non-free.
public enum Synthesizer: String, Sendable, CaseIterable {
  case espeak = "espeak-ng"
  case flite, festival, mbrola, pico, rhvoice

  /// Debian's packages.
  public var package: String {
    switch self {
    case .espeak, .flite, .festival: rawValue
    case .mbrola: "espeak-ng mbrola mbrola-us1"
    case .pico: "libttspico-utils"
    case .rhvoice: "rhvoice rhvoice-english"
    }
  }

  /// What is run.
  private var program: String {
    switch self {
    case .pico: "pico2wave"
    case .rhvoice: "RHVoice-test"
    default: rawValue
    }
  }

  /// Where the program is, if it is installed.
  public var path: String? { self == .mbrola && Self.espeak.path == nil ? nil : programPath(program) }

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
    case .mbrola: try Mbrola.voices()
    case .pico: Pico.voices()
    case .rhvoice: RHVoice.voices()
    }
  }
}

/// Runs of a program that leave the sound of each utterance in a file.
struct SpeechJob {
  var call: ProgramCall
  var outputs: [(utterance: Int, path: String)]
}
