public import Media
public import Training

/// Whatever tells pictures of cats from others.
public protocol CatModel: AnyObject {
  /// The probability from which on the answer is yes, unless somebody says otherwise.
  var threshold: Float { get }
  /// Whether answers tell where the network looked.
  var hasMaps: Bool { get }
  /// - Parameter image: without alpha.
  func answer(_ image: Image) -> CatAnswer
}

/// What a network says of one picture.
public struct CatAnswer: Sendable {
  /// That there is a cat, from 0 to 1.
  public let probability: Float
  /// All breeds, the most likely first; none where the network knows none.
  public let breeds: [(breed: CatBreed, probability: Float)]
  /// Where the network looked; nil without ``CatModel/hasMaps``.
  public let map: ClassMap?

  /// The most likely breed.
  public var breed: CatBreed? { breeds.first?.breed }
}
