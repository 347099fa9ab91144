"""Random detection data sets with the metrics that pycocotools gives for them.

Usage: python make_coco_fixtures.py          (needs numpy and pycocotools)
Writes annotations.json, results.json and expected.json into coco-<name>/ beside itself. The seed of each data set is its place in the list.
"""
import contextlib, importlib.metadata, io, json, os
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

# name, pictures, categories, most annotations and false alarms a picture, share of crowds, digits of scores, largest side
SETS = [
    ("plain", 24, 5, 8, 4, 0.0, 4, 300),
    ("crowds", 25, 6, 8, 6, 0.25, 4, 300),
    ("ties", 22, 4, 8, 6, 0.1, 1, 250),
    ("small-objects", 30, 7, 10, 6, 0.1, 3, 40),
    ("sparse", 40, 12, 2, 2, 0.15, 2, 400),
    ("many-results", 20, 2, 40, 160, 0.1, 2, 120),
]


def rounded(values):
    return [round(float(v), 2) for v in values]


def make(seed, pictures, categories, most, alarms, crowds, digits, side):
    random = np.random.default_rng(seed)
    # identifiers with gaps, and not in order
    picture_ids = [int(i) for i in random.permutation(np.arange(1, 40 * pictures))[:pictures]]
    category_ids = [int(i) for i in random.permutation(np.arange(1, 91))[:categories]]
    images = [{"id": i, "file_name": f"{i}.jpg", "width": 640, "height": 480} for i in picture_ids]
    annotations, results = [], []
    for place, picture in enumerate(picture_ids):
        if place % 7 == 3:  # a picture without annotations; every second of them has no results either
            count = 0
        else:
            count = int(random.integers(0, most + 1))
        for _ in range(count):
            # the last category has no annotations, only results
            category = category_ids[int(random.integers(0, max(categories - 1, 1)))]
            w, h = rounded(random.uniform(4, side, 2))
            x, y = rounded((random.uniform(0, 640 - w * 0.9), random.uniform(0, 480 - h * 0.9)))
            crowd = int(random.random() < crowds)
            annotations.append({
                "id": len(annotations) + 1, "image_id": picture, "category_id": category, "bbox": [x, y, w, h],
                "area": round(w * h * float(random.uniform(0.4, 1)), 2), "iscrowd": crowd})
            for _ in range(int(random.integers(0, 5 if crowd else 3))):
                spread = float(random.choice([0.01, 0.05, 0.15]))
                dx, dy, dw, dh = random.normal(0, spread, 4)
                if crowd:  # somewhere inside the crowd
                    dx, dy, dw, dh = random.uniform(0, .6), random.uniform(0, .6), -.6, -.6
                found = category if random.random() < 0.9 else category_ids[int(random.integers(0, categories))]
                results.append({
                    "image_id": picture, "category_id": found,
                    "bbox": rounded((x + dx * w, y + dy * h, max(w * (1 + dw), 1), max(h * (1 + dh), 1))),
                    "score": round(float(random.beta(4, 2)), digits)})
            if random.random() < 0.1:  # exactly the annotation
                results.append({"image_id": picture, "category_id": category, "bbox": [x, y, w, h], "score": round(float(random.random()), digits)})
        if place % 14 == 3:
            continue
        for _ in range(int(random.integers(0, alarms + 1))):
            w, h = rounded(random.uniform(4, side, 2))
            results.append({
                "image_id": picture, "category_id": category_ids[int(random.integers(0, categories))],
                "bbox": rounded((random.uniform(0, 600), random.uniform(0, 440))) + [w, h],
                "score": round(float(random.beta(2, 4)), digits)})
    results = [results[i] for i in random.permutation(len(results))]
    categories = [{"id": i, "name": f"thing {i}"} for i in category_ids]
    return {"images": images, "annotations": annotations, "categories": categories}, results


def measure(data, results):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = json.loads(json.dumps(data))
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(json.loads(json.dumps(results))), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    names = "ap ap50 ap75 ap_small ap_medium ap_large ar1 ar10 ar100 ar_small ar_medium ar_large".split()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]  # thresholds, recalls, categories

    def mean(values):
        values = values[values > -1]
        return round(float(values.mean()), 8) if values.size else -1

    curves = {}
    for name, threshold in (("curve50", 0), ("curve75", 5)):
        known = precision[threshold][:, precision[threshold][0] > -1]
        curves[name] = [round(float(v), 6) for v in known.mean(axis=1)] if known.size else None
    return {
        **{name: round(float(value), 8) for name, value in zip(names, evaluation.stats)}, **curves,
        "classes": [
            {"id": int(i), "ap": mean(precision[:, :, k]), "ap50": mean(precision[0, :, k])}
            for k, i in enumerate(evaluation.params.catIds)]}


if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    made_with = f"pycocotools {importlib.metadata.version('pycocotools')}, numpy {np.__version__}"
    for seed, (name, *rest) in enumerate(SETS):
        data, results = make(seed, *rest)
        expected = {"made_with": f"{made_with}, seed {seed}", **measure(data, results)}
        os.makedirs(os.path.join(folder, f"coco-{name}"), exist_ok=True)
        for part, document in (("annotations", data), ("results", results), ("expected", expected)):
            with open(os.path.join(folder, f"coco-{name}", f"{part}.json"), "w") as file:
                json.dump(document, file, separators=(",", ":"))
                file.write("\n")
        print(name, len(data["annotations"]), "annotations", len(results), "results", expected["ap"])
