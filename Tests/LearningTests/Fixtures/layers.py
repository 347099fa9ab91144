"""Writes layers.json: what single layers compute in PyTorch, in training and in use, and the gradients by their inputs and parameters. Needs torch 2.

Parameters, inputs and the loss come from a formula that the tests have, too: number i of tensor k is
noise(k)[i] = ((i + 1000 k) · 2654435761 + 12345 mod 2³²) / 2³² − ½. Learned parameter k, in the layer's order, is noise(k) · 0.8, and the weight of a
normalisation 1 + that; the input is noise(50) · 2; the loss is Σ y · noise(60).
"""
import json
import math
import os

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def noise(k, shape, scale=1.0):
    values = [(((i + 1000 * k) * 2654435761 + 12345) % 2**32) / 2**32 - 0.5 for i in range(math.prod(shape))]
    return (torch.tensor(values, dtype=torch.float64) * scale).to(torch.float32).reshape(shape)


def numbers(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


class Pooled(nn.Module):
    """Average pooling that counts a window's pixels inside the maps alone."""

    def __init__(self, size, stride, padding):
        super().__init__()
        self.pool = nn.AvgPool2d(size, stride, padding, count_include_pad=False)

    def forward(self, x):
        return self.pool(x)


class Packed(nn.Module):
    """The states of recurrent layers over sequences of these lengths."""

    def __init__(self, kind, lengths, bidirectional):
        super().__init__()
        self.layers, self.lengths = kind(3, 4, num_layers=2, batch_first=True, bidirectional=bidirectional), lengths

    def forward(self, x):
        packed = pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        y, state = self.layers(packed)
        sequence = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]
        state, cells = state if isinstance(state, tuple) else (state, None)
        directions = 2 if self.layers.bidirectional else 1
        last = state[-directions:].permute(1, 0, 2).flatten(1)
        # Everything that comes out in one line.
        parts = [sequence.flatten(), last.flatten()] + ([cells[-directions:].flatten()] if cells is not None else [])
        return torch.cat(parts)


class Plain(nn.Module):
    """nn.RNN, all states and then the last; the state before them is noise(70), or nothing."""

    def __init__(self, has_state):
        super().__init__()
        self.layers, self.has_state = nn.RNN(3, 4, batch_first=True), has_state

    def forward(self, x):
        y, state = self.layers(x, noise(70, [1, x.shape[0], 4]) if self.has_state else None)
        return torch.cat([y.flatten(), state.flatten()])


def case(layer, shape, values=None):
    norm = isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d))
    with torch.no_grad():
        for k, (name, p) in enumerate(layer.named_parameters()):
            p.copy_(noise(k, list(p.shape), 0.8) + (1 if norm and name == "weight" else 0))
    x = noise(50, shape, 2) if values is None else torch.tensor(values, dtype=torch.int64).reshape(shape)
    if values is None:
        x.requires_grad_(True)
    layer.train()
    y = layer(x)
    (y * noise(60, list(y.shape))).sum().backward()
    result = {
        "input": shape, "output": list(y.shape), "training": numbers(y),
        "gradients": {n.removeprefix("layers."): numbers(p.grad) for n, p in layer.named_parameters()},
        "statistics": {n: numbers(b) for n, b in layer.named_buffers() if "num_batches" not in n},
    }
    if values is None:
        result["inputGradient"] = numbers(x.grad)
    else:
        result["values"] = values
    layer.eval()
    result["inference"] = numbers(layer(x))
    return result


torch.set_num_threads(1)
lengths = [5, 1, 3, 6]
cases = {
    "linear": case(nn.Linear(7, 5), [3, 7]),
    "linear without bias": case(nn.Linear(7, 5, bias=False), [3, 7]),
    "conv2d": case(nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2), [2, 4, 9, 8]),
    "conv1d": case(nn.Conv1d(3, 5, 4, stride=2, padding=2), [2, 3, 11]),
    "conv1d dilated": case(nn.Conv1d(4, 6, 3, dilation=3, groups=2, bias=False), [2, 4, 13]),
    "convtranspose2d": case(nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1), [2, 4, 5, 4]),
    "convtranspose2d grouped": case(nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1, groups=2, bias=False), [2, 4, 3, 5]),
    "adaptive average, divisible": case(nn.AdaptiveAvgPool2d((3, 3)), [2, 3, 6, 6]),
    "adaptive average, one side each": case(nn.AdaptiveAvgPool2d((2, 4)), [2, 3, 6, 8]),
    "adaptive average, not divisible": case(nn.AdaptiveAvgPool2d((3, 4)), [2, 3, 7, 10]),
    "adaptive average, upwards": case(nn.AdaptiveAvgPool2d((5, 4)), [2, 3, 3, 1]),
    "adaptive average, one pixel": case(nn.AdaptiveAvgPool2d(1), [2, 3, 7, 5]),
    "maximum, padded": case(nn.MaxPool2d(3, 2, 1), [2, 3, 8, 7]),
    "maximum, ceiling": case(nn.MaxPool2d(3, 2, ceil_mode=True), [2, 3, 8, 7]),
    "maximum, ceiling, fitting": case(nn.MaxPool2d(2, 2, ceil_mode=True), [2, 3, 6, 9]),
    "average, padded": case(Pooled(3, 2, 1), [2, 3, 8, 7]),
    "average": case(nn.AvgPool2d(2, 2), [2, 3, 7, 6]),
    "batchnorm": case(nn.BatchNorm2d(5, eps=1e-3, momentum=0.2), [4, 5, 3, 2]),
    "batchnorm of vectors": case(nn.BatchNorm1d(5), [6, 5]),
    "layernorm": case(nn.LayerNorm(9), [4, 3, 9]),
    "groupnorm": case(nn.GroupNorm(2, 6, eps=1e-4), [3, 6, 4, 3]),
    "instancenorm": case(nn.InstanceNorm2d(5, affine=True), [3, 5, 4, 3]),
    "embedding": case(nn.Embedding(7, 4), [2, 5], values=[0, 6, 3, 3, 1, 2, 3, 0, 5, 6]),
    "rnn": case(Plain(False), [3, 6, 3]),
    "rnn with a state": case(Plain(True), [3, 6, 3]),
    "gru with lengths": case(Packed(nn.GRU, lengths, True), [4, 6, 3]),
    "lstm with lengths": case(Packed(nn.LSTM, lengths, True), [4, 6, 3]),
    "gru forwards with lengths": case(Packed(nn.GRU, lengths, False), [4, 6, 3]),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.json"), "w") as file:
    json.dump({"torch": torch.__version__, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
