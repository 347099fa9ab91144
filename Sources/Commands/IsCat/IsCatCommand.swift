import ArgumentParser

/// `iscat`: is there a cat?
public struct IsCatCommand: ParsableCommand, HasSilentVerb {
  public static let configuration = CommandConfiguration(
    commandName: "iscat", abstract: "Tell whether pictures show a cat.", version: versionLine,
    subcommands: [IsCatPictures.self, IsCatTrain.self, IsCatEvaluate.self], defaultSubcommand: IsCatPictures.self)

  public init() {}
}
