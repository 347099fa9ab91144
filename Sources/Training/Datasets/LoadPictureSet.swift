import Files

extension PictureSet {
  /// The most memory that the pictures of a set may take.
  public static let largestByteCount = 1 << 32

  /// The pictures of a folder or a file: see docs/formats/pictures.md.
  ///
  /// | path | pictures | classes |
  /// |---|---|---|
  /// | a folder | the files in its folders | the folders' names |
  /// | `.h5`, `.hdf5` | an array `…x` of bytes [count, height, width, 3] | an array `…y`; names in `list_classes` |
  /// | `.npz` | an array `x…` of bytes, also [count, height, width] | an array `y…` |
  /// | `.csv` | files named in the first column | the second column |
  ///
  /// - Parameters:
  ///   - side: the middle square of each picture is brought to this size; nil for the pictures' own size, 64 where they differ.
  ///   - limit: the most bytes that the pictures may take.
  ///   - progress: told how many pictures have been read, of how many.
  /// - Throws: ``PictureSetError``. Single pictures that cannot be read are told in ``failures``.
  public static func load(
    _ path: String, side: Int? = nil, limit: Int = largestByteCount, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(PictureSetError) -> PictureSet {
    if isFolder(path) { return try PictureSet(folder: path, side: side ?? 64, limit: limit, progress: progress) }
    let suffix = path.split(separator: "/").last?.split(separator: ".").last?.lowercased() ?? ""
    let set: PictureSet
    switch suffix {
    case "h5", "hdf5": set = try PictureSet(hdf5: path)
    case "npz": set = try PictureSet(numpy: path)
    case "csv": return try PictureSet(list: path, side: side ?? 64, limit: limit, progress: progress)
    default: throw .unknown(path: path)
    }
    guard let side else { return set }
    try check(path, count: set.count, side: side, limit: limit)
    return set.squared(side: side)
  }

  /// - Throws: ``PictureSetError/tooLarge(path:bytes:limit:)``.
  static func check(_ path: String, count: Int, side: Int, limit: Int) throws(PictureSetError) {
    let (each, overflows) = (3 * side).multipliedReportingOverflow(by: side), (bytes, overflowsToo) = each.multipliedReportingOverflow(by: count)
    guard !overflows, !overflowsToo, bytes <= limit else { throw .tooLarge(path: path, bytes: overflows || overflowsToo ? .max : bytes, limit: limit) }
  }
}
