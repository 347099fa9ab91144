import ArgumentParser

/// `percept`: all commands under one name.
public struct PerceptCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "percept", abstract: "Deep learning for pictures, sound and music, offline.", version: versionLine,
    subcommands: [
      DetectCommand.self, IsCatCommand.self, StylizeCommand.self, TriggerWordCommand.self, LabCommand.self, SpectrogramCommand.self, ModelsCommand.self, QuantizeCommand.self,
      BenchCommand.self, ProfileCommand.self,
    ])

  public init() {}
}
