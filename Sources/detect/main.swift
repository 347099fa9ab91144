import Commands

runTool(DetectCommand.self)
