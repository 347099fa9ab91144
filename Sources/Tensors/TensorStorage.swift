/// The memory behind a ``Tensor``: its own, aligned to a cache line, or somebody else's that is only read.
@safe final class TensorStorage: @unchecked Sendable {  // written only while a tensor holds the single reference
  let count: Int
  let address: UnsafeMutablePointer<Float>
  private let owner: (AnyObject & Sendable)?

  var isWritable: Bool { owner == nil }

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    unsafe address = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(to: Float.self, capacity: count)
    owner = nil
  }

  init(reading address: UnsafePointer<Float>, count: Int, of owner: AnyObject & Sendable) {
    self.count = count
    unsafe self.address = UnsafeMutablePointer(mutating: address)
    self.owner = owner
  }

  func copy(count: Int) -> TensorStorage {
    let copy = TensorStorage(count: count)
    unsafe copy.address.update(from: address, count: count)
    return copy
  }

  deinit { if owner == nil { unsafe UnsafeMutableRawPointer(address).deallocate() } }
}
