import Files

/// MBROLA: diphones of some seventy recorded people, which espeak-ng tells what to say. Those are taken that it lets speak English, natives and others.
enum Mbrola {
  static func voices() throws(SpeechError) -> [Voice] {
    try Espeak.list("mb").filter { $0.language.hasPrefix("en") }.map(\.file).sorted().compactMap { file in
      // mb/mb-de4-en: the database de4, with English rules.
      let name = String(file.dropFirst(3)), database = String(name.dropFirst(3).prefix { $0 != "-" })
      return isInstalled(database) ? Voice(.mbrola, name, speaker: "mbrola-\(database)") : nil
    }
  }

  /// espeak-ng's list has the voices of all databases.
  private static func isInstalled(_ database: String) -> Bool { isFolder("/usr/share/mbrola/\(database)") }
}
