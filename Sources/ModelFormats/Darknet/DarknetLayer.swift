import Graphs

/// What a section of a ``DarknetConfiguration`` makes.
public enum DarknetLayerKind: String, Sendable, CaseIterable {
  case convolutional, maxpool, avgpool, connected, local, dropout, softmax, route, shortcut, upsample, reorg, crop, cost, activation, logistic
  case scaleChannels = "scale_channels"
  case sam
  case localAverage = "local_avgpool"
  case yolo, region, detection

  /// - Throws: ``DarknetError`` for a section that is not known or not supported; it names the section and its line.
  init(_ section: DarknetSection) throws(DarknetError) {
    if let kind = DarknetLayerKind(rawValue: section.name) ?? Self.shortNames[section.name] {
      self = kind
    } else if Self.recurrent.contains(section.name) {
      throw section.error("a recurrent layer: this is not an image network, and recurrent Darknet networks are not supported")
    } else if Self.unsupported.contains(section.name) {
      throw section.error("a Darknet layer that is not supported")
    } else {
      throw section.error(
        "an unknown section; expected one of net, \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }

  private static let shortNames: [String: DarknetLayerKind] = [
    "conv": .convolutional, "max": .maxpool, "avg": .avgpool, "conn": .connected, "soft": .softmax, "local_avg": .localAverage,
  ]
  private static let recurrent: Set = ["rnn", "gru", "lstm", "crnn", "conv_lstm", "history"]
  private static let unsupported: Set = [
    "normalization", "lrn", "batchnorm", "l2norm", "deconvolutional", "deconv", "iseg", "Gaussian_yolo", "reorg3d", "contrastive", "implicit", "empty",
    "silence",
  ]
}

/// One layer of a ``DarknetNetwork``, in the order of the configuration.
public struct DarknetLayer: Sendable {
  public let kind: DarknetLayerKind
  /// Where its section starts in the configuration.
  public let line: Int
  /// The size of its result. A layer whose result Darknet counts but does not arrange, such as `[softmax]`, has them all in `channels`.
  public let channels, height, width: Int
  /// The node of the graph that holds the result, [1, channels, height, width]; for a head, the node that it decodes.
  public let node: Graph.Index
}
