public import Files
public import ModelFormats
import Tensors

/// Why there is no set of pictures.
public enum PictureSetError: Error, CustomStringConvertible {
  case file(FileError)
  case hdf5(HDF5Error)
  case numpy(NumPyError)
  case table(CSVError)
  /// The file is of no kind that is known.
  case unknown(path: String)
  /// There is something else in it.
  case content(path: String, found: String, expected: String)
  case tooLarge(path: String, bytes: Int, limit: Int)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .hdf5(let error): error.description
    case .numpy(let error): error.description
    case .table(let error): error.description
    case .unknown(let path):
      "\(path): expected a folder with a folder of pictures for each class, or a file .h5, .hdf5, .npz or .csv; see docs/formats/pictures.md"
    case .content(let path, let found, let expected): "\(path): found \(found), expected \(expected)"
    case .tooLarge(let path, let bytes, let limit):
      "\(path): the pictures would take \(bytes) bytes of memory, more than the limit of \(limit); take a smaller side, or fewer pictures"
    }
  }
}
