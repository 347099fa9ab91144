"""What YOLOv3-tiny says about Darknet's sample pictures: the cells of its two heads that are not empty, before any sigmoid.

Usage: python make_yolo_cells.py yolov3-tiny.weights FOLDER EXPECTED.json      (needs numpy, torch and Pillow)
FOLDER holds dog.jpg, person.jpg … of Debian's package darknet; EXPECTED.json lists the detections that were published for them, with corners in pixels.
Writes yolo-cells.json beside itself: for each picture its size, its cells [head, anchor, row, column, 85 values] and the expected detections.
"""
import json, os, sys
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

weights_path, folder, expected_path = sys.argv[1:]
stream, position = np.fromfile(weights_path, dtype=np.float32)[5:], 0


def take(count):
    global position
    position += count
    return torch.from_numpy(stream[position - count:position].copy())


def convolution(inputs, outputs, size, normalized=True):
    bias = take(outputs)
    if not normalized:
        return take(outputs * inputs * size * size).view(outputs, inputs, size, size), bias
    gamma, mean, variance = take(outputs), take(outputs), take(outputs)
    kernel = take(outputs * inputs * size * size).view(outputs, inputs, size, size)
    scale = gamma / torch.sqrt(variance + 1e-5)
    return kernel * scale.view(-1, 1, 1, 1), bias - mean * scale


channels = [(3, 16, 3), (16, 32, 3), (32, 64, 3), (64, 128, 3), (128, 256, 3), (256, 512, 3), (512, 1024, 3), (1024, 256, 1), (256, 512, 3)]
trunk = [convolution(*c) for c in channels]
head13, lateral, fused, head26 = convolution(512, 255, 1, False), convolution(256, 128, 1), convolution(384, 256, 3), convolution(256, 255, 1, False)
assert position == stream.size


def apply(x, layer, leaky=True):
    y = F.conv2d(x, *layer, padding=layer[0].shape[2] // 2)
    return F.leaky_relu(y, 0.1) if leaky else y


def network(x):
    for layer in trunk[:4]:
        x = F.max_pool2d(apply(x, layer), 2, 2)
    route = apply(x, trunk[4])
    x = apply(F.max_pool2d(route, 2, 2), trunk[5])
    x = apply(F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-1e30), 2, 1), trunk[6])
    x = apply(x, trunk[7])
    up = F.interpolate(apply(x, lateral), scale_factor=2)
    return apply(apply(x, trunk[8]), head13, False), apply(apply(torch.cat([up, route], 1), fused), head26, False)


document = {"made_with": f"torch {torch.__version__.split('+')[0]}", "pictures": {}}
for name, expected in json.load(open(expected_path))["images"].items():
    picture = Image.open(os.path.join(folder, name)).convert("RGB")
    w, h = picture.size
    scale = min(416 / w, 416 / h)
    width, height = int(w * scale), int(h * scale)
    x = torch.from_numpy(np.asarray(picture, np.float32) / 255).permute(2, 0, 1)[None]
    canvas = torch.full((1, 3, 416, 416), 0.5)
    top, left = (416 - height) // 2, (416 - width) // 2
    canvas[:, :, top:top + height, left:left + width] = F.interpolate(x, (height, width), mode="bilinear", align_corners=False)
    cells = []
    with torch.inference_mode():
        for place, head in enumerate(network(canvas)):
            values = head.view(3, 85, head.shape[2], head.shape[3])
            for anchor, row, column in torch.nonzero(values[:, 4] > -1.4).tolist():
                cells.append([place, anchor, row, column, [round(v, 3) for v in values[anchor, :, row, column].tolist()]])
    document["pictures"][name] = {
        "size": [w, h], "cells": cells, "expected": [[d["label"], d["confidence"], d["box"]] for d in expected["detections"]]}
    print(name, len(cells), "cells")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "yolo-cells.json"), "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
