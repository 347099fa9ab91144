/// What is wrong with a file's content: what was found, what was expected. The error of each format adds which file it is.
struct FormatProblem: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

/// Names from a file in a message: not longer than a line.
func quoted(_ name: String) -> String { name.count <= 120 ? "“\(name)”" : "“\(name.prefix(120))…”" }
