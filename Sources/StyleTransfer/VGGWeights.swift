import Files
import ModelFormats
import Tensors

/// A convolution of a file: weights [outputs, channels, 3, 3] and bias [outputs].
typealias VGGLayer = (weight: Tensor, bias: Tensor)

/// The 3×3 convolutions of a network in a file, in order, and whether the file is HDF5. See docs/apps/stylize.md for the names that are understood.
func vggLayers(inFile path: String) throws(StyleError) -> (layers: [VGGLayer], isKeras: Bool) {
  let start: [UInt8]
  do throws(FileError) {
    let file = try MappedFile(path)
    start = unsafe Array(file.unsafeBytes.prefix(8))
  } catch { throw .file(error) }
  if start == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] { return (try kerasLayers(path), true) }
  let tensors: NamedTensors
  if start.starts(with: [0x50, 0x4B]) || start.first == 0x80 {
    do throws(PyTorchError) { tensors = try PyTorchFile.load(path) } catch { throw .weights("\(error)") }
  } else {
    do throws(SafetensorsError) { tensors = try SafetensorsFile(path).tensors } catch { throw .weights("\(error)") }
  }
  return (try torchLayers(tensors, path), false)
}

/// `features.N.weight` and `features.N.bias`, with anything before `features`.
private func torchLayers(_ tensors: NamedTensors, _ path: String) throws(StyleError) -> [VGGLayer] {
  var found: [(place: Int, layer: VGGLayer)] = []
  for (name, weight) in tensors where weight.shape.rank == 4 && weight.shape[2] == 3 && weight.shape[3] == 3 {
    let parts = name.split(separator: ".")
    guard parts.count >= 2, parts.last == "weight", let place = Int(parts[parts.count - 2]) else { continue }
    if parts.count >= 3, parts[parts.count - 3] != "features" { continue }
    guard let bias = tensors[name.dropLast("weight".count) + "bias"], bias.shape == [weight.shape[0]] else {
      throw .otherNetwork(file: path, found: "the convolution \(name) without its bias")
    }
    // Between a convolution and its activation nothing may stand.
    if tensors["\(parts.dropLast(2).joined(separator: "."))\(parts.count > 2 ? "." : "")\(place + 1).running_mean"] != nil {
      throw .otherNetwork(file: path, found: "a VGG with batch normalisation")
    }
    found.append((place, (weight, bias)))
  }
  return found.sorted { $0.place < $1.place }.map(\.layer)
}

/// Every kernel of 3×3 windows with the bias beside it, in the order of the blocks' names: `block1_conv1`, or `block1/…/conv2d`, `block1/…/conv2d_1`.
private func kerasLayers(_ path: String) throws(StyleError) -> [VGGLayer] {
  do throws(HDF5Error) {
    let file = try HDF5File(path)
    var found: [(name: String, layer: VGGLayer)] = []
    var folders: [String: [(name: String, shape: Shape)]] = [:]
    for name in try file.datasets() where !name.contains("optimizer") {
      let folder = name.split(separator: "/").dropLast().joined(separator: "/")
      folders[folder, default: []].append((name, try file.shape(of: name)))
    }
    for (folder, members) in folders {
      guard let kernel = members.first(where: { $0.shape.rank == 4 && $0.shape[0] == 3 && $0.shape[1] == 3 }),
        let bias = members.first(where: { $0.shape == [kernel.shape[3]] })
      else { continue }
      found.append((folder, (outputsFirst(try file.tensor(kernel.name)), try file.tensor(bias.name))))
    }
    return found.sorted { isBefore($0.name, $1.name) }.map(\.layer)
  } catch { throw .weights("\(error)") }
}

/// By the numbers in the names, those of no number first, as `conv2d` before `conv2d_1` before `conv2d_10`.
private func isBefore(_ left: String, _ right: String) -> Bool {
  func numbers(_ name: String) -> [Int] { name.split { !$0.isASCII || !$0.isNumber }.map { Int($0) ?? .max } }
  return numbers(left).lexicographicallyPrecedes(numbers(right))
}

/// [height, width, channels, outputs] as [outputs, channels, height, width].
private func outputsFirst(_ kernel: Tensor) -> Tensor {
  let shape = kernel.shape, window = shape[0] * shape[1], channels = shape[2], outputs = shape[3], source = kernel.span
  var result = Tensor([outputs, channels, shape[0], shape[1]])
  result.withMutableSpan { target in
    for output in 0..<outputs {
      for channel in 0..<channels {
        for place in 0..<window { target[(output * channels + channel) * window + place] = source[(place * channels + channel) * outputs + output] }
      }
    }
  }
  return result
}
