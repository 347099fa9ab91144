public import Tensors

extension EfficientNetLite0 {
  /// Tensors under the names of this network, for ``Module/load(_:)``, from those of the published file, which calls the same layers otherwise.
  ///
  /// | published | here |
  /// |---|---|
  /// | `_conv_stem`, `_bn0` | `stem.conv`, `stem.bn` |
  /// | `_blocks.3._expand_conv`, `_bn0` | `blocks.3.expand.conv`, `.bn` |
  /// | `_blocks.3._depthwise_conv`, `_bn1` | `blocks.3.depthwise.conv`, `.bn` |
  /// | `_blocks.3._project_conv`, `_bn2` | `blocks.3.project.conv`, `.bn` |
  /// | `_conv_head`, `_bn1` | `head.conv`, `head.bn` |
  /// | `_fc` | `fc` |
  ///
  /// What is called otherwise, such as the counts of batches, is left out.
  public static func parameters(published tensors: [String: Tensor]) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, tensor) in tensors {
      if let own = ownName(ofPublished: name) { result[own] = tensor }
    }
    return result
  }

  /// The name here of a published parameter; nil if it has none.
  private static func ownName(ofPublished name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.last != "num_batches_tracked" else { return nil }
    if parts.count == 2, let layer = outerLayers[parts[0]] { return "\(layer).\(parts[1])" }
    if parts.count == 4, parts[0] == "_blocks", let layer = blockLayers[parts[2]] { return "blocks.\(parts[1]).\(layer).\(parts[3])" }
    return nil
  }

  private static let outerLayers = ["_conv_stem": "stem.conv", "_bn0": "stem.bn", "_conv_head": "head.conv", "_bn1": "head.bn", "_fc": "fc"]
  private static let blockLayers = [
    "_expand_conv": "expand.conv", "_bn0": "expand.bn", "_depthwise_conv": "depthwise.conv", "_bn1": "depthwise.bn", "_project_conv": "project.conv",
    "_bn2": "project.bn",
  ]
}
