/// Why there is no spectrum.
public struct SpectraError: Error, Equatable, CustomStringConvertible {
  /// The library's or the loader's account.
  public let reason: String

  public var description: String { "spectra need FFTW, which cannot be used (\(reason)); install it: apt-get install libfftw3-single3" }
}
