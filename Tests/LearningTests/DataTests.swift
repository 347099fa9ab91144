import Learning
import Tensors
import Testing

@Suite struct DataTests {
  @Test func batchesHoldEveryExampleOnce() {
    for count in [0, 1, 7, 8, 9, 100] {
      for size in [1, 2, 8, 200] {
        let batches = MiniBatches(count: count, size: size, seed: 3), epoch = batches.epoch(0)
        #expect(epoch.flatMap { $0 }.sorted() == Array(0..<count) && epoch.count == batches.batchCount)
        #expect(epoch.dropLast().allSatisfy { $0.count == size } && epoch.allSatisfy { !$0.isEmpty })
        let dropping = MiniBatches(count: count, size: size, dropsLast: true, seed: 3), whole = dropping.epoch(0)
        #expect(whole == epoch.filter { $0.count == size } && whole.count == dropping.batchCount)
      }
    }
  }

  @Test func seedAndEpochFixTheOrder() {
    let batches = MiniBatches(count: 50, size: 7, seed: 1)
    #expect(batches.epoch(4) == MiniBatches(count: 50, size: 7, seed: 1).epoch(4))
    #expect(batches.epoch(4) != batches.epoch(5) && batches.epoch(4) != MiniBatches(count: 50, size: 7, seed: 2).epoch(4))
    #expect(MiniBatches(count: 5, size: 2, seed: nil).epoch(9) == [[0, 1], [2, 3], [4]])
    #expect(MiniBatches(count: 3, size: .max, seed: nil).epoch(0) == [[0, 1, 2]])
  }

  @Test func allOrdersAreEquallyLikely() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6_000 { counts[shuffledIndices(3, seed: UInt64(seed)), default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1_000) < 150 }, "\(counts)")
    var random = RandomNumbers(seed: 1), places = [Int](repeating: 0, count: 5)
    for _ in 0..<10_000 { places[random.index(below: 5)] += 1 }
    #expect(places.allSatisfy { abs($0 - 2_000) < 200 })
    for _ in 0..<100 { #expect(random.index(below: .max) >= 0 && random.index(below: 1) == 0) }
  }

  @Test func itemsOfATensor() {
    let tensor = Tensor([3, 2, 2], (0..<12).map(Float.init)), items = tensor.items([2, 0, 2])
    #expect(items.shape == [3, 2, 2] && items.elements == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(tensor.items([]).shape == [0, 2, 2] && Tensor([3], [5, 6, 7]).items([1]).elements == [6])
  }

  @Test func splitsShareOut() throws {
    for (count, train, dev) in [(100, 0.8, 0.1), (101, 0.6, 0.2), (3, 0.5, 0.25), (0, 0.8, 0.1), (10, 1, 0), (10, 0, 0), (10, 0.7, 0.3)] {
      let split = try Split(count: count, train: train, dev: dev, seed: 1)
      #expect((split.train + split.dev + split.test).sorted() == Array(0..<count))
      #expect(abs(Double(split.train.count) - train * Double(count)) <= 0.5 && abs(Double(split.dev.count) - dev * Double(count)) <= 1)
      #expect(try Split(count: count, train: train, dev: dev, seed: 1) == split)
    }
    #expect(try Split(count: 100, train: 0.5, dev: 0.2, seed: 1) != Split(count: 100, train: 0.5, dev: 0.2, seed: 2))
  }

  @Test func stratifiedSplitsKeepProportions() throws {
    let labels = (0..<1_000).map { $0 % 10 == 0 ? 7 : $0 % 3 - 1 }, split = try Split(stratifiedBy: labels, train: 0.7, dev: 0.2, seed: 1)
    #expect((split.train + split.dev + split.test).sorted() == Array(0..<1_000) && split.train.count == 700 && split.dev.count == 200)
    for label in Set(labels) {
      let all = Double(labels.count { $0 == label })
      for (part, share) in [(split.train, 0.7), (split.dev, 0.2), (split.test, 0.1)] {
        #expect(abs(Double(part.count { labels[$0] == label }) - share * all) <= 2)
      }
    }
    // Labels are mixed: not all of one before the first of another.
    let order = split.train.map { labels[$0] }
    #expect(zip(order, order.dropFirst()).count { $0 != $1 } > 200)
    let single = try Split(stratifiedBy: [4, 5, 6], train: 0.34, dev: 0.33, seed: 1)  // one of each label: sums decide
    #expect(single.train.count == 1 && single.dev.count == 1 && single.test.count == 1)
  }

  @Test func sharesThatAreNot() {
    for (train, dev) in [(-0.1, 0.5), (0.5, -0.1), (0.8, 0.3), (.nan, 0.1), (0.1, .nan), (.infinity, 0)] {
      #expect(throws: DataError.self) { try Split(count: 10, train: train, dev: dev, seed: 1) }
    }
  }

  @Test func foldsHoldOutEveryExampleOnce() throws {
    for (count, k) in [(10, 5), (11, 5), (5, 5), (120, 7)] {
      let folds = try Folds(count: count, folds: k, seed: 1)
      #expect(folds.count == k && folds.parts.flatMap { $0 }.sorted() == Array(0..<count))
      #expect(folds.parts.map(\.count).max()! - folds.parts.map(\.count).min()! <= 1)
      for fold in 0..<k {
        let (train, heldOut) = folds[fold]
        #expect((train + heldOut).sorted() == Array(0..<count) && heldOut == folds.parts[fold])
      }
      #expect(try Folds(count: count, folds: k, seed: 1) == folds)
    }
    let labels = (0..<120).map { $0 % 6 }, folds = try Folds(stratifiedBy: labels, folds: 5, seed: 1)
    for part in folds.parts { for label in 0..<6 { #expect(part.count { labels[$0] == label } == 4) } }
    for (count, k) in [(10, 1), (10, 0), (10, -3), (10, 11), (0, 2)] {
      #expect(throws: DataError.parts(count: k, examples: count)) { try Folds(count: count, folds: k, seed: 1) }
    }
    #expect("\(DataError.parts(count: 11, examples: 10))".contains("from 2 to 10"))
  }
}
