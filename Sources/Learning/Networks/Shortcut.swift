import Tensors

/// BN(W ∗ x) by a 1×1 window with the block's stride: what a residual block adds its maps to where their number or size changes (He et al. 2016,
/// option B). Nil where x itself will do.
func shortcut(_ inputs: Int, _ outputs: Int, stride: Int, using random: inout RandomNumbers) -> Sequential? {
  guard stride != 1 || inputs != outputs else { return nil }
  return Sequential(Conv2D(inputs, outputs, kernel: 1, stride: stride, hasBias: false, using: &random), BatchNorm(outputs))
}
