import ArgumentParser
import Cats
import Detection
import Laboratory
import Media
import ModelFormats
import ModelStore
import StyleTransfer
import Training
import TriggerWords

/// A file that the user asked for could not be written.
struct OutputError: Error, CustomStringConvertible {
  let cause: any Error & CustomStringConvertible
  init(_ cause: any Error & CustomStringConvertible) { self.cause = cause }
  var description: String { cause.description }
}

/// How a command ends: see “Exit codes” in docs/ARCHITECTURE.md.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case done = 0
  /// The answer is no.
  case no = 1
  case wrongUsage = 64
  /// At least one input could not be read or decoded; the others were still done.
  case unreadableInput = 65
  /// A model is missing, damaged or cannot be read.
  case noModel = 69
  /// Something went wrong that is no fault of the input: an output cannot be written, a bug.
  case internalError = 70
  case interrupted = 130

  /// The status that an error stands for.
  init(_ error: any Error) {
    switch error {
    case let error as ModelStoreError: self = ExitStatus(rawValue: error.exitCode) ?? .internalError
    case DetectorError.store(let error): self = ExitStatus(error)
    case StyleError.store(let error): self = ExitStatus(error)
    case StyleError.picture(let error): self = ExitStatus(error)
    case StyleError.checkpoint, StyleError.emptyMask: self = .unreadableInput
    case StyleError.noLayer, StyleError.memory: self = .wrongUsage
    case StyleError.diverged: self = .internalError
    case BackboneError.store(let error): self = ExitStatus(error)
    case is StyleError, is BackboneError, is PictureClassifierError, is DetectorError, is DarknetError, is ProfileError: self = .noModel
    case let error as AudioError where error.isMissingLibrary: self = .internalError
    case is TriggerModelError: self = .noModel
    case is AudioError, is ImageError, is ClipListError, is DetectionError, is ExamplesError, is PictureSetError, is CatClassError, is CheckpointError: self = .unreadableInput
    case SpeechError.text, SpeechError.unknownVoice, SpeechError.tooFewSpeakers, SpeechError.noPositives: self = .wrongUsage
    case SpeechError.interrupted: self = .interrupted
    case SpeechError.audio(let error): self = ExitStatus(error)
    case SpeechError.noSounds, SpeechError.file: self = .unreadableInput
    case PictureTrainingError.checkpoint, PictureTrainingError.fewPictures: self = .unreadableInput
    case PictureTrainingError.interrupted: self = .interrupted
    default: self = .internalError
    }
  }

  var exitCode: ExitCode { ExitCode(rawValue) }
}
