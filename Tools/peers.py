"""The other programs and the work they are given: for each row of `percept bench` that somebody else can do as well, one function per program.

A function of ROWS returns {program: step}, where calling `step` does the work once. Weights are random: they do not change the time.
"""
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
import torchvision
from torch import nn

warnings.filterwarnings("ignore")

# Programs that compute in single precision, and those that choose a smaller one where the processor has it.
FP32 = ["PyTorch", "ONNX Runtime", "OpenVINO fp32", "ncnn fp32", "librosa"]
SMALLER = ["OpenVINO default", "ncnn bf16"]
PROGRAMS = FP32 + SMALLER


def versions():
    from importlib.metadata import version

    names = {"PyTorch": "torch", "ONNX Runtime": "onnxruntime", "OpenVINO": "openvino", "ncnn": "ncnn", "librosa": "librosa"}
    return ", ".join(f"{name} {version(package).split('+')[0]}" for name, package in names.items())


def inference(model, shape, threads):
    """One network in every program."""
    model.eval()
    x = torch.randn(*shape)
    folder = tempfile.mkdtemp()
    onnx = os.path.join(folder, "model.onnx")
    with torch.inference_mode():
        torch.onnx.export(model, (x,), onnx, dynamo=False)
    steps = {"PyTorch": torch_step(model, x)}
    for name, make in [
        ("ONNX Runtime", lambda: onnxruntime_step(onnx, x.numpy(), threads)),
        ("OpenVINO fp32", lambda: openvino_step(onnx, x.numpy(), threads, {"INFERENCE_PRECISION_HINT": "f32"})),
        ("OpenVINO default", lambda: openvino_step(onnx, x.numpy(), threads, {})),
        ("ncnn fp32", lambda: ncnn_step(model, x, threads, folder, False)),
        ("ncnn bf16", lambda: ncnn_step(model, x, threads, folder, True)),
    ]:
        try:
            steps[name] = make()
        except Exception as error:  # a program that is missing or cannot do this network leaves its column empty
            print(f"{name}: {error!r}"[:300], file=sys.stderr)
    return steps


def torch_step(model, x):
    def step():
        with torch.inference_mode():
            model(x)

    return step


def onnxruntime_step(path, x, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})


def openvino_step(path, x, threads, hints):
    import openvino

    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", **hints}
    request = core.compile_model(core.read_model(path), "CPU", settings).create_infer_request()
    return lambda: request.infer({0: x})


def ncnn_step(model, x, threads, folder, bf16):
    import ncnn

    if not os.path.exists(os.path.join(folder, "model.ncnn.bin")):
        torch.jit.trace(model, x).save(os.path.join(folder, "model.pt"))
        converter = os.path.join(os.path.dirname(sys.executable), "pnnx")
        shape = ",".join(map(str, x.shape))
        subprocess.run([converter, "model.pt", f"inputshape=[{shape}]", "fp16=0"], cwd=folder, capture_output=True, check=True)
    net = ncnn.Net()
    net.opt.num_threads = threads
    net.opt.use_bf16_storage = bf16
    net.opt.use_fp16_storage = net.opt.use_fp16_packed = False
    net.load_param(os.path.join(folder, "model.ncnn.param"))
    net.load_model(os.path.join(folder, "model.ncnn.bin"))
    first, last, picture = net.input_names()[0], net.output_names(), ncnn.Mat(x[0].numpy().copy())

    def step():
        extractor = net.create_extractor()
        extractor.input(first, picture)
        for name in last:
            extractor.extract(name)

    step.net = net  # lives as long as the step
    return step


class YoloTiny(nn.Module):
    """The layers of YOLOv3-tiny for 80 classes, without decoding."""

    def __init__(self):
        super().__init__()

        def unit(inputs, outputs, size):
            return nn.Sequential(
                nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.1))

        sizes = [3, 16, 32, 64, 128]
        early = [m for a, b in zip(sizes, sizes[1:]) for m in (unit(a, b, 3), nn.MaxPool2d(2, 2))]
        self.route = nn.Sequential(*early, unit(128, 256, 3))
        self.trunk = nn.Sequential(
            nn.MaxPool2d(2, 2), unit(256, 512, 3), nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(2, 1), unit(512, 1024, 3), unit(1024, 256, 1))
        self.coarse = nn.Sequential(unit(256, 512, 3), nn.Conv2d(512, 255, 1))
        self.up = nn.Sequential(unit(256, 128, 1), nn.Upsample(scale_factor=2))
        self.fine = nn.Sequential(unit(384, 256, 3), nn.Conv2d(256, 255, 1))

    def forward(self, x):
        route = self.route(x)
        trunk = self.trunk(route)
        return self.coarse(trunk), self.fine(torch.cat([self.up(trunk), route], 1))


