"""Writes efficientnet-lite0-logits.json: every 27th logit of EfficientNet-lite0 with its published parameters, for a picture made by a formula. Needs
torch 2 and torchvision; the argument is the file, as `percept models pull efficientnet-lite0` installs it.

The picture is 2 · u − 1 of 3×224×224, with u[i] = (i · 2654435761 + 12345 mod 2³²) / 2³².
"""
import json
import os
import sys

import numpy
import torch

import networks

network = networks.EfficientNetLite0()
published = [v for n, v in torch.load(sys.argv[1], map_location="cpu", weights_only=True).items() if not n.endswith("num_batches_tracked")]
own = networks.state(network)
assert len(own) == len(published) and all(a.shape == b.shape for (_, a), b in zip(own, published))
with torch.no_grad():
    for (_, place), value in zip(own, published):
        place.copy_(value)
    words = (numpy.arange(3 * 224 * 224, dtype=numpy.uint64) * numpy.uint64(2654435761) + numpy.uint64(12345)) % numpy.uint64(2**32)
    u = torch.from_numpy((words.astype(numpy.float64) / 2**32).astype(numpy.float32)).reshape(1, 3, 224, 224)
    logits = network.eval()(u * 2 - 1)[0]
result = {
    "torch": torch.__version__, "largest": logits.abs().max().item(), "classes": logits.topk(5).indices.tolist(),
    "logits": [float(f"{v:.8g}") for v in logits[::27].tolist()],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "efficientnet-lite0-logits.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
