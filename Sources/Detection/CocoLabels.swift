/// The 80 classes of the COCO data set, in the order in which detectors trained on it number them.
public enum CocoLabels {
  /// Under the names that Darknet gives them, which differ from COCO's own in six cases: see ``officialName(of:)``.
  public static let names: [String] = [
    "person", "bicycle", "car", "motorbike", "aeroplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
    "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee",
    "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange",
    "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "sofa", "pottedplant", "bed",
    "diningtable", "toilet", "tvmonitor", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven",
    "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
  ]

  /// The data set's own identifier of each class: 1 to 90, of which ten were never used.
  public static let categoryIdentifiers: [Int] = {
    let unused: Set = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]
    return (1...90).filter { !unused.contains($0) }
  }()

  /// The name in COCO's annotation files of a class that Darknet calls `name`; other names are given back as they are.
  public static func officialName(of name: String) -> String {
    switch name {
    case "motorbike": "motorcycle"
    case "aeroplane": "airplane"
    case "sofa": "couch"
    case "pottedplant": "potted plant"
    case "diningtable": "dining table"
    case "tvmonitor": "tv"
    default: name
    }
  }
}

extension CocoDataset {
  /// For each of a model's labels, the identifier of the category of that name, in Darknet's or COCO's spelling; nil where the data set has none.
  public func categoryIdentifiers(of labels: [String]) -> [Int?] {
    let byName = Dictionary(
      categories.map { (CocoLabels.officialName(of: $0.name), $0.identifier) }, uniquingKeysWith: { first, _ in first })
    return labels.map { byName[CocoLabels.officialName(of: $0)] }
  }
}
