import Foundation
import Learning
import Tensors
import Testing

/// Changes of pictures at random.
@Suite struct AugmentationTests {
  private let batch = Batch(epoch: 2, number: 0, indices: [7, 3, 11])

  /// Three pictures, each number its place.
  private func pictures(_ size: Int = 8) -> Tensor { Tensor([3, 3, size, size], (0..<9 * size * size).map { Float($0 % 250) }) }

  private func changed(_ change: some Augmentation, _ values: [Float], channels: Int = 1, height: Int, seed: UInt64) -> [Float] {
    var random = RandomNumbers(seed: seed), picture = Pixels(channels: channels, height: height, width: values.count / channels / height, values: values)
    change.change(&picture, using: &random)
    #expect(picture.values.count == values.count)
    return picture.values
  }

  @Test func whatHappensFollowsFromSeedEpochAndExample() {
    let changes: [any Augmentation] = [RandomFlip(), RandomCrop(), RandomRotation(), ColorShift(), Cutout()], x = pictures()
    let all = x.augmented(by: changes, seed: 5, batch)
    #expect(all == x.augmented(by: changes, seed: 5, batch) && all != x)
    // In another batch, and in another place of it, the same example is changed the same way.
    let alone = x.items([1]).augmented(by: changes, seed: 5, Batch(epoch: 2, number: 4, indices: [3]))
    #expect(alone.elements == all.items([1]).elements)
    for other in [x.augmented(by: changes, seed: 6, batch), x.augmented(by: changes, seed: 5, Batch(epoch: 3, number: 0, indices: batch.indices))] { #expect(other != all) }
    #expect(x.augmented(by: [], seed: 5, batch) == x)
  }

  @Test func aFlipIsAMirrorImageOrNothing() {
    let row: [Float] = [1, 2, 3, 4, 5, 6], mirrored: [Float] = [3, 2, 1, 6, 5, 4]
    let results = (0..<200).map { changed(RandomFlip(), row, height: 2, seed: $0) }
    #expect(results.allSatisfy { $0 == row || $0 == mirrored } && (70..<130).contains(results.count { $0 == mirrored }))
  }

  @Test func aCropIsAnEnlargedPart() {
    // Of a slope, a part is a slope that is flatter by the part's side.
    let slope = (0..<400).map { Float($0 % 20) }
    for seed in 0..<20 {
      let found = changed(RandomCrop(area: 0.25..<0.3), slope, height: 20, seed: UInt64(seed)), step = found[12] - found[11]
      #expect((0.5...0.5478).contains(step) && found.min()! >= -1e-4 && found.max()! <= 19.0001)
      #expect((0..<20).allSatisfy { abs(found[200 + $0] - found[$0]) < 1e-4 })
    }
    let places = Set((0..<50).map { changed(RandomCrop(area: 0.5..<0.6), slope, height: 20, seed: UInt64($0))[0] })
    #expect(places.count > 40)
  }

  @Test func aRotationTurnsAboutTheMiddle() {
    // A slope along x becomes one along both axes: cos α and sin α.
    let slope = (0..<441).map { Float($0 % 21) }
    for seed in 0..<20 {
      let found = changed(RandomRotation(degrees: 20), slope, height: 21, seed: UInt64(seed)), middle = 10 * 21 + 10
      let right = found[middle + 1] - found[middle], down = found[middle + 21] - found[middle]
      #expect(abs(found[middle] - 10) < 1e-4 && abs(right * right + down * down - 1) < 1e-3 && abs(down) <= sin(20 * Float.pi / 180) + 1e-3 && down != 0)
    }
  }

  @Test func coloursShiftAndStayInRange() {
    let gray = [Float](repeating: 100, count: 3 * 16), ends: [Float] = (0..<48).map { $0 % 2 == 0 ? 0 : 255 }
    for seed in 0..<20 {
      let found = changed(ColorShift(amount: 0.3, tint: 0.1), gray, channels: 3, height: 4, seed: UInt64(seed))
      #expect(Set(found).count == 3 && found.allSatisfy { (62...144).contains($0) })  // one number a map: 100 · (1 ± 0.3) · (1 ± 0.1)
      #expect(changed(ColorShift(amount: 1), ends, channels: 3, height: 4, seed: UInt64(seed)).allSatisfy { (0...255).contains($0) })
    }
    #expect(changed(ColorShift(amount: 0, tint: 0), ends, channels: 3, height: 4, seed: 1) == ends)
  }

  @Test func cutoutLeavesTheRest() {
    let values = (0..<3 * 100).map { Float($0 % 100) }
    for seed in 0..<20 {
      let found = changed(Cutout(side: 0.4), values, channels: 3, height: 10, seed: UInt64(seed)), places = (0..<100).filter { found[$0] != values[$0] }
      #expect(!places.isEmpty && places.count <= 16 && places.allSatisfy { found[$0] == 49.5 && found[200 + $0] == 49.5 })
    }
  }

  @Test func mixupMixesInputsAndTargetsAlike() {
    let x = Tensor([3, 1], [0, 10, 100]), y = oneHot([0, 1, 2], classes: 3)
    var shares: [Float] = []
    for epoch in 0..<400 {
      let batch = Batch(epoch: epoch, number: 1, indices: [4, 5, 6]), mixed = Mixup(alpha: 0.4).mixed(x, y, seed: 3, batch)
      let targets = mixed.y.elements
      for row in 0..<3 {
        let own = targets[3 * row..<3 * row + 3]
        #expect(abs(own.reduce(0, +) - 1) < 1e-5)
        #expect(abs(mixed.x.elements[row] - (10 * targets[3 * row + 1] + 100 * targets[3 * row + 2])) < 1e-3)
        shares.append(targets[3 * row + row])
      }
      #expect(Mixup(alpha: 0.4).mixed(x, y, seed: 3, batch).x == mixed.x)
    }
    // Of those with another partner (two in three), the share has the mean ½ and the variance 1 / (4 (2α + 1)) of Beta(α, α).
    let other = shares.filter { $0 < 1 }, mean = other.reduce(0, +) / Float(other.count)
    let variance = other.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(other.count)
    #expect(abs(mean - 0.5) < 0.05 && abs(variance - 1 / 7.2) < 0.02, "\(mean), \(variance)")
  }

  @Test func probabilitiesOfLogits() {
    let two = probabilities(ofLogits: Tensor([2, 1], [0, 2]), temperature: 2), three = probabilities(ofLogits: Tensor([1, 3], [1000, 1000, -1000]))
    #expect(two[0] == [0.5, 0.5] && abs(two[1][1] - 0.731_058_6) < 1e-6 && abs(two[1][0] + two[1][1] - 1) < 1e-6)
    #expect(three == [[0.5, 0.5, 0]])
  }
}
