import Commands

runTool(PerceptCommand.self)
