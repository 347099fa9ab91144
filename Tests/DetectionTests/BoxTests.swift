import Detection
import Tensors
import Testing

@Suite struct BoxTests {
  func randomBoxes(_ count: Int) -> [Box] {
    var random = RandomNumbers(seed: 11)
    return (0..<count).map { _ in
      Box(
        x: Double(random.uniform(in: -20..<100)), y: Double(random.uniform(in: -20..<100)), width: Double(random.uniform(in: 0..<60)),
        height: Double(random.uniform(in: 0..<60)))
    }
  }

  @Test func overlapIsSymmetricAndBetweenZeroAndOne() {
    let boxes = randomBoxes(60)
    for a in boxes {
      #expect(abs(a.intersectionOverUnion(a) - 1) < 1e-12)
      for b in boxes {
        let overlap = a.intersectionOverUnion(b)
        #expect(overlap == b.intersectionOverUnion(a))
        #expect(overlap >= 0 && overlap <= 1 + 1e-12)
        #expect((overlap > 0) == (a.intersection(b) > 0))
        let moved = Box(x: a.x + 7, y: a.y - 3, width: a.width, height: a.height)
          .intersectionOverUnion(Box(x: b.x + 7, y: b.y - 3, width: b.width, height: b.height))
        #expect(abs(moved - overlap) < 1e-12)
      }
    }
  }

  @Test func boxesWithoutSizeOverlapNothing() {
    let point = Box(x: 5, y: 5, width: 0, height: 0)
    #expect(point.intersectionOverUnion(point) == 0)
    #expect(point.intersectionOverUnion(Box(x: 0, y: 0, width: 10, height: 10)) == 0)
  }

  @Test func cornersInAnyOrderAndCentresGiveTheSameBox() {
    let box = Box(x: 2, y: 3, width: 4, height: 6)
    #expect(Box(corner: (6, 9), corner: (2, 3)) == box)
    #expect(Box(corner: (2, 9), corner: (6, 3)) == box)
    #expect(Box(centerX: 4, centerY: 6, width: 4, height: 6) == box)
    #expect((box.centerX, box.centerY, box.right, box.bottom, box.area) == (4, 6, 6, 9, 24))
    #expect(box.scaled(x: 2, y: 10) == Box(x: 4, y: 30, width: 8, height: 60))
  }

  @Test func clippingKeepsWhatIsInside() {
    #expect(Box(x: -5, y: -5, width: 20, height: 8).clipped(toWidth: 10, height: 10) == Box(x: 0, y: 0, width: 10, height: 3))
    #expect(Box(x: 2, y: 3, width: 4, height: 4).clipped(toWidth: 10, height: 10) == Box(x: 2, y: 3, width: 4, height: 4))
    let outside = Box(x: 30, y: -30, width: 5, height: 5).clipped(toWidth: 10, height: 10)
    #expect(outside.area == 0 && outside.width >= 0 && outside.height >= 0)
  }
}
