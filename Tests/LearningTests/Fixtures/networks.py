"""Writes networks.json: logits of the networks of Sources/Learning/Networks as torchvision has them, for parameters and pictures that are made by a
formula. Needs torch 2 and torchvision.

Number i of tensor k is noise(k)[i] = w / 2³² − ½ with the word w of 32 bits that is made from i + 1000 k by

    w ← w · 2654435761 + 12345, w ← w xor w >> 15, w ← w · 2246822519, w ← w xor w >> 13

(without the last three steps the numbers are so even that their sums cancel, and deep networks put out their last bias). Of the parameters in the
network's order, statistics included, number k is

- a weight of two or more axes: noise(k) · 2 √(6 / fan in)
- the weight of a normalisation: 1 + noise(k) · 0.2; a running variance: 1 + 0.2 · noise(k)
- any other bias or mean: noise(k) · 0.2

The pictures are noise(500) · 2; the second of two differs from the first as noise does from itself some thousand numbers later.

"training" has, for the loss of one step in training (softmax cross-entropy of noise(500) · 2 against classes 1, 4, 7, …, without dropout), what
gradient each learned parameter has: its length, and Σ g · noise(number of the parameter among the learned). These are computed in double precision.
"""
import json
import math
import os

import numpy
import torch
import torchvision
from torch import nn
from torch.nn import functional as F


def noise(k, shape, scale=1.0):
    i = numpy.arange(math.prod(shape), dtype=numpy.uint64) + numpy.uint64(1000 * k)
    words = (i * numpy.uint64(2654435761) + numpy.uint64(12345)) % numpy.uint64(2**32)
    words ^= words >> numpy.uint64(15)
    words = (words * numpy.uint64(2246822519)) % numpy.uint64(2**32)
    words ^= words >> numpy.uint64(13)
    values = (words.astype(numpy.float64) / 2**32 - 0.5) * scale
    return torch.from_numpy(values.astype(numpy.float32)).reshape(shape)


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2).flatten(1)
        return self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


