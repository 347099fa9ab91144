/// What a pooling window keeps of its elements.
public enum PoolingKind: String, Sendable, Hashable {
  case max, average
}
