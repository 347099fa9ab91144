import Commands

runTool(TriggerWordCommand.self)
