"""Decoded outputs of Darknet's detection heads for a deterministic tensor, written out cell by cell from the papers' formulas.

Usage: python make_head_fixtures.py      (needs numpy)
Writes heads.json beside itself. The values of a head are 10 · noise − 5, or noise where they are probabilities already, with
noise[i] = ((2654435761 i + 12345) mod 2^32) / 2^32 in row-major order.
A candidate is [class, confidence, centre x, centre y, width, height], relative to the input, in the order anchor (or cell), row, column, class.
"""
import json, os
import numpy as np


def noise(*shape):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    return (((i * 2654435761 + 12345) % 2**32) / 2**32).astype(np.float32).astype(np.float64).reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(v):
    e = np.exp(v - v.max())
    return e / e.sum()


def yolo(values, anchors, classes, scale, new_coordinates, inputs, threshold):
    h, w = values.shape[2:]
    t = values.reshape(len(anchors), 5 + classes, h, w)
    found = []
    for a, (aw, ah) in enumerate(anchors):
        for row in range(h):
            for column in range(w):
                v = t[a, :, row, column]
                on = v if new_coordinates else sigmoid(v)
                x = (scale * on[0] - (scale - 1) / 2 + column) / w
                y = (scale * on[1] - (scale - 1) / 2 + row) / h
                width, height = ((2 * v[2]) ** 2 * aw, (2 * v[3]) ** 2 * ah) if new_coordinates else (np.exp(v[2]) * aw, np.exp(v[3]) * ah)
                for k in range(classes):
                    if on[4] * on[5 + k] > threshold:
                        found.append([k, on[4] * on[5 + k], x, y, width / inputs[0], height / inputs[1]])
    return found


def region(values, anchors, classes, probabilities, threshold):
    h, w = values.shape[2:]
    t = values.reshape(len(anchors), 5 + classes, h, w)
    found = []
    for a, (aw, ah) in enumerate(anchors):
        for row in range(h):
            for column in range(w):
                v = t[a, :, row, column]
                box = [(sigmoid(v[0]) + column) / w, (sigmoid(v[1]) + row) / h, np.exp(v[2]) * aw / w, np.exp(v[3]) * ah / h]
                for k, p in probabilities(v[5:]):
                    if sigmoid(v[4]) * p > threshold:
                        found.append([k, sigmoid(v[4]) * p, *box])
    return found


def tree(parents, threshold):
    def walk(values):
        best, product = None, 1.0
        while True:
            children = [k for k, parent in enumerate(parents) if parent == (-1 if best is None else best)]
            if not children:
                break
            shares = softmax(values[children])
            place = int(shares.argmax())
            if best is not None and product * shares[place] <= threshold:
                break
            best, product = children[place], product * shares[place]
        return [(best, product)]
    return walk


def grid(values, side, boxes, classes, roots, soft, threshold):
    cells = side * side
    probabilities = values[:cells * classes].reshape(cells, classes)
    confidences = values[cells * classes:cells * (classes + boxes)].reshape(cells, boxes)
    places = values[cells * (classes + boxes):].reshape(cells, boxes, 4)
    found = []
    for cell in range(cells):
        p = softmax(probabilities[cell]) if soft else probabilities[cell]
        for b in range(boxes):
            x, y, w, h = places[cell, b]
            for k in range(classes):
                if confidences[cell, b] * p[k] > threshold:
                    found.append([
                        k, confidences[cell, b] * p[k], (x + cell % side) / side, (y + cell // side) / side,
                        w * w if roots else w, h * h if roots else h])
    return found


anchors = [(10.0, 14.0), (37.0, 58.0)]
cell_anchors = [(1.25, 0.75), (2.5, 3.0)]
parents = [-1, -1, 0, 0, 0, 1, 1, 3, 3]
raw = lambda classes: 10 * noise(1, 2 * (5 + classes), 4, 3) - 5
heads = {
    "yolo": yolo(raw(3), anchors, 3, 1, False, (96, 128), 0.25),
    "yolo-scaled": yolo(raw(3), anchors, 3, 1.2, False, (96, 128), 0.25),
    "yolo-new-coordinates": yolo(noise(1, 16, 4, 3), anchors, 3, 2, True, (96, 128), 0.4),
    "region-softmax": region(raw(4), cell_anchors, 4, lambda v: enumerate(softmax(v)), 0.3),
    "region-sigmoid": region(raw(4), cell_anchors, 4, lambda v: enumerate(sigmoid(v)), 0.3),
    "region-tree": region(raw(9), cell_anchors, 9, tree(parents, 0.5), 0.2),
    "grid": grid(noise(4 * (3 + 5 * 2)), 2, 2, 3, True, False, 0.4),
    "grid-softmax": grid(noise(4 * (3 + 5 * 2)), 2, 2, 3, False, True, 0.2),
}
for name, found in heads.items():
    print(name, len(found))
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "heads.json")
with open(path, "w") as file:
    document = {name: [[k, *(round(float(v), 7) for v in rest)] for k, *rest in found] for name, found in heads.items()}
    json.dump({"made_with": f"numpy {np.__version__}", **document}, file, separators=(",", ":"))
    file.write("\n")
