import ArgumentParser
import Commands

struct Percept: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Deep-learning media tools.", subcommands: [ModelsCommand.self])
}

Percept.main()
