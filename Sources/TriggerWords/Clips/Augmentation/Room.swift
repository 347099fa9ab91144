import Glibc
import Tensors

/// A room like a shoe box, and a speaker and a microphone in it.
public struct Room: Sendable {
  /// In metres: length, width, height.
  public let size: [Float]
  public let speaker, microphone: [Float]
  /// How long a sound takes to fall by 60 dB, in seconds.
  public let reverberation: Float

  /// - Precondition: both places are inside of the room, and the time is positive.
  public init(size: [Float], speaker: [Float], microphone: [Float], reverberation: Float) {
    precondition(size.count == 3 && speaker.count == 3 && microphone.count == 3 && reverberation > 0, "a room has three dimensions and reverberates")
    for axis in 0..<3 {
      precondition((0...size[axis]).contains(speaker[axis]) && (0...size[axis]).contains(microphone[axis]), "speaker and microphone are in the room")
    }
    self.size = size
    self.speaker = speaker
    self.microphone = microphone
    self.reverberation = reverberation
  }

  /// A room of 2 to 10 metres, 2.2 to 4 high, that reverberates for 0.1 to 0.8 s, small ones shorter; the microphone 0.3 to 4 metres from the
  /// speaker.
  public static func random(using random: inout RandomNumbers) -> Room {
    let size = [random.uniform(in: 2..<10), random.uniform(in: 2..<10), random.uniform(in: 2.2..<4)]
    let longest = min(0.8, 0.15 + size[0] * size[1] * size[2] / 120)
    let time = random.uniform(in: 0.1..<longest)
    func place() -> [Float] { size.map { random.uniform(in: 0.3..<$0 - 0.3) } }
    let speaker = place()
    var microphone = place()
    func distance() -> Float { zip(speaker, microphone).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }
    for _ in 0..<100 where !(0.3...4).contains(distance()) { microphone = place() }
    return Room(size: size, speaker: speaker, microphone: microphone, reverberation: time)
  }

  private static let soundSpeed: Float = 343

  /// What the microphone hears of a click, from its arrival on, with an energy of 1, `reverberation` long: the sum over the mirror images of the
  /// speaker in the walls (Allen and Berkley 1979), each a click after distance / 343 m/s, of strength (−β)^walls / distance.
  ///
  /// β, the same for all walls, begins with Eyring's formula (1930) and is corrected until the images' energy falls by 60 dB in the time wanted. It
  /// is negative as in Lehmann and Johansson 2008: else all images would add up to a rumble.
  public func response(sampleRate: Int) -> [Float] {
    let images = self.images(), count = max(Int(reverberation * Float(sampleRate)), 1)
    let volume = size[0] * size[1] * size[2], surface = 2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
    // ln β of Eyring: the energy falls by β² a wall.
    var logarithm = -0.0805 * volume / (surface * reverberation)
    for _ in 0..<4 {
      let found = decayTime(images, logarithm)
      guard found > 0 else { break }
      logarithm *= found / reverberation
    }
    var strengths = [Float](repeating: 0, count: 1 + (images.map { Int($0.walls) }.max() ?? 0))
    for walls in strengths.indices { strengths[walls] = expf(logarithm * Float(walls)) * (walls % 2 == 0 ? 1 : -1) }
    var response = [Float](repeating: 0, count: count)
    let first = images.map(\.distance).min() ?? 0
    for image in images {
      let place = (image.distance - first) / Self.soundSpeed * Float(sampleRate), whole = Int(place), part = place - Float(whole)
      let strength = strengths[Int(image.walls)] / image.distance
      if whole < count { response[whole] += strength * (1 - part) }
      if whole + 1 < count { response[whole + 1] += strength * part }
    }
    let energy = meanSquare(response) * Float(count)
    if energy > 0 { for index in response.indices { response[index] /= energy.squareRoot() } }
    return response
  }

  private struct Image {
    var distance: Float
    var walls: Int32
  }

  /// All images that are heard within the time.
  private func images() -> [Image] {
    let direct = (0..<3).reduce(Float(0)) { $0 + (speaker[$1] - microphone[$1]) * (speaker[$1] - microphone[$1]) }.squareRoot()
    let reach = Self.soundSpeed * reverberation + direct
    /// Along one axis: the images' distances from the microphone, and how many walls each is behind.
    func line(_ axis: Int) -> [(offset: Float, walls: Int32)] {
      let most = Int(reach / (2 * size[axis])) + 1
      return (-most...most).flatMap { n in
        [1, -1].map { (side: Float) in
          let walls = side > 0 ? abs(2 * n) : abs(2 * n - 1)
          return (side * speaker[axis] + 2 * Float(n) * size[axis] - microphone[axis], Int32(walls))
        }
      }
    }
    let x = line(0), y = line(1), z = line(2), limit = reach * reach
    var images: [Image] = []
    for (dx, first) in x where dx * dx < limit {
      for (dy, second) in y where dx * dx + dy * dy < limit {
        for (dz, third) in z {
          let square = dx * dx + dy * dy + dz * dz
          if square < limit { images.append(Image(distance: max(square.squareRoot(), 0.05), walls: first + second + third)) }
        }
      }
    }
    return images
  }

  /// Seconds to fall by 60 dB, from the slope of the energy that is still to come (Schroeder 1965) between −5 and −25 dB.
  private func decayTime(_ images: [Image], _ logarithm: Float) -> Float {
    let binsASecond: Float = 500
    var energy = [Double](repeating: 0, count: Int((reverberation + 0.1) * binsASecond) + 2)
    let first = images.map(\.distance).min() ?? 0
    var table = [Float](repeating: 0, count: 1 + (images.map { Int($0.walls) }.max() ?? 0))
    for walls in table.indices { table[walls] = expf(2 * logarithm * Float(walls)) }
    for image in images {
      let bin = Int((image.distance - first) / Self.soundSpeed * binsASecond)
      if bin < energy.count { energy[bin] += Double(table[Int(image.walls)] / (image.distance * image.distance)) }
    }
    return decayTimeOfEnergies(energy, perSecond: Double(binsASecond))
  }
}

/// The time to fall by 60 dB of a sound whose energy in equal pieces of time is given: 3 times the time from −5 to −25 dB of the energy that is
/// still to come (Schroeder 1965). 0 where it never falls as far.
public func decayTimeOfEnergies(_ energies: [Double], perSecond rate: Double) -> Float {
  var rest = energies
  for index in rest.indices.dropLast().reversed() { rest[index] += rest[index + 1] }
  guard let whole = rest.first, whole > 0 else { return 0 }
  // Between two pieces, by the straight line through their decibels.
  func time(_ decibels: Double) -> Double? {
    guard let index = rest.firstIndex(where: { 10 * log10(max($0, 1e-300) / whole) <= decibels }), index > 0 else { return nil }
    let before = 10 * log10(rest[index - 1] / whole), after = 10 * log10(max(rest[index], 1e-300) / whole)
    return (Double(index - 1) + (before - decibels) / max(before - after, 1e-9)) / rate
  }
  guard let early = time(-5), let late = time(-25) else { return 0 }
  return Float(3 * (late - early))
}
