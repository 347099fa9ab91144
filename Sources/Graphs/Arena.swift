import Glibc
import Kernels
import Tensors

/// The memory of one run of a ``Program`` at a time. Running does nothing but call kernels: every address is known from the start.
@safe public final class Arena {
  public let program: Program
  private let memory: AlignedFloats
  private let steps: [Step]
  private let operands: UnsafeMutableBufferPointer<Operands.Span>
  /// For each input of the program, which operands of steps lie in it, and how far from its beginning.
  private let readers: [[(operand: Int, offset: Int)]]

  @safe private struct Step {
    let body: KernelCall.Body
    let inputs: Range<Int>
    let output, scratch: Operands.Span
  }

  public init(for program: Program) {
    self.program = program
    memory = AlignedFloats(count: program.memoryPlan.arenaCount)
    let base = unsafe memory.base
    func span(_ place: Program.Place) -> Operands.Span {
      switch place {
      case .arena(let offset, let count): unsafe (UnsafePointer(base + offset), count)
      case .constant(let tensor): unsafe (tensor.unsafeAddress, tensor.count)  // the program keeps the tensor
      }
    }
    var steps: [Step] = []
    unsafe operands = .allocate(capacity: program.calls.reduce(0) { $0 + $1.inputs.count })
    var next = 0
    for call in program.calls {
      let first = next
      for input in call.inputs {
        unsafe operands.initializeElement(at: next, to: span(input))
        next += 1
      }
      unsafe steps.append(Step(body: call.call.body, inputs: first..<next, output: span(call.output), scratch: span(call.scratch)))
    }
    self.steps = steps
    let places = program.calls.flatMap(\.inputs)
    readers = program.inputs.map { input in
      guard case .arena(let first, let count) = input.place else { return [] }
      return places.enumerated().compactMap { operand, place in
        guard case .arena(let offset, _) = place, offset >= first, offset < first + count else { return nil }
        return (operand, offset - first)
      }
    }
  }

  deinit { unsafe operands.deallocate() }

  /// Runs the program on the inputs that were set last.
  public func run() {
    for step in steps { run(step) }
  }

  /// Runs like ``run()``, but reads some inputs where their values lie, instead of a copy in the arena: for large ones that change from run to run.
  ///
  /// - Precondition: the values have the shapes that the program expects.
  public func run(reading values: [(input: Int, value: Tensor)]) {
    withExtendedLifetime(values) {
      for (input, value) in values { redirect(input, to: value) }
      run()
      for (input, _) in values { redirect(input, to: nil) }
    }
  }

  /// Lets all readers of an input read `value`, nil for what the arena has. Where the input lies in another layout, it is copied.
  private func redirect(_ index: Int, to value: Tensor?) {
    let input = program.inputs[index]
    guard case .arena(let offset, _) = input.place else { return }
    guard input.maps.layout.isPlain else {
      if let value { setInput(index, to: value) }
      return
    }
    precondition(value == nil || value!.shape == program.inputShapes[index], "input \(index) has the shape \(program.inputShapes[index])")
    let base = unsafe value.map { unsafe $0.unsafeAddress } ?? UnsafePointer(memory.base + offset)
    for reader in readers[index] { unsafe operands[reader.operand].address = base + reader.offset }
  }

  /// Output number `index` of the last run, where it lies: the next run changes it.
  package func outputInPlace(_ index: Int) -> Tensor {
    guard case .arena(let offset, _) = program.outputs[index] else { return output(index) }
    return unsafe Tensor(program.outputShapes[index], readingFrom: memory.base + offset, of: memory)
  }

  /// Runs like ``run()`` and returns the seconds that each of the program's steps took.
  public func profile() -> [Double] {
    var seconds: [Double] = []
    seconds.reserveCapacity(steps.count)
    for step in steps {
      let start = monotonicSeconds()
      run(step)
      seconds.append(monotonicSeconds() - start)
    }
    return seconds
  }

  @inline(__always) private func run(_ step: Step) {
    let inputs = unsafe UnsafeBufferPointer(rebasing: operands[step.inputs])
    var output = unsafe MutableSpan(_unsafeStart: UnsafeMutablePointer(mutating: step.output.address), count: step.output.count)
    var scratch = unsafe MutableSpan(_unsafeStart: UnsafeMutablePointer(mutating: step.scratch.address), count: step.scratch.count)
    unsafe step.body(Operands(inputs), &output, &scratch)
  }

  /// Sets input number `index`; it keeps its value until it is set again.
  ///
  /// - Precondition: `value` has the shape that the program expects.
  public func setInput(_ index: Int, to value: Tensor) {
    let shape = program.inputShapes[index]
    precondition(value.shape == shape, "input \(index) has the shape \(shape), found \(value.shape)")
    let input = program.inputs[index]
    guard case .arena(let offset, let count) = input.place else { return }
    let address = unsafe memory.base + offset
    var target = unsafe MutableSpan(_unsafeStart: address, count: count)
    changeLayout(value.span, from: shape.maps(in: .plain), into: &target, to: input.maps, on: program.processor)
  }

  /// Output number `index` of the last run.
  public func output(_ index: Int) -> Tensor {
    switch program.outputs[index] {
    case .constant(let tensor): return tensor.reshaped(program.outputShapes[index])
    case .arena(let offset, let count):
      let address = unsafe memory.base + offset
      let source = unsafe Span(_unsafeStart: address, count: count)
      var tensor = Tensor(program.outputShapes[index])
      tensor.withMutableSpan { target in copy(source, from: 0, count: count, into: &target, at: 0) }
      return tensor
    }
  }
}

/// Seconds of a clock that never goes back.
private func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
