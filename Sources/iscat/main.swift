import Commands

runTool(IsCatCommand.self)
