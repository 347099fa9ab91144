public import Learning
public import ModelFormats

/// A trainer's state in a safetensors file, with a text that says what was being trained.
///
/// ```swift
/// let file = CheckpointFile("cats.checkpoint.safetensors", of: "cnn, side 64, seed 1")
/// try file.restore(&trainer)
/// while !trainer.hasLostPatience { try trainer.run(epochs: trainer.history.epochs.count + 1, …); try file.save(trainer) }
/// ```
public struct CheckpointFile: Sendable {
  public let path: String
  /// Everything that the run follows from but the state: another text is another run, which a checkpoint does not fit.
  public let recipe: String

  public init(_ path: String, of recipe: String) {
    self.path = path
    self.recipe = recipe
  }

  /// Replaces what was there: a reader sees the old state or the new one.
  public func save<Model, Method>(_ trainer: Trainer<Model, Method>) throws(CheckpointError) {
    var tensors = NamedTensors()
    for (name, tensor) in trainer.checkpoint.tensors { tensors[name] = tensor }
    do throws(SafetensorsError) { try SafetensorsFile.write(tensors, metadata: ["recipe": recipe], to: path) } catch { throw .file(error) }
  }

  /// Lets a trainer go on from the state.
  ///
  /// - Throws: ``CheckpointError`` when the file cannot be read or is another run's; then nothing has changed.
  public func restore<Model, Method>(_ trainer: inout Trainer<Model, Method>) throws(CheckpointError) {
    let file: SafetensorsFile
    do throws(SafetensorsError) { file = try SafetensorsFile(path) } catch { throw .file(error) }
    guard let found = file.metadata["recipe"] else { throw .noCheckpoint(path: path) }
    guard found == recipe else { throw .otherRun(path: path, found: found, expected: recipe) }
    do throws(StateError) { try trainer.resume(Checkpoint(tensors: file.tensors.map { ($0.name, $0.tensor) })) } catch {
      throw .state(path: path, error)
    }
  }
}

/// Why a run of training cannot be kept or taken up again.
public enum CheckpointError: Error, CustomStringConvertible {
  case file(SafetensorsError)
  case noCheckpoint(path: String)
  case otherRun(path: String, found: String, expected: String)
  case state(path: String, StateError)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .noCheckpoint(let path): "\(path): found a safetensors file that is no checkpoint, expected one that an interrupted training left"
    case .otherRun(let path, let found, let expected):
      "\(path): found a checkpoint of “\(found)”, expected one of “\(expected)”; give the options that it was begun with, or begin anew without it"
    case .state(let path, let error): "\(path): \(error)"
    }
  }
}
