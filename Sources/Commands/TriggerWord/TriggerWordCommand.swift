import ArgumentParser

/// `triggerword`: when was the trigger word said?
public struct TriggerWordCommand: ParsableCommand, HasSilentVerb {
  public static let configuration = CommandConfiguration(
    commandName: "triggerword", abstract: "Tell when a spoken word or phrase was said.", version: versionLine,
    subcommands: [TriggerWordClips.self, TriggerWordTrain.self, TriggerWordEvaluate.self, TriggerWordMine.self, TriggerWordSynth.self],
    defaultSubcommand: TriggerWordClips.self)

  public init() {}
}
