import Foundation

/// Numbers that other programs gave: Fixtures/make_spectra.py.
struct Fixture: Decodable {
  struct Transform: Decodable {
    var samples, length, hop, windowLength, frames: Int
    var edges: String
    var values: [Float]
  }
  struct Mel: Decodable {
    var scale: String
    var isNormalized: Bool
    var low, high: Double
    var values: [Float]
  }
  /// Of an array shaped [bins, frames].
  struct Summary: Decodable {
    var count: Int
    var mean, std, min, max: Double
    /// Elements by their place.
    var at: [String: Double]
  }
  var transforms: [Transform]
  var mels: [Mel]
  var decibels, cepstrum: [Float]
  var windows: [String: [Float]]
  /// What matplotlib and librosa made of a sweep.
  let reference: [String: Summary]

  private enum Key: String, CodingKey { case transforms, mels, decibels, cepstrum, windows, reference }
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    transforms = try values.decode([Transform].self, forKey: .transforms)
    mels = try values.decode([Mel].self, forKey: .mels)
    decibels = try values.decode([Float].self, forKey: .decibels)
    cepstrum = try values.decode([Float].self, forKey: .cepstrum)
    windows = try values.decode([String: [Float]].self, forKey: .windows)
    let summaries = try values.nestedContainer(keyedBy: Name.self, forKey: .reference)
    let names = summaries.allKeys.filter { $0.stringValue != "signal" }
    reference = try Dictionary(uniqueKeysWithValues: names.map { ($0.stringValue, try summaries.decode(Summary.self, forKey: $0)) })
  }

  static let shared: Fixture = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/spectra.json")
    return try! JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }()

  func summary(_ prefix: String) -> Summary { reference.first { $0.key.hasPrefix(prefix) }!.value }
}

/// The signal of the fixture's own cases.
func signal(_ count: Int) -> [Float] {
  (0..<count).map { n in
    let n = Double(n)
    return Float(0.4 * sin(0.05 * n + 0.00002 * n * n) + 0.2 * cos(0.7 * n))
  }
}

/// A second of a sweep with noise: 0.5 sin(2π (200 t + 3900 t²)) + 0.05 (noise − 0.5), t in seconds at 44,100 Hz.
let sweep: [Float] = (0..<44_100).map { i in
  let t = Double(i) / 44_100, noise = Double((UInt64(i) * 2_654_435_761 + 12_345) & 0xFFFF_FFFF) / 4_294_967_296
  return Float(0.5 * sin(2 * Double.pi * (200 * t + 3900 * t * t)) + 0.05 * (noise - 0.5))
}
