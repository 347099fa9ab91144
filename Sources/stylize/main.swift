import Commands

runTool(StylizeCommand.self)
