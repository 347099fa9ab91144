"""Writes losses.json: losses and their gradients in PyTorch, with and without weights and smoothing. Needs torch 2.

Inputs come from a formula that the tests have, too: number i of tensor k is noise(k)[i] = ((i + 1000 k) · 2654435761 + 12345 mod 2³²) / 2³² − ½. In
each case the loss of each example, their mean, their sum and the gradient of the mean by the first input; with weights w the mean is Σ w · l / Σ w.
"""
import json
import math
import os

import torch
from torch.nn import functional as F


def noise(k, shape, scale=1.0):
    values = [(((i + 1000 * k) * 2654435761 + 12345) % 2**32) / 2**32 - 0.5 for i in range(math.prod(shape))]
    return (torch.tensor(values, dtype=torch.float64) * scale).to(torch.float32).reshape(shape)


def numbers(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


def case(x, losses, weights=None):
    x = x.clone().requires_grad_(True)
    single = losses(x)
    if weights is None:
        mean, total = single.mean(), single.sum()
    else:
        mean, total, single = (weights * single).sum() / weights.sum(), (weights * single).sum(), weights * single
    mean.backward()
    return {"none": numbers(single), "mean": mean.item(), "sum": total.item(), "gradient": numbers(x.grad)}


rows, classes = 6, 4
logits, targets = noise(1, [rows, classes], 6), torch.softmax(noise(2, [rows, classes], 4), 1)
labels = torch.tensor([(3 * i + i // 3) % classes for i in range(rows)])
ones = F.one_hot(labels, classes).float()
row_weights, weights = noise(3, [rows]) + 1, noise(4, [rows, classes]) + 1
class_weights = torch.tensor([0.5, 1.5, 2.0, 0.25])
answers, values = noise(5, [rows, classes]) + 0.5, noise(6, [rows, classes], 6)
signs = torch.where(noise(7, [rows, classes]) > 0, 1.0, -1.0)
a, b, c = noise(8, [rows, 5], 2), noise(9, [rows, 5], 2), noise(10, [rows, 5], 2)
same = torch.tensor([1.0, 0, 1, 0, 0, 1])
distance = lambda u, v: ((u - v) ** 2).sum(1)
triplet = lambda margin: torch.nn.TripletMarginWithDistanceLoss(distance_function=distance, margin=margin, reduction="none")


def logistic(x, positive=1.0, smoothing=0.0):
    return F.binary_cross_entropy_with_logits(x, answers * (1 - smoothing) + smoothing / 2, pos_weight=torch.tensor(positive), reduction="none")


def contrastive(x, margin):
    d = (distance(x, b) + 1e-12).sqrt()
    return same * d**2 + (1 - same) * F.relu(margin - d) ** 2


cases = {
    "softmax": case(logits, lambda x: F.cross_entropy(x, targets, reduction="none")),
    "softmax, labels": case(logits, lambda x: F.cross_entropy(x, labels, reduction="none")),
    "softmax, weights": case(logits, lambda x: F.cross_entropy(x, targets, reduction="none"), row_weights),
    "softmax, smoothing": case(logits, lambda x: F.cross_entropy(x, labels, label_smoothing=0.1, reduction="none")),
    "softmax, weights and smoothing": case(logits, lambda x: F.cross_entropy(x, targets, label_smoothing=0.2, reduction="none"), row_weights),
    "softmax, large": case(logits * 1000, lambda x: F.cross_entropy(x, targets, reduction="none")),
    "logistic": case(logits, logistic),
    "logistic, positive weight": case(logits, lambda x: logistic(x, 2.5)),
    "logistic, weights": case(logits, logistic, weights),
    "logistic, smoothing": case(logits, lambda x: logistic(x, 1.0, 0.1)),
    "logistic, all": case(logits, lambda x: logistic(x, 2.5, 0.1), weights),
    "logistic, large": case(logits * 1000, logistic),
    "squared": case(logits, lambda x: F.mse_loss(x, values, reduction="none")),
    "squared, weights": case(logits, lambda x: F.mse_loss(x, values, reduction="none"), weights),
    "absolute": case(logits, lambda x: F.l1_loss(x, values, reduction="none")),
    "absolute, weights": case(logits, lambda x: F.l1_loss(x, values, reduction="none"), weights),
    "huber": case(logits, lambda x: F.huber_loss(x, values, reduction="none", delta=1.0)),
    "huber, narrow": case(logits, lambda x: F.huber_loss(x, values, reduction="none", delta=0.4), weights),
    "hinge": case(logits, lambda x: F.relu(1 - signs * x)),
    "hinge, weights": case(logits, lambda x: F.relu(1 - signs * x), weights),
    "contrastive": case(a, lambda x: contrastive(x, 1.0)),
    "contrastive, wide": case(a, lambda x: contrastive(x, 3.0)),
    "triplet": case(a, lambda x: triplet(0.2)(x, b, c)),
    "triplet, wide": case(a, lambda x: triplet(2.5)(x, b, c)),
    "cosine": case(a, lambda x: F.cosine_embedding_loss(x, b, 2 * same - 1, reduction="none")),
    "cosine, margin": case(a, lambda x: F.cosine_embedding_loss(x, b, 2 * same - 1, margin=0.3, reduction="none")),
    "cosine, short": case(a * 1e-3, lambda x: F.cosine_similarity(x, b * 1e-3)),
}
# The weight of a row's class is a weight of the row.
by_class = F.cross_entropy(logits, labels, weight=class_weights)
assert abs(by_class - (F.cross_entropy(logits, labels, reduction="none") * class_weights[labels]).sum() / class_weights[labels].sum()) < 1e-6
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.json"), "w") as file:
    json.dump({"torch": torch.__version__, "targets": numbers(targets), "byClass": by_class.item(), "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
