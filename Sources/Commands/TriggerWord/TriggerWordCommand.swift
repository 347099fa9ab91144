import ArgumentParser

/// `triggerword`: when was the trigger word said?
public struct TriggerWordCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "triggerword", abstract: "Tell when a spoken word or phrase was said.", version: versionLine, subcommands: [TriggerWordTrain.self, TriggerWordSynth.self])

  public init() {}
}
