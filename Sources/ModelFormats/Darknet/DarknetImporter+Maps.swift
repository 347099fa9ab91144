import Graphs
import Tensors

// The layers without weights: they pool, choose, join and rearrange feature maps.
extension DarknetImporter {
  /// Pooling. `padding`, by default size − 1, is the sum of both sides, of which the left and upper take the smaller half: ⌊(width + padding − size) /
  /// stride⌋ + 1 places.
  mutating func pool(_ section: DarknetSection, takesMaximum: Bool) throws(DarknetError) -> Graph.Index {
    let stride = try stride(of: section)
    let size = try section.integer("size", default: section.integer("stride", default: 1, in: 1...largestWindow), in: 1...largestWindow)
    let padding = try section.integer("padding", default: size - 1, in: 0...largestWindow)
    try section.refuse("maxpool_depth", "antialiasing")
    let first = padding / 2, second = padding - padding / 2
    let sides = Padding(top: first, left: first, bottom: second, right: second)
    return try append(Pooling2D(takesMaximum ? .max : .average, size: size, stride: stride, padding: sides), [input(of: section)], of: section)
  }

  /// Softmax over all numbers, in equal groups, or in the groups of a class tree; with `spatial`, over the channels at each place.
  mutating func softmax(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let groups = try section.integer("groups", default: 1, in: 1...largestCount)
    let temperature = try section.number("temperature", default: 1)
    guard temperature > 0 else { throw section.error("temperature: expected a number above 0, found \(temperature)", line: section.option("temperature")?.line) }
    let isSpatial = try section.flag("spatial")
    let maps = isSpatial ? input : try flattened(input, section)
    let count = graph[maps].shape[1]
    guard count % groups == 0 else {
      throw section.error("groups: \(count) numbers cannot be cut into \(groups) groups", line: section.option("groups")?.line)
    }
    let each = count / groups
    let runs = try section.tree(classes: count, limits: limits)?.groups ?? (0..<groups).map { $0 * each..<($0 + 1) * each }
    return try append(Softmax(runs: runs, temperature: temperature), [maps], of: section)
  }

  /// The results of other layers one after the other, or with `groups` a part of the channels of each.
  mutating func route(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    guard let indices = try section.integers("layers", in: -largestCount...largestCount) else {
      throw section.error("expected layers=<numbers>, found no such option")
    }
    let groups = try section.integer("groups", default: 1, in: 1...largestCount)
    let group = try section.integer("group_id", default: 0, in: 0...groups - 1)
    var parts: [Graph.Index] = []
    for index in indices {
      var part = try layer(index, key: "layers", of: section)
      let channels = graph[part].shape[1]
      guard channels % groups == 0 else {
        throw section.error("groups: \(channels) channels cannot be cut into \(groups) groups", line: section.option("groups")?.line)
      }
      let each = channels / groups
      if groups > 1 { part = try append(SelectChannels(group * each..<(group + 1) * each), [part], of: section) }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : try append(ConcatenateChannels(), parts, of: section)
  }

  /// The sum of the layer before and others. Where sizes differ, only what both have is added.
  mutating func shortcut(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    guard let indices = try section.integers("from", in: -largestCount...largestCount) else {
      throw section.error("expected from=<numbers>, found no such option")
    }
    if let type = section.option("weights_type"), type.value != "none" {
      throw section.error("weights_type=\(type.value) is not supported", line: type.line)
    }
    for key in ["alpha", "beta"] {
      guard try section.number(key, default: 1) == 1 else { throw section.error("\(key): only 1 is supported", line: section.option(key)?.line) }
    }
    var sum = try input(of: section)
    for index in indices {
      let other = try layer(index, key: "from", of: section)
      sum =
        graph[sum].shape == graph[other].shape
        ? try append(Add(), [sum, other], of: section) : try append(PartialAdd(), [sum, other], of: section)
    }
    return try activate(sum, section)
  }

  /// The maps of another layer, each multiplied by a number of the layer before.
  mutating func scaleChannels(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    try section.refuse("scale_wh")
    let from = try section.integer("from", in: -largestCount...largestCount)
    let maps = try layer(from, key: "from", of: section)
    return try activate(append(ScaleChannels(), [maps, input(of: section)], of: section), section)
  }

  /// The product of the layer before and another one, element by element (spatial attention).
  mutating func sam(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let from = try section.integer("from", in: -largestCount...largestCount)
    let maps = try layer(from, key: "from", of: section)
    return try activate(append(Multiply(), [input(of: section), maps], of: section), section)
  }

  mutating func upsample(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let stride = try section.integer("stride", default: 2, in: -largestWindow...largestWindow)
    guard stride > 0 else {
      throw section.error("stride: expected a positive number, found \(stride); reducing with [upsample] is not supported", line: section.option("stride")?.line)
    }
    return try append(Upsample2D(factor: stride, scale: section.number("scale", default: 1)), [input(of: section)], of: section)
  }

  /// Blocks of pixels as channels, or back. With `extra`, so many zeros are put after all numbers instead.
  mutating func reorg(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let stride = try section.integer("stride", default: 1, in: 1...largestWindow)
    let extra = try section.integer("extra", default: 0, in: 0...largestCount)
    try section.refuse("flatten")
    if extra > 0 {
      let zeros = constant(Tensor([1, extra, 1, 1]), "zeros", of: section)
      return try append(ConcatenateChannels(), [flattened(input, section), zeros], of: section)
    }
    let isReversed = try section.flag("reverse")
    return stride == 1 ? input : try append(SpaceToDepth(stride: stride, reversed: isReversed), [input], of: section)
  }

  /// The middle of a picture, with values brought from 0…1 to −1…1 unless `noadjust` says otherwise.
  mutating func crop(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let shape = graph[input].shape
    let height = try section.integer("crop_height", in: 1...largestCount), width = try section.integer("crop_width", in: 1...largestCount)
    guard height <= shape[2], width <= shape[3] else {
      throw section.error("a crop of \(width)×\(height) does not fit into \(shape[3])×\(shape[2])")
    }
    let middle = Crop2D(top: (shape[2] - height) / 2, left: (shape[3] - width) / 2, height: height, width: width)
    let node = try append(middle, [input], of: section)
    return try section.flag("noadjust") ? node : append(Affine(scale: 2, shift: -1), [node], of: section)
  }
}
