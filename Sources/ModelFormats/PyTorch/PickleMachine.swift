/// Reads one pickle (Python's pickletools, protocols 2 to 5): a program for a stack machine that builds values out of numbers, texts, tuples, lists,
/// dictionaries and calls. Calls are made of a fixed list of constructors, ``PyTorchConstructor``; a pickle that names anything else is refused when
/// it names it.
struct PickleMachine {
  private var reader: ByteReader
  private let limits: PyTorchLimits
  private var stack: [PickleValue] = []
  /// Where the runs of values on the stack begin that an operation takes together.
  private var marks: [Int] = []
  private var memo: [UInt32: PickleValue] = [:]
  private var document = PickleDocument(root: .none, objects: [])
  private var isDone = false

  /// Reads the pickle at which `reader` stands, and leaves it behind.
  static func run(_ reader: inout ByteReader, limits: PyTorchLimits) throws(PickleProblem) -> PickleDocument {
    var machine = PickleMachine(reader: reader, limits: limits)
    for _ in 0..<limits.operations {
      let place = machine.reader.position
      do throws(FormatProblem) {
        try machine.step(machine.reader.number(UInt8.self))
      } catch {
        throw .malformed(FormatProblem("the pickle, at byte \(place): \(error.text)"))
      }
      if let name = machine.refused { throw .refused(name: name) }
      if machine.isDone {
        reader = machine.reader
        machine.document.root = machine.stack[0]
        return machine.document
      }
    }
    throw .malformed(FormatProblem("the pickle has more than the limit of \(limits.operations) steps"))
  }

  private var refused: String?

  private init(reader: ByteReader, limits: PyTorchLimits) {
    self.reader = reader
    self.limits = limits
  }

  // MARK: Operations

