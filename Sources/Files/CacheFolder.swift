import Glibc

/// Where the commands keep what can be made again: `$XDG_CACHE_HOME/percept`, else `~/.cache/percept`.
public func cacheFolder() -> String {
  if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") { return "\(cache)/percept" }
  return "\(environment("HOME") ?? ".")/.cache/percept"
}

/// The environment variable `name`, or `nil` when it is unset or empty.
public func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
