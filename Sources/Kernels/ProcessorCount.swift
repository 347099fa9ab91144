import Glibc
import SIMDShims

/// How many processors this process may use: those of its affinity mask, and no more than its control group's quota pays for.
public func availableProcessorCount() -> Int {
  let allowed = Int(shim_allowed_processors())
  let processors = allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  guard let quota = controlGroupQuota() else { return processors }
  return max(1, min(processors, Int(quota.rounded(.up))))
}

/// The processors' worth of time that the control group grants, or nil for no limit: `cpu.max` of version 2, `cpu.cfs_*_us` of version 1.
private func controlGroupQuota() -> Double? {
  func numbers(_ path: String) -> [Double?] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 64)
    guard fgets(&text, 64, file) != nil else { return [] }
    return text.prefix { $0 != 0 && $0 != 10 }.split(separator: 32).map { Double(String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self)) }
  }
  let pair = numbers("/sys/fs/cgroup/cpu.max")
  let quota = pair.first ?? numbers("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").first ?? nil
  let period = pair.count > 1 ? pair[1] : numbers("/sys/fs/cgroup/cpu/cpu.cfs_period_us").first ?? nil
  guard let quota, let period, quota > 0, period > 0 else { return nil }
  return quota / period
}
