import Kernels
import Synchronization
import Testing

/// A value that threads change in turn.
private final class Shared<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>
  init(_ value: Value) { mutex = Mutex(value) }
  var value: Value { mutex.withLock { $0 } }
  func change(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 7]) func everyIndexOnce(threadCount: Int) {
    let pool = ThreadPool(threadCount: threadCount)
    for count in [0, 1, 2, threadCount, 100, 10_007] {
      let seen = Shared([Int](repeating: 0, count: count))
      pool.forEach(count, (seen, threadCount)) { work, thread, index in
        #expect((0..<work.1).contains(thread))
        work.0.change { $0[index] += 1 }
      }
      #expect(seen.value.allSatisfy { $0 == 1 }, "\(count) on \(threadCount)")
    }
  }

  @Test func workInsideWorkRuns() {
    let pool = ThreadPool(threadCount: 3)
    let sum = Shared(0)
    pool.forEach(5, (pool, sum)) { work, _, outer in
      work.0.forEach(7, (work.1, outer)) { work, _, inner in work.0.change { $0 = $0 + work.1 * 7 + inner } }
    }
    #expect(sum.value == 35 * 34 / 2)
  }

  @Test func severalCallersAtOnce() async {
    let pool = ThreadPool(threadCount: 2)
    let sums = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let sum = Shared(0)
          for _ in 0..<50 { pool.forEach(100, sum) { sum, _, index in sum.change { $0 = $0 + index } } }
          return sum.value
        }
      }
      return await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(sums == [Int](repeating: 50 * 4950, count: 8))
  }

  @Test func threadsWakeAfterParking() async throws {
    let pool = ThreadPool(threadCount: 4)
    for _ in 0..<3 {
      try await Task.sleep(for: .milliseconds(20))
      let sum = Shared(0)
      pool.forEach(64, sum) { sum, _, index in sum.change { $0 = $0 + index } }
      #expect(sum.value == 2016)
    }
  }

  @Test func countsTheProcessorsItMayUse() {
    #expect(availableProcessorCount() >= 1)
  }

  @Test func stepsFollowEachOther() {
    for threads in [1, 2, 3, 7] {
      let pool = ThreadPool(threadCount: threads), cells = 5, steps = 200
      // Each cell becomes the sum of all of the step before, and one: any step too early would show.
      var values = [Int](repeating: 1, count: 2 * cells)
      values.withUnsafeMutableBufferPointer { values in
        pool.forEachStep(steps, cells, values.baseAddress!) { values, step, index in
          let old = values + step % 2 * 5, new = values + (step + 1) % 2 * 5
          new[index] = ((0..<5).reduce(0) { $0 + old[$1] } + 1) % 1_000_003
        }
      }
      var expected = 1
      for _ in 0..<steps { expected = (5 * expected + 1) % 1_000_003 }
      #expect(values[steps % 2 * cells] == expected && values[steps % 2 * cells + 4] == expected)
    }
  }
}
