import Foundation
import Learning
import ModelStore
import Testing
import Training

/// Weights that are none of EfficientNet-lite0's.
@Suite struct BackboneTests {
  @Test func errorsNameTheFile() throws {
    try withFolder { folder in
      let missing = folder + "/missing.pth", bad = folder + "/bad.pth"
      try Data("no weights".utf8).write(to: URL(fileURLWithPath: bad))
      for path in [missing, bad] {
        let error = #expect(throws: BackboneError.self) { _ = try EfficientNetLite0.published(path) }
        #expect("\(error!)".contains(path))
      }
      let error = #expect(throws: BackboneError.self) { _ = try EfficientNetLite0.published(in: ModelStore(folder: folder)) }
      #expect("\(error!)".contains("percept models pull efficientnet-lite0"))
    }
  }
}
