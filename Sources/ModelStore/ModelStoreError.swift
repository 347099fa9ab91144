import Files

/// What went wrong with a model, in words a user can act on.
public enum ModelStoreError: Error, Equatable, CustomStringConvertible {
  /// There is no model of this name (wrong usage).
  case unknownModel(name: String, known: [String])
  /// The registry itself cannot be read.
  case registry(path: String, problem: String)
  /// The model is not installed.
  case missing(model: String, path: String)
  /// An installed file is not the one of the registry.
  case damaged(model: String, path: String, found: String, expected: String)
  /// No source gave the file.
  case noSource(model: String, file: String, failures: [SourceFailure])
  /// The files that the user gave do not hold what the model needs.
  case notFound(model: String, file: FileDigest, name: String, given: [SourceFailure])
  /// The folder of models cannot be used.
  case file(FileError)

  /// One source and why it did not give the file.
  public struct SourceFailure: Sendable, Equatable {
    public let source: String
    public let problem: String

    public init(source: String, problem: String) {
      self.source = source
      self.problem = problem
    }
  }

  public var description: String {
    switch self {
    case .unknownModel(let name, let known):
      let close = closeNames(to: name, among: known)
      let help = close.isEmpty ? "run `percept models list` for all of them" : "did you mean \(close.joined(separator: " or "))?"
      return "there is no model named \"\(name)\"; \(help)"
    case .registry(let path, let problem): return "\(path): \(problem); check $PERCEPT_ASSETS, or unset it to use the registry that is built in"
    case .missing(let model, let path): return "the model \(model) is not installed (\(path) is missing); run `percept models pull \(model)`"
    case .damaged(let model, let path, let found, let expected):
      return "\(path): found \(found), expected \(expected); run `percept models pull \(model)` to replace it"
    case .noSource(let model, let file, let failures):
      return "could not get \(file) of the model \(model) from any source:\n" + Self.list(failures)
        + "\nrun `percept models pull \(model)` again when the network is back, or get the file in another way and run "
        + "`percept models pull \(model) --from FILE` (the file itself, or an archive that holds it)"
    case .notFound(let model, let file, let name, let given):
      return "\(name) of the model \(model) (\(file.bytes) bytes, SHA-256 \(file.sha256)) was not found:\n" + Self.list(given)
    case .file(let error): return error.description
    }
  }

  private static func list(_ failures: [SourceFailure]) -> String {
    failures.map { "  \($0.source): \($0.problem)" }.joined(separator: "\n")
  }
}

/// The names nearest to `name`: at most three, at an edit distance of a third of its length or less, or with it as a part.
func closeNames(to name: String, among known: [String]) -> [String] {
  let wanted = name.lowercased()
  let scored = known.map { candidate in
    (candidate, wanted.count >= 3 && candidate.contains(wanted) ? 0 : editDistance(wanted, candidate.lowercased()))
  }
  let close = scored.filter { $0.1 <= max(1, wanted.count / 3) }
  return close.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
}

/// The fewest insertions, deletions and replacements that turn one text into the other (Levenshtein, 1966).
private func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (letter == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[b.count]
}

/// Why one source did not work.
package struct SourceProblem: Error {
  package var message: String
  init(_ message: String) { self.message = message }
}
