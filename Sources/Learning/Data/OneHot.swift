public import Tensors

/// y[i, k] = 1 where k = labels[i], else 0: the targets of a softmax, [labels, classes].
///
/// - Precondition: labels are from 0 to less than `classes`.
public func oneHot(_ labels: [Int], classes: Int) -> Tensor {
  var result = Tensor([labels.count, classes])
  for (row, label) in labels.enumerated() {
    precondition((0..<classes).contains(label), "label \(label) of \(classes) classes")
    result[row, label] = 1
  }
  return result
}
