import Media
import Testing
import TriggerWords

/// The course's cases of course 5, week 3: numbers that its notebook prints.
@Suite struct CourseClipTests {
  @Test(arguments: [
    ([670, 1430], [], false), ([500, 1000], [[100, 499], [1001, 1100]], false), ([750, 1250], [[100, 750], [1001, 1100]], true),
    ([750, 1250], [[300, 600], [1250, 1500]], true), ([750, 1250], [[300, 600], [600, 1500], [1600, 1800]], true),
    ([800, 1100], [[300, 600], [900, 1000], [1600, 1800]], true), ([950, 1430], [[2000, 2550], [260, 949]], false),
    ([2305, 2950], [[824, 1532], [1900, 2305], [3424, 3656]], true),
  ] as [([Int], [[Int]], Bool)])
  func overlap(segment: [Int], others: [[Int]], expected: Bool) {
    #expect(Segment(segment[0], segment[1]).isOverlapping(others.map { Segment($0[0], $0[1]) }) == expected)
  }

  /// What NumPy draws for seed 5, and a word of 916 ms in ten seconds.
  private static let starts = [2915, 2254, 4079, 3046, 7286, 5520, 1032]

  @Test(arguments: [
    (Segment(0, 4400), Segment(7286, 8201)), (Segment(3790, 4400), Segment(2254, 3169)), (Segment(0, 9999), nil),
  ] as [(Segment, Segment?)])
  func aClipTakesTheFirstFreePlace(taken: Segment, expected: Segment?) {
    let background = PCMClip(sampleRate: 1000, channels: 2, samples: [Int16](repeating: 10, count: 20_000))
    let word = PCMClip(sampleRate: 1000, samples: [Int16](repeating: 5, count: 916))
    var segments = [taken], draws = Self.starts.makeIterator()
    let (clip, segment) = background.inserting(word, avoiding: &segments) { bound in
      #expect(bound == 10_000 - 916)
      return draws.next() ?? 0
    }
    #expect(segment == expected && segments == [taken] + (expected.map { [$0] } ?? []))
    if let expected {
      let louder = clip.samples.indices.filter { clip.samples[$0] != 10 }
      #expect(louder.first == 2 * expected.start && louder.last == 2 * expected.end + 1 && louder.count == 2 * 916)
    } else {
      #expect(clip == background && draws.next() == nil, "all seven places were tried")
    }
  }

  @Test func aClipThatIsTooLongHasNoPlace() {
    #expect(Segment.placed(milliseconds: 10_000, avoiding: [], draw: { _ in 0 }) == nil)
    #expect(Segment.placed(milliseconds: 0, avoiding: [], draw: { _ in 0 }) == nil)
  }

  @Test func onesFollowTheEndOfTheWord() {
    var labels = [Float](repeating: 0, count: 1375)
    insertOnes(&labels, segmentEnd: 9700)
    insertOnes(&labels, segmentEnd: 4251)
    #expect(labels.indices.filter { labels[$0] == 1 } == Array(585...634) + Array(1334...1374))
    #expect(labels[1333] == 0 && labels[634] == 1 && labels[635] == 0 && labels.allSatisfy { $0 == 0 || $0 == 1 })
    var example = [Float](repeating: 0, count: 1375)
    for end in [3793, 2450] { insertOnes(&example, segmentEnd: end) }
    #expect(example.indices.filter { example[$0] == 1 } == Array(337...386) + Array(522...571))
    insertOnes(&example, segmentEnd: 20_000)
    #expect(example.count { $0 == 1 } == 100)
  }
}
