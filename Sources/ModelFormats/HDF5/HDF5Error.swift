import Files

/// What is wrong with an HDF5 file, and where.
public enum HDF5Error: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read.
  case file(FileError)
  /// libhdf5 is not on this machine, or another version than this program was built for.
  case noLibrary(reason: String)
  /// The file is no HDF5 file, or damaged. `object` is the path in the file, nil for a problem of the whole file.
  case damaged(path: String, object: String?, problem: String)
  /// Nothing of this name is in the file.
  case missing(path: String, object: String)
  /// The object lies in another file, or behind a link.
  case refused(path: String, object: String)
  /// The object is of another kind than expected, or larger than the limit.
  case unsuitable(path: String, object: String, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .noLibrary(let reason): "HDF5 files are read by libhdf5, which cannot be loaded (\(reason)); run `apt-get install libhdf5-dev`"
    case .damaged(let path, let object, let problem): "\(path)\(object.map { ", \(quoted($0))" } ?? ""): \(problem)"
    case .missing(let path, let object): "\(path): there is nothing called \(quoted(object)); `h5ls -r` lists what is in the file"
    case .refused(let path, let object):
      "\(path): \(quoted(object)) lies behind a link or in another file, which is not followed; copy it into one file with `h5repack` or h5py"
    case .unsuitable(let path, let object, let problem): "\(path), \(quoted(object)): \(problem)"
    }
  }
}
