public import Tensors

/// All that a run of training needs to go on as if it had never stopped, as named tensors: `model.…`, `best.…`, `optimizer.…`, `history.…`.
///
/// Hyper-parameters are not part of it: whoever resumes makes the same trainer anew. Order and dropout follow from seeds and the number of the epoch.
public struct Checkpoint: Sendable {
  public var tensors: [(name: String, tensor: Tensor)]

  public init(tensors: [(name: String, tensor: Tensor)]) { self.tensors = tensors }
}

extension Trainer {
  /// The state after the last whole epoch.
  public var checkpoint: Checkpoint {
    var tensors: [(name: String, tensor: Tensor)] = model.parameters.map { ("model.\($0.name)", $0.parameter.value) }
    tensors += optimizer.state.map { ("optimizer.\($0.name)", $0.tensor) }
    tensors.append(("history.loss", Tensor([history.epochs.count], history.epochs.map(\.loss))))
    if let bestEpoch = history.bestEpoch {
      tensors += best.parameters.map { ("best.\($0.name)", $0.parameter.value) }
      tensors.append(("history.best", Tensor(word: UInt64(bestEpoch))))
      tensors += history.epochs.enumerated().compactMap { epoch, entry in
        entry.score.map { ("history.score.\(epoch)", Tensor(exactly: $0)) }
      }
    }
    return Checkpoint(tensors: tensors)
  }

  /// Takes up what ``checkpoint`` was.
  ///
  /// - Throws: ``StateError`` when it is another network's or optimiser's, or damaged; then nothing has changed.
  public mutating func resume(_ checkpoint: Checkpoint) throws(StateError) {
    func part(_ prefix: String) -> [String: Tensor] {
      let own = checkpoint.tensors.filter { $0.name.hasPrefix(prefix) }
      return Dictionary(own.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }, uniquingKeysWith: { first, _ in first })
    }
    func loaded(_ prefix: String) throws(StateError) -> Model {
      var model = model
      do throws(ParameterError) { try model.load(part(prefix)) } catch {
        switch error {
        case .missing(let name): throw .missing(name: prefix + name)
        case .shape(let name, let found, let expected): throw .shape(name: prefix + name, found: found, expected: expected)
        }
      }
      return model
    }
    let restored = try loaded("model.")
    var method = optimizer
    try method.restore(part("optimizer."), for: learnedShapes)
    var rest = part("history.")
    guard let losses = rest.removeValue(forKey: "loss"), losses.shape.rank == 1 else { throw .missing(name: "history.loss") }
    var history = TrainingHistory(epochs: losses.elements.map { TrainingHistory.Epoch(loss: $0, score: nil) }, bestEpoch: nil), best: Model?
    if rest["best"] != nil {
      best = try loaded("best.")
      var reader = StateReader(rest)
      let epoch = try reader.takeCount("best")
      guard epoch < history.epochs.count else { throw .value(name: "history.best", found: "\(epoch)", expected: "an epoch before \(history.epochs.count)") }
      history.bestEpoch = epoch
      for epoch in history.epochs.indices where reader.has("score.\(epoch)") { history.epochs[epoch].score = try reader.takeDouble("score.\(epoch)") }
      guard history.epochs[epoch].score != nil else { throw .missing(name: "history.score.\(epoch)") }
      try reader.end()
    }
    takeUp(restored, best: best, history: history, optimizer: method)
  }
}
