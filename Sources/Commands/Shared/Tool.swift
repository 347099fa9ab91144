import ArgumentParser
import Glibc
import Kernels

/// The version of all commands.
public let perceptVersion = "0.1.0"

/// What `--version` prints: the version, and the instruction set in use.
let versionLine = "percept \(perceptVersion) (\(Processor.bestKernels.name))"

/// Runs a command on the process's arguments and ends the process with its exit code.
///
/// A reader of the output that goes away does not end the process: files that were asked for are still written.
public func runTool(_ root: any ParsableCommand.Type) -> Never {
  signal(SIGPIPE, SIG_IGN)
  let arguments = Array(CommandLine.arguments.dropFirst())
  if let help = helpOfDefaultVerb(root, arguments) {
    print(help)
    exit(ExitStatus.done.rawValue)
  }
  root.main(arguments)
  exit(ExitStatus.done.rawValue)
}

/// A command whose default verb is what users mean by the command: `detect --help` should tell how pictures are named, not only which verbs there are.
protocol HasSilentVerb: ParsableCommand {}

/// The help of the default verb of the command that `arguments` name, if that is a ``HasSilentVerb`` and they ask for help and name no verb.
func helpOfDefaultVerb(_ root: any ParsableCommand.Type, _ arguments: [String]) -> String? {
  var command = root
  var rest = arguments[...]
  while let name = rest.first, let next = command.configuration.subcommands.first(where: { $0._commandName == name }) {
    command = next
    rest = rest.dropFirst()
  }
  guard command is any HasSilentVerb.Type, rest.contains("--help") || rest.contains("-h"), let verb = command.configuration.defaultSubcommand else {
    return nil
  }
  return root.helpMessage(for: verb)
}
