import ArgumentParser

/// `detect`: objects in pictures.
public struct DetectCommand: ParsableCommand, HasSilentVerb {
  public static let configuration = CommandConfiguration(
    commandName: "detect", abstract: "Find objects in pictures.", version: versionLine,
    subcommands: [DetectPictures.self, DetectEvaluate.self], defaultSubcommand: DetectPictures.self)

  public init() {}
}
