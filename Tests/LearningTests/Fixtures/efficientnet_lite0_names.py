"""Writes efficientnet-lite0-names.json: names and shapes of what the published file of EfficientNet-lite0 holds, in its order. Needs torch; the
argument is the file, as `percept models pull efficientnet-lite0` installs it.
"""
import json
import os
import sys

import torch

tensors = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
lines = [json.dumps({"name": name, "shape": list(value.shape)}) for name, value in tensors.items()]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "efficientnet-lite0-names.json"), "w") as file:
    file.write("[\n" + ",\n".join(lines) + "\n]\n")
