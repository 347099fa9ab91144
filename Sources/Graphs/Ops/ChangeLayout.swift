import Kernels
import Tensors

/// y = x, in another layout: what the pass ``Graph/choosingLayouts(lanes:)`` puts where a value's reader wants it otherwise than its writer gives it.
struct ChangeLayout: Operation {
  let from, to: MapLayout
  let shape: Shape

  var name: String { "layout" }
  func shape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// Blocks of one pixel without a border lie as plain channels do.
  var isView: Bool {
    shape.height == 1 && shape.width == 1 && from.border == 0 && to.border == 0 && shape.channels % from.lanes == 0 && shape.channels % to.lanes == 0
  }

  func prepare(at site: Site) -> KernelCall {
    let from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    return KernelCall { inputs, output, _ in changeLayout(inputs[0], from: from, into: &output, to: to, on: processor) }
  }
}
