import Files
import Learning

/// Words of the system's dictionary (`wamerican`), in lower case, evenly chosen, other ones by other seeds; none where there is none. espeak-ng takes half a
/// millisecond for each.
public func systemWords(atMost most: Int = 4000, seed: UInt64 = 0) -> [String] {
  guard let bytes = try? readFile("/usr/share/dict/words") else { return [] }
  let words = bytes.split(separator: 10).filter { (3...12).contains($0.count) && $0.allSatisfy { $0 >= 97 && $0 <= 122 } }
  let count = min(most, words.count), first = Int(seed % UInt64(max(words.count, 1)))
  return (0..<count).map { String(decoding: words[($0 * words.count / count + first) % words.count], as: UTF8.self) }
}

/// Clauses that people wrote, three to ten words in lower case, from the system's fortune cookies (`fortunes`), other ones by other seeds; none where there are none. In them
/// “to”, “a” and “the” stand between the others as they do in speech.
public func systemClauses(atMost most: Int = 2000, seed: UInt64 = 0) -> [String] {
  let folder = "/usr/share/games/fortunes"
  // Beside each text lie its index, .dat, and a link to it, .u8.
  let names = ((try? folderContents(folder)) ?? []).filter { !$0.contains(".") }.sorted()
  let all = names.flatMap { name in clauses(of: (try? readFile("\(folder)/\(name)")) ?? []) }
  return shuffledIndices(all.count, seed: seed).prefix(most).map { all[$0] }
}

/// What stands between punctuation marks, in parts of ten words at most.
public func clauses(of text: [UInt8]) -> [String] {
  var clauses: [String] = []
  // Apostrophes, spaces and the ends of lines are within clauses.
  for clause in text.split(whereSeparator: { !(isLetter($0) || [39, 32, 10].contains($0)) }) {
    let words = clause.split { $0 == 32 || $0 == 10 }.filter { $0.contains(where: isLetter) }.map { String(decoding: $0, as: UTF8.self).lowercased() }
    for first in stride(from: 0, to: words.count, by: 10) {
      let part = words[first..<min(first + 10, words.count)]
      if part.count >= 3 { clauses.append(part.joined(separator: " ")) }
    }
  }
  return clauses
}

private func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
