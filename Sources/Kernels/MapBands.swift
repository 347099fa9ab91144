import KernelTemplates

/// How maps are cut into pieces of work: some rows of one block of channels, so that a piece writes some tens of kibibytes.
struct MapBands: Sendable {
  private let height, rowsEach, bands: Int
  /// How many pieces there are.
  let count: Int

  private static let wantedFloats = 8_192

  init(_ maps: FeatureMaps) {
    height = maps.height
    rowsEach = max(1, min(maps.height, Self.wantedFloats / max(1, maps.rowStride)))
    bands = (maps.height + rowsEach - 1) / rowsEach
    count = maps.batch * maps.blocks * bands
  }

  /// The block, counted through all pictures, and the rows of a piece.
  subscript(piece: Int) -> (block: Int, rows: Range<Int>) {
    let first = piece % bands * rowsEach
    return (piece / bands, first..<min(height, first + rowsEach))
  }
}
