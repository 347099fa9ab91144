#!/usr/bin/env python3
"""Writes convolution-gradients.json: gradients of conv2d and conv_transpose2d as PyTorch computes them, in double precision on single-precision inputs.

    python3 make-convolution-gradients.py    (PyTorch 2; the version and the seed are in the file)
"""
import json
import pathlib

import torch

SEED = 20240611

# batch, channels, outputs, groups, height, width, kernel height, kernel width, stride, padding, dilation, output padding (transposed alone)
CONVOLUTIONS = [
    (2, 3, 4, 1, 5, 6, 3, 3, 1, 1, 1, 0),
    (1, 4, 6, 2, 7, 6, 3, 2, 2, 1, 1, 0),
    (1, 3, 2, 1, 8, 8, 3, 3, 2, 2, 2, 0),
    (2, 5, 5, 5, 6, 5, 3, 3, 1, 1, 1, 0),
    (1, 2, 3, 1, 9, 9, 5, 5, 3, 2, 1, 0),
]
TRANSPOSED = [
    (1, 3, 4, 1, 4, 5, 3, 3, 2, 1, 1, 1),
    (2, 4, 2, 2, 3, 3, 2, 2, 2, 0, 1, 0),
    (1, 2, 3, 1, 4, 4, 3, 3, 1, 1, 2, 1),
    (1, 3, 3, 3, 3, 4, 4, 3, 3, 1, 1, 2),
]


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def case(row, transposed):
    batch, channels, outputs, groups, height, width, kh, kw, stride, padding, dilation, output_padding = row
    shape = (channels, outputs // groups, kh, kw) if transposed else (outputs, channels // groups, kh, kw)
    x, w, b = (torch.randn(s).round(decimals=3).double().requires_grad_() for s in ((batch, channels, height, width), shape, (outputs,)))
    options = dict(stride=stride, padding=padding, dilation=dilation, groups=groups)
    if transposed:
        y = torch.nn.functional.conv_transpose2d(x, w, b, output_padding=output_padding, **options)
    else:
        y = torch.nn.functional.conv2d(x, w, b, **options)
    dy = torch.randn(y.shape).round(decimals=3).double()
    y.backward(dy)
    names = ["batch", "channels", "outputs", "groups", "height", "width", "kernelHeight", "kernelWidth", "stride", "padding", "dilation", "outputPadding"]
    arrays = dict(x=x, w=w, b=b, y=y, dy=dy, dx=x.grad, dw=w.grad, db=b.grad)
    return {
        "transposed": transposed,
        **dict(zip(names, row)),
        "outputHeight": y.shape[2],
        "outputWidth": y.shape[3],
        **{name: numbers(value) for name, value in arrays.items()},
    }


torch.manual_seed(SEED)
cases = [case(row, False) for row in CONVOLUTIONS] + [case(row, True) for row in TRANSPOSED]
text = json.dumps({"torch": torch.__version__, "seed": SEED, "cases": cases}, separators=(",", ":")).replace('{"transposed"', '\n{"transposed"')
pathlib.Path(__file__).with_name("convolution-gradients.json").write_text(text + "\n")