  private mutating func step(_ code: UInt8) throws(FormatProblem) {
    switch code {
    case 0x80:  // PROTO
      let version = try reader.number(UInt8.self)
      guard (2...5).contains(version) else { throw FormatProblem("expected protocol 2 to 5, found \(version)") }
    case 0x95: _ = try reader.take(8)  // FRAME: the length of what follows, which needs no extra buffer here
    case UInt8(ascii: "."):  // STOP
      guard stack.count == 1, marks.isEmpty else { throw FormatProblem("expected one value at its end, found \(stack.count)") }
      isDone = true

    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "J"): stack.append(.integer(Int(try reader.number(Int32.self))))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try reader.number(UInt8.self))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try reader.number(UInt16.self))))
    case 0x8A: try pushLong(count: Int(reader.number(UInt8.self)))
    case 0x8B: try pushLong(count: Int(reader.number(Int32.self)))
    case UInt8(ascii: "G"): stack.append(.real(Double(bitPattern: try reader.number(UInt64.self).byteSwapped)))
    case UInt8(ascii: "X"): try pushText(count: UInt64(reader.number(UInt32.self)))
    case 0x8C: try pushText(count: UInt64(reader.number(UInt8.self)))
    case 0x8D: try pushText(count: reader.number(UInt64.self))
    case UInt8(ascii: "T"): try pushText(count: UInt64(reader.number(UInt32.self)))  // Python 2's str
    case UInt8(ascii: "U"): try pushText(count: UInt64(reader.number(UInt8.self)))
    case UInt8(ascii: "B"): try pushBytes(count: UInt64(reader.number(UInt32.self)))
    case UInt8(ascii: "C"): try pushBytes(count: UInt64(reader.number(UInt8.self)))
    case 0x8E: try pushBytes(count: reader.number(UInt64.self))

    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"):
      let value = try pop()
      stack += [value, value]
    case UInt8(ascii: ")"): push(.tuple([]))
    case UInt8(ascii: "t"): push(.tuple(try popToMark()))
    case 0x85...0x87: push(.tuple(try pop(count: Int(code) - 0x84)))
    case UInt8(ascii: "]"): push(.list([]))
    case UInt8(ascii: "l"): push(.list(try popToMark()))
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "}"): push(.dictionary([]))
    case UInt8(ascii: "d"): push(.dictionary(try pairs(popToMark())))
    case UInt8(ascii: "s"): try setItems(pop(count: 2))
    case UInt8(ascii: "u"): try setItems(popToMark())

    case UInt8(ascii: "q"): memo[UInt32(try reader.number(UInt8.self))] = try top()
    case UInt8(ascii: "r"): memo[try reader.number(UInt32.self)] = try top()
    case 0x94: memo[UInt32(memo.count)] = try top()
    case UInt8(ascii: "h"): try recall(UInt32(reader.number(UInt8.self)))
    case UInt8(ascii: "j"): try recall(reader.number(UInt32.self))

    case UInt8(ascii: "c"):
      let module = try reader.line()
      name(module, try reader.line())
    case 0x93:
      let parts = try pop(count: 2)
      guard let module = parts[0].text, let function = parts[1].text else {
        throw FormatProblem("expected the name of a class, found something else")
      }
      name(module, function)
    case UInt8(ascii: "R"): try call(pop(count: 2))
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try pushStorage(pop())
    default:
      let hexadecimal = String(code, radix: 16, uppercase: true)
      throw FormatProblem("found the step 0x\(hexadecimal), which no file of tensors has: not a state dict of PyTorch, or damaged")
    }
  }

  // MARK: Numbers and texts

  private mutating func pushLong(count: Int) throws(FormatProblem) {
    guard count <= limits.textBytes else { throw FormatProblem("found a whole number of \(count) bytes, more than the limit of \(limits.textBytes)") }
    let bytes = try reader.take(count)
    guard count <= 8 else { return stack.append(.largeInteger(bytes)) }
    var number = 0
    for index in 0..<count { number |= Int(bytes[index]) << (8 * index) }
    let unused = 64 - 8 * count
    stack.append(.integer(count == 0 ? 0 : (number << unused) >> unused))
  }

  private mutating func pushText(count: UInt64) throws(FormatProblem) {
    guard let text = try takeBytes(count).text else { throw FormatProblem("found a text that is not UTF-8: the file is damaged, or of Python 2") }
    stack.append(.text(text))
  }

  private mutating func pushBytes(count: UInt64) throws(FormatProblem) {
    _ = try takeBytes(count)
    stack.append(.bytes)
  }

  private mutating func takeBytes(_ count: UInt64) throws(FormatProblem) -> ByteSlice {
    guard count <= UInt64(limits.textBytes) else { throw FormatProblem("found a text of \(count) bytes, more than the limit of \(limits.textBytes)") }
    return try reader.take(Int(count))
  }

  // MARK: The stack

  /// Values below the last mark belong to it, and may not be taken without it.
  private var available: Int { stack.count - (marks.last ?? 0) }

  private func top() throws(FormatProblem) -> PickleValue {
    guard available > 0 else { throw FormatProblem("expected a value, found none: the file is damaged") }
    return stack[stack.count - 1]
  }

  private mutating func pop() throws(FormatProblem) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(FormatProblem) -> [PickleValue] {
    guard available >= count else { throw FormatProblem("expected \(count) values, found \(available): the file is damaged") }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popToMark() throws(FormatProblem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw FormatProblem("expected a mark, found none: the file is damaged") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func push(_ object: PickleObject) {
    stack.append(.object(document.objects.count))
    document.objects.append(object)
  }

  private mutating func recall(_ key: UInt32) throws(FormatProblem) {
    guard let value = memo[key] else { throw FormatProblem("expected an earlier value under \(key), found none: the file is damaged") }
    stack.append(value)
  }

  // MARK: Lists and dictionaries

  private mutating func append(_ values: [PickleValue]) throws(FormatProblem) {
    guard case .object(let place) = try top(), case .list(var elements) = document.objects[place] else {
      throw FormatProblem("expected a list, found something else")
    }
    document.objects[place] = .list([])  // or appending would copy
    elements += values
    document.objects[place] = .list(elements)
  }

  private mutating func setItems(_ values: [PickleValue]) throws(FormatProblem) {
    let new = try pairs(values)
    guard case .object(let place) = try top(), case .dictionary(var members) = document.objects[place] else {
      throw FormatProblem("expected a dictionary, found something else")
    }
    document.objects[place] = .dictionary([])
    members += new
    document.objects[place] = .dictionary(members)
  }

  private func pairs(_ values: [PickleValue]) throws(FormatProblem) -> [(key: PickleValue, value: PickleValue)] {
    guard values.count % 2 == 0 else { throw FormatProblem("expected keys and values, found \(values.count) of them") }
    return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  // MARK: Calls

  private mutating func name(_ module: String, _ function: String) {
    guard let constructor = PyTorchConstructor(module: module, name: function) else {
      refused = "\(module).\(function)"
      return
    }
    stack.append(.constructor(constructor))
  }

  private mutating func call(_ values: [PickleValue]) throws(FormatProblem) {
    guard case .constructor(let constructor) = values[0], let arguments = document.elements(values[1]) else {
      throw FormatProblem("expected a constructor and its arguments, found something else")
    }
    switch constructor {
    case .orderedDictionary:
      // Python 2 hands over a list of pairs.
      var members: [(key: PickleValue, value: PickleValue)] = []
      for pair in try arguments.first.map({ (list) throws(FormatProblem) in try elements(list) }) ?? [] {
        let pair = try elements(pair)
        guard pair.count == 2 else { throw FormatProblem("expected pairs of keys and values, found \(pair.count) values") }
        members.append((pair[0], pair[1]))
      }
      push(.dictionary(members))
    case .rebuildTensor: push(.tensor(try PyTorchTensor(arguments, document)))
    case .rebuildParameter:
      guard let data = arguments.first else { throw FormatProblem("expected a tensor for a parameter, found nothing") }
      stack.append(data)
    case .storage: throw FormatProblem("expected a storage in the file's own form, found a call")
    }
  }

  private func elements(_ value: PickleValue) throws(FormatProblem) -> [PickleValue] {
    guard let elements = document.elements(value) else { throw FormatProblem("expected a list, found something else") }
    return elements
  }

  /// An object's attributes, which dictionaries of tensors have for the versions of their modules: dropped.
  private mutating func build() throws(FormatProblem) {
    _ = try pop()
    guard case .object(let place) = try top(), case .dictionary = document.objects[place] else {
      throw FormatProblem("expected a dictionary to give attributes to, found something else")
    }
  }

  /// ('storage', class, key, device, count) or, in the old format, with None behind them.
  private mutating func pushStorage(_ identifier: PickleValue) throws(FormatProblem) {
    guard let parts = document.elements(identifier), parts.count == 5 || parts.count == 6,
      parts[0].text == "storage", case .constructor(.storage(let kind)) = parts[1], let key = parts[2].text, let count = parts[4].integer, count >= 0
    else { throw FormatProblem("expected the name of a storage, found something else") }
    if parts.count == 6 {
      guard case .none = parts[5] else {
        throw FormatProblem("found a view of a storage, as PyTorch wrote before 0.4; load the file there and save it again")
      }
    }
    push(.storage(PyTorchStorage(key: key, kind: kind, count: count)))
  }
}
