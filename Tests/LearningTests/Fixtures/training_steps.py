"""Writes training_steps.json: losses of ten steps and the gradients of the first, of four small networks in PyTorch. Needs torch 2.

Parameters and inputs come from a formula that TrainingStepTests.swift has, too: number i of tensor k is ((i + 1000 k) · 2654435761 + 12345 mod 2³²) / 2³² − ½, scaled.
"""
import json
import os

import torch
from torch import nn


def noise(k, shape, scale=1.0):
    count = int(torch.tensor(shape).prod())
    values = [(((i + 1000 * k) * 2654435761 + 12345) % 2**32) / 2**32 - 0.5 for i in range(count)]
    return (torch.tensor(values, dtype=torch.float64) * scale).to(torch.float32).reshape(shape)


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.head = nn.Linear(6, 5), nn.Linear(5, 3)

    def forward(self, x):
        return self.head(torch.tanh(self.hidden(x)))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)

    def forward(self, x):
        y = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(x + self.norm2(self.conv2(y)))


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 18, 3, stride=2, padding=1), nn.BatchNorm2d(18)
        self.block, self.head = Residual(18), nn.Linear(18, 4)

    def forward(self, x):
        x = self.block(torch.relu(self.norm(self.stem(x))))
        x = nn.functional.max_pool2d(x, 2)
        return self.head(x.mean((2, 3)))


class Sequence(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layers = kind(3, 5, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(10, 3)

    def forward(self, x):
        return self.head(self.layers(x)[0]).reshape(-1, 3)


def steps(network, x, classes, count, optimizer):
    torch.set_num_threads(1)
    with torch.no_grad():
        for k, (name, p) in enumerate(network.named_parameters()):
            scale = 0.2 if "norm" in name else 0.8
            p.copy_(noise(k, list(p.shape), scale) + (1 if "norm" in name and "weight" in name else 0))
    network.train()
    optimizer = optimizer(network.parameters())
    x, losses, gradients = noise(50, x, 2), [], {}
    targets = torch.tensor([(3 * i + i // 3) % classes for i in range(count)])
    for step in range(10):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x), targets)
        loss.backward()
        if step == 0:
            gradients = {n: p.grad.flatten().tolist() for n, p in network.named_parameters()}
        losses.append(loss.item())
        optimizer.step()
    buffers = {n: b.flatten().tolist() for n, b in network.named_buffers() if "num_batches" not in n}
    return {"losses": losses, "gradients": gradients, "statistics": buffers}


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [float(f"{v:.8g}") for v in value]


result = {
    "perceptron": steps(Perceptron(), [7, 6], 3, 7, sgd),
    "convolutional": steps(Convolutional(), [4, 3, 12, 12], 4, 4, sgd),
    "gru": steps(Sequence(nn.GRU), [4, 6, 3], 3, 24, adam),
    "lstm": steps(Sequence(nn.LSTM), [4, 6, 3], 3, 24, adam),
}
document = {"torch": torch.__version__, **{name: rounded(steps) for name, steps in result.items()}}
with open(os.path.join(os.path.dirname(__file__), "training_steps.json"), "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
