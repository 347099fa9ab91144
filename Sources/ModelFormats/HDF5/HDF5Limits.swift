/// How large what is read of an HDF5 file may be.
public struct HDF5Limits: Sendable {
  /// Bytes of one data set, unpacked.
  public var datasetBytes = 1 << 31
  /// Members of one group.
  public var members = 100_000
  /// Bytes of the texts of one attribute or data set.
  public var textBytes = 1 << 24
  /// How deeply groups may be nested.
  public var depth = 64

  public init() {}
}
