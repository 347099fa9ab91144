import Cats
import Foundation
import Learning
import Media
import ModelStore
import Tensors
import Testing
import Training

private let isInstalled: Bool = (try? ModelStore().locate(EfficientNetLite0.registeredName)) != nil
private let shared: URL = {
  let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) }
  return named ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
}()
private let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("reference/networks.json").path)

/// The classifier with its real weights.
@Suite(.enabled(if: isInstalled, "needs efficientnet-lite0: Tools/test installs it")) struct CatClassifierTests {
  private let classifier: CatClassifier

  init() throws { classifier = CatClassifier(try .published(in: ModelStore())) }

  /// Differences of logits are the logarithms of ratios of probabilities.
  @Test(.enabled(if: hasShared, "needs ../shared")) func probabilitiesAreThoseOfPyTorch() throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: shared.appendingPathComponent("reference/networks.json"))) as? [String: Any]
    let network = try #require(json?["efficientnet-lite0"] as? [String: Any]), logits = try #require(network["logits (1,1000)"] as? [String: Any])
    let known = try #require(logits["at"] as? [String: Double]), largest = try #require(logits["max"] as? Double)
    let input = Tensor([1, 3, 224, 224], (0..<150_528).map { index in
      Float((UInt64(index) * 2_654_435_761 + 12_345) % (1 << 32)) / 4_294_967_296 * 2 - 1
    })
    let found = classifier.probabilities(ofInput: input), top = try #require(found.max())
    #expect(abs(found.reduce(0, +) - 1) < 1e-5 && known.count > 5)
    for (place, logit) in known {
      let expected = exp(logit - largest) * Double(top), probability = Double(found[try #require(Int(place))])
      #expect(abs(probability - expected) < 1e-3 && abs(log(probability / expected)) < 2e-3, "class \(place): \(probability), expected \(expected)")
    }
  }

  @Test(.enabled(if: hasShared, "needs ../shared")) func aCatIsOneAndIsLookedAt() throws {
    let picture = try loadImage(shared.appendingPathComponent("data/style/persian_cat.jpg").path).image, answer = classifier.answer(picture)
    #expect(answer.probability > 0.5 && answer.breeds.count == 5 && answer.breeds.allSatisfy { $0.probability <= answer.breeds[0].probability })
    #expect(abs(answer.breeds.reduce(0) { $0 + $1.probability } - answer.probability) < 1e-6)
    let map = try #require(answer.map)
    #expect(map.width == 7 && map.height == 7 && map.values.contains { $0 > 0 })
    #expect(map.area.x >= 0 && map.area.y >= 0 && map.area.x + map.area.width <= Double(picture.width) + 1)
    let explained = explanation(of: map, on: picture)
    #expect(explained.width == picture.width && explained.height == picture.height && explained.pixels != picture.pixels)
  }

  @Test func picturesOfAnySizeHaveAnAnswer() throws {
    for (width, height) in [(1, 1), (1, 500), (3000, 2), (224, 224), (225, 224)] {
      let answer = classifier.answer(Image(width: width, height: height, filledWith: (90, 120, 30)))
      #expect(answer.probability >= 0 && answer.probability < classifier.threshold, "\(width)×\(height)")
      #expect(explanation(of: try #require(answer.map), on: Image(width: width, height: height, filledWith: (0, 0, 0))).width == width)
    }
  }
}
