/// What a pooling window keeps of its elements.
@frozen public enum PoolingKind: String, Sendable, Hashable {
  case max, average
}
