import Files
import Glibc
import Media
import StyleTransfer

/// What `stylize` does once everything is read.
struct StylizeJob {
  let command: StylizeCommand
  let settings: StyleSettings
  let network: PerceptualNetwork
  let styles, masks: [Image]

  private var isQuiet: Bool { command.common.quiet }
  private var tellsFiles: Bool { !isQuiet && !command.json && !command.jsonl }

  func runPicture() throws -> ExitStatus {
    let content = try command.picture(command.pictures[0], side: Double(settings.size), keepsAlpha: true)
    let output = outputPath()
    var report = StylizeReport(command)
    let clock = ContinuousClock(), start = clock.now
    let run = try Stylization(network: network, content: content, styles: styles, masks: masks, settings: settings, processor: command.common.processor)
    if let resume = command.resume { try run.resume(from: resume) }
    if !isQuiet { announce(run) }
    var frames = Frames(command, output: output)
    let bar = ProgressBar(label: "stylize", total: run.stepCount, isQuiet: isQuiet)
    var told = 0
    while !run.isDone, !Interruption.wasAsked {
      try run.step()
      bar.advance(to: run.stepsDone)
      for restart in run.restarts[told...] {
        bar.clear()
        printError("stylize: \(restart)")
      }
      told = run.restarts.count
      try frames.take(run, tells: tellsFiles)
      if let checkpoint = command.checkpoint, run.stepsDone % 25 == 0, !run.isDone { try write { try run.writeCheckpoint(to: checkpoint) } }
    }
    bar.finish()
    let picture = run.picture()
    try write { try saveImage(picture, to: output) }
    if tellsFiles { printError("wrote \(output)") }
    if let animation = command.animation {
      try write { try writeFile(animation, animatedPNG(frames.kept + [picture], milliseconds: 120, pause: 1500, path: animation)) }
      if tellsFiles { printError("wrote \(animation)") }
    }
    if let plot = command.plot, !run.history.isEmpty {
      try write { try saveImage(lossPlot(run.history), to: plot) }
      if tellsFiles { printError("wrote \(plot)") }
    }
    let isInterrupted = !run.isDone
    if isInterrupted {
      let path = command.checkpoint ?? "\(stem(of: output)).safetensors"
      try write { try run.writeCheckpoint(to: path) }
      printError("stylize: interrupted after \(run.stepsDone) of \(run.stepCount) steps; go on with --resume \(path)")
    }
    report.add(run, output: output, seconds: (clock.now - start) / .seconds(1))
    report.finish()
    return isInterrupted ? .interrupted : .done
  }

  func runFilm() throws -> ExitStatus {
    let folder = command.pictures[0].hasSuffix("/") ? String(command.pictures[0].dropLast()) : command.pictures[0]
    let names = try filmFrames(folder), target = command.output ?? "\(stem(of: folder))-\(stem(of: command.styles[0]))"
    guard !names.isEmpty else { throw ImageError(path: folder, kind: .file(FileError(path: "\(folder)/*.png, *.jpg", reason: .missing))) }
    try write { try createFolder(target) }
    var status = ExitStatus.done, previous: Image?
    var report = StylizeReport(command), stems = UniqueStems()
    let bar = ProgressBar(label: "stylize", total: names.count * 100, isQuiet: isQuiet), clock = ContinuousClock()
    for (index, name) in names.enumerated() where !Interruption.wasAsked {
      let path = "\(folder)/\(name)", start = clock.now, output = "\(target)/\(stems.next(stem(of: name))).png"
      let content: Image
      do { content = try command.picture(path, side: Double(settings.size), keepsAlpha: true) } catch {
        status = .unreadableInput
        bar.clear()
        printError("stylize: \(error)")
        report.addFailure(path: path, message: "\(error)")
        continue
      }
      let run = try Stylization(
        network: network, content: content, styles: styles, masks: masks, previous: command.temporal ? previous : nil, settings: settings,
        processor: command.common.processor)
      while !run.isDone, !Interruption.wasAsked {
        try run.step()
        bar.advance(to: index * 100 + 100 * run.stepsDone / run.stepCount)
      }
      let picture = run.picture()
      previous = picture
      try write { try saveImage(picture, to: output) }
      if tellsFiles {
        bar.clear()
        printError("wrote \(output)")
      }
      report.add(run, content: path, output: output, seconds: (clock.now - start) / .seconds(1))
    }
    bar.finish()
    report.finish()
    return Interruption.wasAsked ? .interrupted : status
  }

  private func filmFrames(_ folder: String) throws -> [String] {
    do throws(FileError) { return try folderContents(folder).filter { PictureFormat(suffixOf: $0) != nil } } catch {
      throw ImageError(path: folder, kind: .file(error))
    }
  }

  private func outputPath() -> String {
    let name = "\(stem(of: command.pictures[0]))-\(command.styles.map { stem(of: $0) }.joined(separator: "-")).png"
    guard let output = command.output else { return name }
    guard isFolder(output) else { return output }
    return output.hasSuffix("/") ? output + name : "\(output)/\(name)"
  }

  private func announce(_ run: Stylization) {
    let seconds = run.estimatedSeconds(), windows = run.windowCount
    printError(
      "\(run.width)×\(run.height) pixels, \(run.stepCount - run.stepsDone) steps, about \(ProgressBar.duration(seconds))"
        + (windows > 1 ? ", in \(windows) windows" : ""))
  }

  /// Turns what cannot be written into an error of the output.
  private func write(_ body: () throws -> Void) throws {
    do { try body() } catch let error as ImageError { throw OutputError(error) } catch let error as FileError { throw OutputError(error) }
  }
}

/// The pictures on the way: written as they come, and kept for an animation.
private struct Frames {
  private let interval: Int?
  private let output: String
  private let writes, keeps: Bool
  private(set) var kept: [Image] = []

  init(_ command: StylizeCommand, output: String) {
    interval = command.saveEvery ?? (command.animation != nil ? 10 : nil)
    writes = command.saveEvery != nil
    keeps = command.animation != nil
    self.output = output
  }

  mutating func take(_ run: Stylization, tells: Bool) throws {
    guard let interval, run.stepsDone % interval == 0, !run.isDone else { return }
    let picture = run.picture()
    if keeps { kept.append(picture) }
    guard writes else { return }
    let digits = String(run.stepsDone), number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let dot = output.lastIndex(of: ".") ?? output.endIndex, path = "\(output[..<dot])-\(number)\(output[dot...])"
    do throws(ImageError) { try saveImage(picture, to: path) } catch { throw OutputError(error) }
    if tells { printError("wrote \(path)") }
  }
}

/// Losses by steps, as powers of ten.
private func lossPlot(_ history: [StyleLosses]) throws(ImageError) -> Image {
  func series(_ name: String, _ value: (StyleLosses) -> Double) -> Plot.Series {
    .init(name, points: history.enumerated().map { Point(x: Double($0.offset + 1), y: log10(max(value($0.element), 1e-9))) })
  }
  return try Plot(
    title: "Losses, relative to a picture without features", xLabel: "step", yLabel: "log₁₀ loss",
    series: [series("content") { $0.content }, series("style") { $0.style }, series("weighted sum") { $0.total }]
  ).image()
}
