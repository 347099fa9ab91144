import Glibc

extension Processor {
  /// The name that this machine's processor gives itself: the line `model name` of /proc/cpuinfo.
  public static let machineName: String = {
    let unknown = "unknown processor"
    guard let file = fopen("/proc/cpuinfo", "r") else { return unknown }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 && $0 != CChar(bitPattern: UInt8(ascii: "\n")) }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return String(text[text.index(after: colon)...].drop { $0 == " " })
    }
    return unknown
  }()
}
