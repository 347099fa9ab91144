import ArgumentParser
import Cats
import Files
import Learning
import Media
import ModelStore
import Training

/// `iscat train PICTURES`: a network of the user's own.
struct IsCatTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a network on pictures of your own.",
    discussion: """
      PICTURES is a folder with a folder for each class, one of them called cat; an HDF5 file as of the course; a NumPy archive; or a table file,label.
      A part of them is held back to choose the best epoch by, and to see how sure the network may be. Ctrl-C keeps the state; --resume goes on from it.

      NETWORKS
        logistic      one layer, 64×64 pixels            perceptron    three layers, 64×64
        cnn           four convolutions, 64×64           resnet18      ResNet-18, 64×64
        transfer      a new last layer for EfficientNet-lite0, 224×224 (the default)
        finetune      all of EfficientNet-lite0, 224×224

      EXAMPLES
        iscat train pictures/                              then: iscat photo.jpg --model cats.safetensors
        iscat train train.h5 --test test.h5 --network cnn --plot curves.png
        iscat train pictures/ --network finetune --epochs 30 --seed 7 -o mine.safetensors
        iscat train pictures/ --network finetune --epochs 30 --seed 7 -o mine.safetensors --resume

      Exit code: 0 done, 64 wrong usage, 65 pictures could not be read (the others were learned from), 69 EfficientNet-lite0 is not installed,
      70 training diverged, 130 interrupted.
      """)

  @Argument(help: ArgumentHelp("Pictures to learn from.", valueName: "folder|file"), completion: .file())
  var pictures: String

  @Option(help: ArgumentHelp("Other pictures, for an honest number at the end.", valueName: "folder|file"), completion: .file())
  var test: String?

  @Option(help: ArgumentHelp("Which network: see above.", valueName: "name"), completion: .list(PictureNetwork.Kind.allCases.map(\.rawValue)))
  var network = PictureNetwork.Kind.transfer

  @Option(name: .shortAndLong, help: ArgumentHelp("The file of the network.", valueName: "x.safetensors"), completion: .file(extensions: ["safetensors"]))
  var output = "cats.safetensors"

  @Option(help: ArgumentHelp("The class that holds the cats (default: the one called cat).", valueName: "name")) var cat: String?

  @Option(help: ArgumentHelp("The share of the pictures that is held back.", valueName: "0…0.9")) var dev = 0.2
  @Option(help: ArgumentHelp("How many times all pictures are seen.", valueName: "n")) var epochs: Int?
  @Option(help: ArgumentHelp("How many pictures a step learns from.", valueName: "n")) var batch: Int?
  @Option(help: ArgumentHelp("The largest learning rate.", valueName: "x")) var learningRate: Float?
  @Option(help: ArgumentHelp("The side of the squares that the network sees, in pixels.", valueName: "n")) var side: Int?
  @Option(help: ArgumentHelp("Ends after so many epochs without a better one.", valueName: "n")) var patience: Int?
  @Option(help: ArgumentHelp("How pictures are changed at random: flip,crop,rotate,color,cutout,mixup, or none (default: the first four, none for logistic and perceptron).", valueName: "list"))
  var augment: String?
  @Option(help: ArgumentHelp("What chance follows from: the same seed gives the same file.", valueName: "n")) var seed: UInt64 = 1

  @Flag(help: "Go on from where an interrupted training ended; give the other options as before.") var resume = false
  @Option(help: ArgumentHelp("Where the state is kept (default: beside the output).", valueName: "file"), completion: .file()) var checkpoint: String?
  @Option(help: ArgumentHelp("Draw loss and score over the epochs.", valueName: "x.png"), completion: .file()) var plot: String?
  @Flag(help: "Print one JSON document, schema percept.iscat-train/1.") var json = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...0.9).contains(dev) else { throw ValidationError("--dev takes a share from 0 to 0.9, found \(dev).") }
    for (name, value, range) in [("--epochs", epochs, 1...1_000_000), ("--batch", batch, 1...4096), ("--side", side, 16...1024), ("--patience", patience, 1...1_000_000)] {
      if let value, !range.contains(value) { throw ValidationError("\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), found \(value).") }
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) { throw ValidationError("--learning-rate takes a number above 0, found \(learningRate).") }
    if let plot, PictureFormat(suffixOf: plot) == nil { throw ValidationError("--plot \(plot): the name must end in .png, .jpg or .jpeg.") }
    guard output.lowercased().hasSuffix(".safetensors") else { throw ValidationError("-o \(output): the name must end in .safetensors.") }
    if let augment { _ = try changes(augment) }
  }

  func run() throws {
    do {
      try train()
    } catch let code as ExitCode { throw code } catch {
      printError("iscat train: \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func train() throws {
    Interruption.watch()
    let started = ContinuousClock.now, recipe = try recipe()
    let backbone = network.isPretrained ? try EfficientNetLite0.published(in: ModelStore()) : nil
    let all = try load(pictures, side: recipe.side), others = try test.map { try load($0, side: recipe.side) }
    if let others, others.classes != all.classes {
      throw PictureSetError.content(
        path: others.source, found: "the classes \(others.classes.joined(separator: ", "))", expected: all.classes.joined(separator: ", "))
    }
    _ = try catClass(of: all.classes, source: pictures)
    let split = try Split(stratifiedBy: all.labels, train: 1 - dev, dev: dev, seed: seed)
    let train = all.subset(split.train), held = split.dev.isEmpty ? nil : all.subset(split.dev)
    let state = checkpoint ?? "\(output.dropLast(".safetensors".count)).checkpoint.safetensors"

    let display = TrainingDisplay(label: network.rawValue, isQuiet: common.quiet)
    let result = try recipe.run(
      train: train, dev: held, backbone: backbone, checkpoint: state, resumes: resume, processor: common.processor
    ) { place in
      display.show(place)
      return !Interruption.wasAsked
    }
    display.finish()
    guard result.isComplete else {
      printError("iscat train: interrupted after \(result.history.epochs.count) epochs; the same command with --resume goes on from \(state)")
      throw ExitStatus.interrupted.exitCode
    }
    try result.classifier.save(to: output)
    if checkpoint == nil { removeFile(state) }
    if let plot { try saveImage(result.history.curves(title: "\(network.rawValue), \(all.source.split(separator: "/").last ?? "")", score: "score on what was held back").image(), to: plot) }

    let predictor = PicturePredictor(result.classifier, processor: common.processor)
    let sets = try [("train", train), ("dev", held), ("test", others)].compactMap { name, set in
      try set.map { try TrainingRecord.Set(name, $0, predictor) }
    }
    let time = started.duration(to: .now).components, seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
    let record = TrainingRecord(result, network: network, output: output, seed: seed, seconds: seconds, sets: sets)
    printOutput(json ? jsonText(record, isPretty: true) : record.table)
    if !json, !common.quiet { for path in [output] + (plot.map { [$0] } ?? []) { printError("wrote \(path)") } }
    let failures = all.failures + (others?.failures ?? [])
    for failure in failures { printError("iscat train: \(failure)") }
    if !failures.isEmpty { throw ExitStatus.unreadableInput.exitCode }
  }

  /// The class of cats is called cat from here on, so that the file's reader knows it.
  private func load(_ path: String, side: Int) throws -> PictureSet {
    let bar = ProgressBar(label: "reading", total: nil, isQuiet: common.quiet)
    defer { bar.finish() }
    let set = try PictureSet.load(path, side: side) { done, total in bar.advance(to: done, of: total) }
    guard let cat else { return set }
    let index = try catClass(of: set.classes, called: cat, source: path)
    return set.naming(index, "cat")
  }

  private func recipe() throws -> PictureTraining {
    var recipe = PictureTraining(network)
    if let epochs { recipe.epochs = epochs }
    if let batch { recipe.batchSize = batch }
    if let learningRate { recipe.learningRate = learningRate }
    if let side { recipe.side = side }
    recipe.patience = patience
    recipe.seed = seed
    if let augment { (recipe.augmentations, recipe.mixup) = try changes(augment) }
    return recipe
  }

  private func changes(_ augment: String) throws -> ([any Augmentation], Mixup?) {
    var changes: [any Augmentation] = [], mixup: Mixup?
    for name in augment.split(separator: ",") where augment != "none" {
      switch name {
      case "flip": changes.append(RandomFlip())
      case "crop": changes.append(RandomCrop())
      case "rotate": changes.append(RandomRotation(degrees: 10))
      case "color": changes.append(ColorShift())
      case "cutout": changes.append(Cutout())
      case "mixup": mixup = Mixup()
      default: throw ValidationError("--augment takes flip, crop, rotate, color, cutout and mixup, separated by commas, or none; found “\(name)”.")
      }
    }
    return (changes, mixup)
  }
}

extension PictureNetwork.Kind: ExpressibleByArgument {}