class TriggerWord(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution, self.norm = nn.Conv1d(101, 196, 15, 4), nn.BatchNorm1d(196)
        self.first, self.second = nn.GRU(196, 128, batch_first=True), nn.GRU(128, 128, batch_first=True)
        self.output = nn.Linear(128, 1)

    def forward(self, x):
        h = torch.relu(self.norm(self.convolution(x))).transpose(1, 2)
        return self.output(self.second(self.first(h)[0])[0])


class CharacterLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm, self.output = nn.Embedding(96, 64), nn.LSTM(64, 256, 2, batch_first=True), nn.Linear(256, 96)

    def forward(self, x):
        return self.output(self.lstm(self.embedding(x))[0])


def training(model, loss):
    """One step of Adam in PyTorch."""
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(model).backward()
        optimizer.step()

    return {"PyTorch": step}


def vgg(layers):
    return torchvision.models.vgg16(weights=None).features[:layers]


def style_step(threads):
    """The gradient of style and content losses to the picture (Gatys et al. 2016)."""
    x = torch.randn(1, 3, 256, 256, requires_grad=True)
    network = vgg(23).eval().requires_grad_(False)
    for layer in network:
        if isinstance(layer, nn.ReLU):
            layer.inplace = False

    def maps():
        h, found = x, []
        for index, layer in enumerate(network):
            h = layer(h)
            if index in (3, 8, 15, 22):
                found.append(h)
        return found

    def grams(found):
        return [(f.flatten(2) @ f.flatten(2).transpose(1, 2)) / f.numel() for f in found]

    targets = [0.9 * gram.detach() for gram in grams(maps())]

    def step():
        found = maps()
        loss = sum(((gram - target) ** 2).sum() for gram, target in zip(grams(found), targets)) + found[2].square().mean()
        x.grad = None
        loss.backward()

    return {"PyTorch": step}


def trigger_train(threads):
    x, y = torch.randn(8, 101, 5511), torch.zeros(8, 1375, 1)
    return training(TriggerWord(), lambda model: nn.functional.binary_cross_entropy_with_logits(model(x), y))


def lstm_train(threads):
    text = torch.randint(0, 96, (32, 128))
    return training(CharacterLSTM(), lambda model: nn.functional.cross_entropy(model(text).flatten(0, 1), text.flatten()))


def resnet18_train(threads):
    x, labels = torch.randn(32, 3, 64, 64), torch.randint(0, 10, (32,))
    return training(torchvision.models.resnet18(num_classes=10), lambda model: nn.functional.cross_entropy(model(x), labels))


def minute():
    """Sixty seconds at 44,100 Hz, and how they are cut."""
    return np.random.default_rng(1).standard_normal(60 * 44100).astype(np.float32), {"n_fft": 1024, "hop_length": 256}


def stft(threads):
    import librosa

    sound, cut = minute()
    return {"librosa": lambda: librosa.stft(sound, **cut)}


def mel(threads):
    import librosa

    sound, cut = minute()
    return {"librosa": lambda: librosa.feature.melspectrogram(y=sound, sr=44100, n_mels=64, **cut)}


def sgemm(threads):
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    return {"PyTorch": lambda: a @ b}


PICTURE = (1, 3, 224, 224)

# The first words of our rows' names → the same work elsewhere.
ROWS = {
    "yolov3-tiny": lambda threads: inference(YoloTiny(), (1, 3, 416, 416), threads),
    "vgg16": lambda threads: inference(vgg(30), PICTURE, threads),
    "resnet50": lambda threads: inference(torchvision.models.resnet50(weights=None), PICTURE, threads),
    "mobilenet-v2": lambda threads: inference(torchvision.models.mobilenet_v2(weights=None), PICTURE, threads),
    "style-step forward": lambda threads: {"PyTorch": torch_step(vgg(23).eval(), torch.randn(1, 3, 256, 256))},
    "style-step": style_step,
    "trigger-infer": lambda threads: {"PyTorch": torch_step(TriggerWord().eval(), torch.randn(1, 101, 5511))},
    "trigger-train": trigger_train,
    "lstm-train": lstm_train,
    "resnet18-train": resnet18_train,
    "stft-minute": stft,
    "mel-minute": mel,
    "sgemm-1024": sgemm,
}