class Same(nn.Module):
    """A convolution that is padded as in TensorFlow."""

    def __init__(self, *arguments, **options):
        super().__init__()
        self.conv = nn.Conv2d(*arguments, bias=False, **options)

    def forward(self, x):
        kernel, stride, missing = self.conv.kernel_size[0], self.conv.stride[0], []
        for size in (x.shape[3], x.shape[2]):
            total = max(0, (math.ceil(size / stride) - 1) * stride + kernel - size)
            missing += [total // 2, total - total // 2]
        return self.conv(F.pad(x, missing))


def lite_block(inputs, outputs, expansion, kernel, stride):
    width = inputs * expansion
    layers = [] if expansion == 1 else [Same(inputs, width, 1), nn.BatchNorm2d(width, eps=1e-3), nn.ReLU6()]
    layers += [Same(width, width, kernel, stride=stride, groups=width), nn.BatchNorm2d(width, eps=1e-3), nn.ReLU6()]
    return nn.Sequential(*layers, Same(width, outputs, 1), nn.BatchNorm2d(outputs, eps=1e-3))


class EfficientNetLite0(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Same(3, 32, 3, stride=2), nn.BatchNorm2d(32, eps=1e-3), nn.ReLU6())
        self.blocks, channels = nn.ModuleList(), 32
        for expansion, kernel, outputs, count, stride in [
            (1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1), (6, 5, 192, 4, 2), (6, 3, 320, 1, 1),
        ]:
            for index in range(count):
                self.blocks.append(lite_block(channels, outputs, expansion, kernel, stride if index == 0 else 1))
                channels = outputs
        self.head = nn.Sequential(Same(320, 1280, 1), nn.BatchNorm2d(1280, eps=1e-3), nn.ReLU6())
        self.fc = nn.Linear(1280, 1000)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            y = block(x)
            x = x + y if x.shape == y.shape else y
        return self.fc(self.head(x).mean((2, 3)))


def with_units(network, first, units):
    """A classifier with so many hidden units instead of 4096: the fixture's test need not make a hundred million numbers."""
    linear = [i for i, layer in enumerate(network.classifier) if isinstance(layer, nn.Linear)]
    for i, (inputs, outputs) in zip(linear, [(first, units), (units, units), (units, 1000)]):
        network.classifier[i] = nn.Linear(inputs, outputs)
    return network


def state(network):
    return [(n, v) for n, v in network.state_dict().items() if not n.endswith("num_batches_tracked")]


def fill(network):
    with torch.no_grad():
        for k, (name, value) in enumerate(state(network)):
            if value.dim() >= 2:
                value.copy_(noise(k, list(value.shape), 2 * math.sqrt(6 / math.prod(value.shape[1:]))))
            elif name.endswith("running_var"):
                value.copy_(noise(k, list(value.shape), 0.2) + 1)
            else:
                value.copy_(noise(k, list(value.shape), 0.2) + (1 if name.endswith("weight") else 0))


def logits(network, shape):
    torch.set_num_threads(1)
    fill(network)
    with torch.no_grad():
        y = network.eval()(noise(500, shape, 2))
    largest, difference = y.abs().max().item(), (y[0] - y[1]).abs().max().item()
    assert math.isfinite(largest) and difference > 0.01 * largest, (type(network), largest, difference)
    print(type(network).__name__, f"largest {largest:.4g}, the two pictures differ by {difference:.4g}")
    places = sorted({i * (y.shape[1] - 1) // 7 for i in range(8)})
    return {
        "input": shape, "largest": largest, "at": places, "logits": [[float(f"{row[i]:.8g}") for i in places] for row in y.tolist()],
    }


def training(network, shape):
    """The loss of one step and its gradients; and how far single precision is off, which no test can be nearer than."""
    fill(network)

    def step(network, x):
        network.train().zero_grad()
        loss = F.cross_entropy(network(x), torch.arange(shape[0]) * 3 + 1)
        loss.backward()
        return loss.item(), [p.grad.double() for p in network.parameters()]

    single = step(network, noise(500, shape, 2))
    loss, gradients = step(network.double(), noise(500, shape, 2).double())

    def measures(gradients):
        return [((g * noise(k, list(g.shape)).double()).sum().item(), g.norm().item()) for k, g in enumerate(gradients)]

    products, lengths = zip(*measures(gradients))
    # Some have no gradient but by rounding, such as a bias whose maps are normalised again.
    floor = 1e-3 * max(lengths)
    off = max(max(abs(a - c), abs(b - d)) / max(d, floor) for (a, b), c, d in zip(measures(single[1]), products, lengths))
    print(type(network).__name__, f"loss {loss:.4g}, lengths {min(lengths):.3g} to {max(lengths):.3g}, single precision is off by {off:.2g}")
    rounded = lambda values: [float(f"{v:.8g}") for v in values]
    return {"input": shape, "loss": loss, "products": rounded(products), "lengths": rounded(lengths)}


if __name__ == "__main__":
    models = torchvision.models
    result = {
        "torch": torch.__version__, "torchvision": torchvision.__version__,
        "lenet-5": logits(LeNet5(), [2, 1, 32, 32]),
        "alexnet": logits(with_units(models.alexnet(), 9216, 64), [2, 3, 127, 140]),
        "vgg-16": logits(with_units(models.vgg16(), 25088, 64), [2, 3, 64, 75]),
        "resnet-18": logits(models.resnet18(), [2, 3, 64, 81]),
        "resnet-50": logits(models.resnet50(), [2, 3, 64, 81]),
        "inception-v1": logits(models.googlenet(aux_logits=False, init_weights=False), [2, 3, 75, 96]),
        "mobilenet-v2": logits(models.mobilenet_v2(), [2, 3, 64, 81]),
        "efficientnet-lite0": logits(EfficientNetLite0(), [2, 3, 64, 81]),
    }
    result["training"] = {
        "alexnet": training(with_units(models.alexnet(dropout=0.0), 9216, 64), [3, 3, 80, 95]),
        "resnet-18": training(models.resnet18(), [3, 3, 75, 96]),
        "resnet-50": training(models.resnet50(), [3, 3, 75, 96]),
        "inception-v1": training(models.googlenet(aux_logits=False, init_weights=False, dropout=0.0), [3, 3, 75, 96]),
        "mobilenet-v2": training(models.mobilenet_v2(dropout=0.0), [3, 3, 75, 96]),
        "efficientnet-lite0": training(EfficientNetLite0(), [3, 3, 75, 96]),
    }
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.json"), "w") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")
