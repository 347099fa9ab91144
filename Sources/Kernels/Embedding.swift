/// y[i] = table[ids[i]]: lines of a table; zeros for a number that is no line of it.
///
/// - Parameters:
///   - table: [lines][width]; ids: whole numbers; y: [ids][width].
public func lookUp(_ table: Span<Float>, width: Int, _ ids: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(width > 0 && table.count % width == 0 && y.count == ids.count * width)
  let lines = table.count / width
  table.withUnsafeBufferPointer { table in
    ids.withUnsafeBufferPointer { ids in
      y.withUnsafeMutableBufferPointer { y in
        guard let table = table.baseAddress, let first = ids.baseAddress, let y = y.baseAddress else { return }
        let each = max(1, 8_192 / width), count = ids.count
        processor.threads.forEach((count + each - 1) / each, (table, first, y, width, lines, count, each)) { work, _, piece in
          let (table, ids, y, width, lines, count, each) = work
          for index in piece * each..<min(count, (piece + 1) * each) {
            let target = y + index * width
            guard let line = Int(exactly: ids[index]), line >= 0, line < lines else {
              target.update(repeating: 0, count: width)
              continue
            }
            target.update(from: table + line * width, count: width)
          }
        }
      }
    }
  }
}

/// dtable[k] = Σ of dy[i] over all i with ids[i] = k, in the order of i: the gradient of ``lookUp(_:width:_:into:on:)``. Each thread has columns of its own.
public func lookUpGradient(_ dy: Span<Float>, width: Int, _ ids: Span<Float>, into dTable: inout MutableSpan<Float>, on processor: Processor) {
  precondition(width > 0 && dTable.count % width == 0 && dy.count == ids.count * width)
  let lines = dTable.count / width
  dy.withUnsafeBufferPointer { dy in
    ids.withUnsafeBufferPointer { ids in
      dTable.withUnsafeMutableBufferPointer { dTable in
        guard let table = dTable.baseAddress else { return }
        table.update(repeating: 0, count: lines * width)
        guard let dy = dy.baseAddress, let first = ids.baseAddress else { return }
        processor.threads.forEach((width + 15) / 16, (dy, first, table, width, lines, ids.count)) { work, _, piece in
          let (dy, ids, table, width, lines, count) = work
          for index in 0..<count {
            guard let line = Int(exactly: ids[index]), line >= 0, line < lines else { continue }
            for column in piece * 16..<min(width, (piece + 1) * 16) { table[line * width + column] += dy[index * width + column] }
          }
        }
      }
    }
  }
}
