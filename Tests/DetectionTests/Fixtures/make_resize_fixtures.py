"""Bilinear resizing without smoothing as PyTorch does it: interpolate(mode="bilinear", align_corners=False, antialias=False).

Usage: python make_resize_fixtures.py      (needs torch)
Writes resize.json beside itself. Channel c of pixel (x, y) of a picture is (37 x + 59 y + 83 c + 11 x y) mod 256.
"""
import json, os
import torch
import torch.nn.functional as F

cases = []
for width, height, to_width, to_height in [(7, 5, 11, 9), (23, 17, 8, 6), (5, 9, 5, 9), (1, 1, 3, 2), (64, 3, 5, 7), (2, 40, 6, 3)]:
    picture = torch.tensor(
        [[[(37 * x + 59 * y + 83 * c + 11 * x * y) % 256 for x in range(width)] for y in range(height)] for c in range(3)], dtype=torch.float64)
    resized = F.interpolate(picture[None] / 255, (to_height, to_width), mode="bilinear", align_corners=False, antialias=False)[0]
    cases.append({"from": [width, height], "to": [to_width, to_height], "planes": [round(v, 6) for v in resized.flatten().tolist()]})
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "resize.json")
with open(path, "w") as file:
    json.dump({"made_with": f"torch {torch.__version__.split('+')[0]}", "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
