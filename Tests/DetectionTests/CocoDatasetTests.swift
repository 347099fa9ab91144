import Detection
import Files
import Testing

@Suite struct CocoDatasetTests {
  func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func readsWhatCountsAndFillsInTheRest() throws {
    let dataset = try CocoDataset(
      json: bytes(
        #"""
        {"info": {"year": 2017}, "licenses": [], "images": [{"id": 7, "file_name": "a.jpg", "height": 4, "width": 5, "coco_url": "x"}, {"id": 9}],
         "categories": [{"id": 90, "name": "toothbrush", "supercategory": "indoor"}, {"id": 3}],
         "annotations": [{"id": 1, "image_id": 7, "category_id": 90, "bbox": [1, 2.5, 3, 4], "area": 6.5, "iscrowd": 1, "segmentation": {"counts": [1], "size": [4, 5]}},
                         {"id": 2, "image_id": 9, "category_id": 3, "bbox": [0, 0, 2, 2]},
                         {"id": 3, "image_id": 9, "category_id": 3, "bbox": [0, 0, 2, 2], "iscrowd": true}]}
        """#), file: "a.json")
    #expect(dataset.pictures == [.init(identifier: 7, fileName: "a.jpg"), .init(identifier: 9, fileName: "")])
    #expect(dataset.categories == [.init(identifier: 90, name: "toothbrush"), .init(identifier: 3, name: "category 3")])
    let first = CocoDataset.Annotation(
      pictureIdentifier: 7, categoryIdentifier: 90, box: Box(x: 1, y: 2.5, width: 3, height: 4), area: 6.5, isCrowd: true)
    #expect(dataset.annotations[0] == first)
    #expect(dataset.annotations.map(\.area) == [6.5, 4, 4])
    #expect(dataset.annotations.map(\.isCrowd) == [true, false, true])
  }

  @Test(arguments: [
    ("", "empty or cut short"), ("hello", "line 1 is not JSON, at byte 0"), ("{\"images\": [", "cut short"),
    ("[]", "the document is a list, expected an object"), ("{}", "the document has no \"images\""),
    (#"{"images": [{"id": 1}], "annotations": []}"#, "no \"categories\""),
    (#"{"images": [{"id": "one"}], "categories": [], "annotations": []}"#, "images[0].id is a text, expected a whole number"),
    (#"{"images": [{"id": 1}, {"id": 1.5}], "categories": [], "annotations": []}"#, "images[1].id is 1.5, expected a whole number"),
    (#"{"images": [{"id": null}], "categories": [], "annotations": []}"#, "images[0].id is null"),
    (#"{"images": [{"id": 4}, {"id": 4}], "categories": [], "annotations": []}"#, "two images have the id 4"),
    (#"{"images": [], "categories": [{"id": 4}, {"id": 4}], "annotations": []}"#, "two categories have the id 4"),
    (#"{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": 1}]}"#, "annotations[0] has no \"bbox\""),
    (
      #"{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3]}]}"#,
      "annotations[0].bbox is [1.0, 2.0, 3.0], expected [x, y, width, height]"
    ),
    (
      #"{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, -3, 4]}]}"#,
      "annotations[0].bbox is [1.0, 2.0, -3.0, 4.0]"
    ),
    (#"{"images": [], "categories": [], "annotations": [{"bbox": [1, "2", 3, 4]}]}"#, "annotations[0].bbox[1] is a text, expected a number"),
    ("{\"images\": [],\n\"categories\" [], \"annotations\": []}", "line 2 is not JSON, at byte 28"),
    (#"{"images": [], "categories": [], "annotations": []} x"#, "line 1 is not JSON, at byte 52"),
  ])
  func brokenFilesAreErrorsThatNameThePlace(text: String, problem: String) {
    let error = #expect(throws: DetectionError.self) { try CocoDataset(json: bytes(text), file: "a.json") }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("a.json: ") && message.contains(problem), "\(message)")
  }

  @Test func aMissingFileIsNamed() {
    let reason = FileError(path: "/nowhere/a.json", reason: .missing)
    #expect(throws: DetectionError.unreadable(reason)) { try CocoDataset(path: "/nowhere/a.json") }
    #expect(throws: DetectionError.unreadable(reason)) { try CocoResults(path: "/nowhere/a.json") }
  }

  @Test func categoriesAreFoundInBothSpellings() {
    let dataset = CocoDataset(
      pictures: [], categories: [.init(identifier: 4, name: "motorcycle"), .init(identifier: 63, name: "sofa"), .init(identifier: 1, name: "person")],
      annotations: [])
    #expect(dataset.categoryIdentifiers(of: ["person", "motorbike", "couch", "unicorn"]) == [1, 4, 63, nil])
  }

  @Test func eightyClassesWithTheirIdentifiers() {
    #expect(CocoLabels.names.count == 80 && Set(CocoLabels.names).count == 80)
    #expect(CocoLabels.categoryIdentifiers.count == 80)
    let known = ["person": 1, "stop sign": 13, "backpack": 27, "suitcase": 33, "bottle": 44, "wine glass": 46, "diningtable": 67, "toilet": 70,
      "tvmonitor": 72, "refrigerator": 82, "book": 84, "toothbrush": 90]
    for (name, identifier) in known {
      #expect(CocoLabels.categoryIdentifiers[CocoLabels.names.firstIndex(of: name)!] == identifier, "\(name)")
    }
  }
}
