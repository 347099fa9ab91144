import Kernels
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 7]) func everyIndexOnce(threadCount: Int) {
    let pool = ThreadPool(threadCount: threadCount)
    for count in [0, 1, 2, threadCount, 100, 10_007] {
      let seen = Mutex([Int](repeating: 0, count: count))
      pool.forEach(count) { thread, index in
        #expect((0..<threadCount).contains(thread))
        seen.withLock { $0[index] += 1 }
      }
      #expect(seen.withLock { $0 }.allSatisfy { $0 == 1 }, "\(count) on \(threadCount)")
    }
  }

  @Test func workInsideWorkRuns() {
    let pool = ThreadPool(threadCount: 3)
    let sum = Mutex(0)
    pool.forEach(5) { _, outer in
      pool.forEach(7) { _, inner in sum.withLock { $0 += outer * 7 + inner } }
    }
    #expect(sum.withLock { $0 } == 35 * 34 / 2)
  }

  @Test func severalCallersAtOnce() async {
    let pool = ThreadPool(threadCount: 2)
    let sums = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let sum = Mutex(0)
          for _ in 0..<50 { pool.forEach(100) { _, index in sum.withLock { $0 += index } } }
          return sum.withLock { $0 }
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
      let sum = Mutex(0)
      pool.forEach(64) { _, index in sum.withLock { $0 += index } }
      #expect(sum.withLock { $0 } == 2016)
    }
  }

  @Test func countsTheProcessorsItMayUse() {
    #expect(availableProcessorCount() >= 1)
  }
}
