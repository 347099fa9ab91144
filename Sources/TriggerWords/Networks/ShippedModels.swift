import CTriggerModels
import ModelFormats

extension TriggerModel {
  /// The networks that the program carries in itself: see docs/models.md.
  public static let shippedNames: [String] = {
    var names: [String] = []
    while let name = unsafe percept_trigger_model_name(names.count) { unsafe names.append(String(cString: name)) }
    return names
  }()

  /// - Throws: ``TriggerModelError/unknown(name:shipped:)`` for a name that none has.
  public static func shipped(_ name: String) throws(TriggerModelError) -> TriggerModel {
    guard let index = shippedNames.firstIndex(of: name) else { throw .unknown(name: name, shipped: shippedNames) }
    var count = 0
    let bytes = unsafe percept_trigger_model(index, &count)
    let file: SafetensorsFile
    do throws(SafetensorsError) {
      let span = unsafe Span(_unsafeStart: bytes!, count: count)
      file = try SafetensorsFile(bytes: span, path: name)
    } catch { throw .file(error) }
    return try TriggerModel(file)
  }
}
