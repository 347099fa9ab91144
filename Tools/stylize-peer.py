"""The optimisation of `stylize --optimizer adam --scales 1` in PyTorch, for comparison: same network, weights, start and settings.

usage: stylize-peer.py WEIGHTS.h5 CONTENT STYLE [STEPS]

Needs torch, h5py, numpy and Pillow. Both pictures must have sides that are multiples of 16 and the same longer side, so that neither program resizes them. Prints
the losses after so many steps as JSON, and the median time of a step; then compare

    stylize CONTENT STYLE --size SIDE --scales 1 --optimizer adam --iterations STEPS --json
"""
import json, sys, time
import h5py, numpy, torch
from PIL import Image

CONTENT, STYLE = ["relu4_2"], ["relu2_1", "relu3_1", "relu4_1"]
CONTENT_WEIGHT, STYLE_WEIGHT, VARIATION_WEIGHT, RATE = 1.0, 6.0, 1.0, 4.0
MEANS = torch.tensor([122.67892, 116.66877, 104.00699]).reshape(1, 3, 1, 1)


def layers(path):
    """The convolutions by name, their first for RGB in place of BGR."""
    found = {}
    with h5py.File(path) as file:
        for block, count in enumerate([2, 2, 3, 3, 3], 1):
            for place in range(count):
                variables = file[f"block{block}/layers/conv2d{'' if place == 0 else f'_{place}'}/vars"]
                weight = torch.tensor(numpy.array(variables["0"])).permute(3, 2, 0, 1).contiguous()
                if block == 1 and place == 0:
                    weight = weight.flip(1).contiguous()
                found[f"relu{block}_{place + 1}"] = (weight, torch.tensor(numpy.array(variables["1"])))
    return found


def features(x, network):
    maps = {}
    for name, (weight, bias) in network.items():
        if name.endswith("_1") and name != "relu1_1":
            x = torch.nn.functional.avg_pool2d(x, 2)
        x = torch.relu(torch.nn.functional.conv2d(x, weight, bias, padding=1))
        maps[name] = x
        if set(CONTENT + STYLE) <= set(maps):
            return maps


def gram(maps):
    rows = maps.flatten(2)[0]
    return rows @ rows.T / rows.shape[1]


def planes(path):
    return torch.tensor(numpy.array(Image.open(path).convert("RGB"))).permute(2, 0, 1)[None].float() - MEANS


def main():
    network, content, style = layers(sys.argv[1]), planes(sys.argv[2]), planes(sys.argv[3])
    content = torch.nn.functional.pad(content, (16, 16, 16, 16), mode="replicate")  # a border that is cut off at the end
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 50
    with torch.no_grad():
        contents = {name: features(content, network)[name] for name in CONTENT}
        grams = {name: gram(features(style, network)[name]) for name in STYLE}
    x = content.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([x], lr=RATE)

    def losses():
        maps = features(x, network)
        near = sum((maps[name] - target).square().sum() / target.square().sum() for name, target in contents.items()) / len(CONTENT)
        like = sum((gram(maps[name]) - target).square().sum() / target.square().sum() for name, target in grams.items()) / len(STYLE)
        rough = ((x[..., 1:, :] - x[..., :-1, :]).square().sum() + (x[..., 1:] - x[..., :-1]).square().sum()) / (x.numel() * 255**2)
        return near, like, rough, CONTENT_WEIGHT * near + STYLE_WEIGHT * like + VARIATION_WEIGHT * rough

    seconds = []
    for _ in range(steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        losses()[3].backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    with torch.no_grad():
        near, like, rough, total = (float(value) for value in losses())
    print(json.dumps({"content": near, "style": like, "variation": rough, "total": total, "milliseconds": 1e3 * float(numpy.median(seconds))}))


main()
