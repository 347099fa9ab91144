"""Makes darknet-layers.json and darknet-numbers.json with the library of Debian's package darknet (0.0.0+git20180914).

  python3 make-darknet-fixtures.py /usr/share/darknet/cfg

darknet-layers.json: for each image network of the package the layers that Darknet makes, `kind WIDTHxHEIGHTxCHANNELS`, or `kind COUNT` where Darknet arranges nothing.
darknet-numbers.json: small networks, and what each of their layers computes for weights and input of the formula below.
"""
import json, os, struct, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
scratch = tempfile.mkdtemp()
tool = os.path.join(scratch, "darknet-layers")
subprocess.run(["cc", os.path.join(here, "darknet-layers.c"), "-I/usr/lib/darknet/include", "-L/usr/lib/darknet", "-ldarknet",
                "-Wl,-rpath,/usr/lib/darknet", "-o", tool], check=True)


def layers(*arguments):
  done = subprocess.run([tool, *arguments], capture_output=True, cwd=scratch)
  if done.returncode: raise SystemExit(f"{arguments}: {done.stderr.decode()[-400:]}")
  return json.loads(done.stdout)


def named(layer):
  kind, width, height, channels, count = layer[:5]
  kind = {"none": "upsample"}.get(kind, kind)
  return f"{kind} {width}x{height}x{channels}" if width * height * channels == count else f"{kind} {count}"


def noise(count):
  """((i * 2654435761 + 12345) mod 2^32) / 2^32"""
  return [((i * 2654435761 + 12345) % 2**32) / 2**32 for i in range(count)]


def weights_bytes(header, segments):
  """Segments say what the numbers are: `signed` runs over −½…½, `positive` (variances) over ½…1½, one sequence of noise for the whole file."""
  runs = [(kind, int(count)) for kind, count in (segment.split() for segment in segments)]
  values = iter(noise(sum(count for _, count in runs)))
  numbers = [next(values) + (0.5 if kind == "positive" else -0.5) for kind, count in runs for _ in range(count)]
  return header + struct.pack(f"<{len(numbers)}f", *numbers)


MODERN = struct.pack("<iiiQ", 0, 2, 0, 0)


def conv(filters, count, normal=False):
  return [f"signed {filters}"] + ([f"signed {2 * filters}", f"positive {filters}"] if normal else []) + [f"signed {count}"]


networks = [
  dict(name="convolutions", segments=conv(4, 4 * 3 * 9, True) + conv(6, 6 * 2 * 9) + conv(2, 2 * 6 * 4) + conv(3, 3 * 2, True), cfg="""
[net]
width=7
height=6
channels=3
[convolutional]
batch_normalize=1
filters=4
size=3
stride=1
pad=1
activation=leaky
[convolutional]
filters=6
size=3
stride=2
pad=1
groups=2
activation=ramp
[convolutional]
filters=2
size=2
stride=1
padding=1
activation=linear
[convolutional]
batch_normalize=1
filters=3
size=1
activation=logistic
"""),
  dict(name="activations", segments=conv(2, 2 * 2), cfg="""
[net]
width=3
height=3
channels=2
[convolutional]
filters=2
size=1
stride=1
pad=1
activation=linear
[upsample]
stride=1
scale=9
""" + "".join(f"""[route]
layers=1
[activation]
activation={name}
""" for name in "logistic loggy relu elu selu relie ramp linear tanh plse leaky stair hardtan lhtan".split())),
  dict(name="pools", segments=[], cfg="""
[net]
width=7
height=5
channels=2
[maxpool]
size=2
stride=1
[maxpool]
size=3
stride=2
[maxpool]
size=2
stride=2
padding=0
[route]
layers=0
[maxpool]
size=5
stride=1
[maxpool]
size=2
stride=2
[avgpool]
"""),
  dict(name="joins", segments=conv(3, 3 * 2) + conv(4, 4 * 3 * 9) + conv(2, 2 * 4), cfg="""
[net]
width=6
height=4
channels=2
[convolutional]
filters=3
size=1
activation=linear
[convolutional]
filters=4
size=3
stride=2
pad=1
activation=linear
[shortcut]
from=-2
activation=leaky
[route]
layers=0
[shortcut]
from=2
activation=linear
[route]
layers=2
[upsample]
stride=2
scale=0.5
[route]
layers=-1,-1
[reorg]
stride=2
[reorg]
stride=2
reverse=1
[route]
layers=1
[convolutional]
filters=2
size=1
activation=tanh
[reorg]
extra=3
stride=1
[softmax]
groups=5
temperature=2
"""),
  # Darknet gives [local] too little working memory of its own and overruns it; the convolution before it asks for enough.
  dict(name="connections", segments=conv(2, 2 * 2 * 9) + ["signed 8", "signed 144", "signed 5", "signed 120", "signed 10", "positive 5", "signed 4", "signed 20"], cfg="""
[net]
width=8
height=7
channels=2
[crop]
crop_width=4
crop_height=3
flip=1
angle=0
saturation=1
exposure=1
[dropout]
probability=.5
[convolutional]
filters=2
size=3
pad=1
activation=linear
[local]
filters=2
size=3
stride=2
pad=1
activation=leaky
[route]
layers=0
[connected]
batch_normalize=1
output=5
activation=elu
[connected]
output=4
activation=linear
[softmax]
tree=tiny.tree
[cost]
"""),
  dict(name="transposed", header=[1001, 0, 0, 0], segments=["signed 5", "signed 60"], cfg="""
[net]
width=3
height=2
channels=2
[connected]
output=5
activation=linear
"""),
]
with open(os.path.join(scratch, "tiny.tree"), "w") as file: file.write("animal -1\nthing -1\ncat 0\ndog 0\n")

results = []
for network in networks:
  header = struct.pack("<iiii", *network["header"]) if "header" in network else MODERN
  files = {"cfg": network["cfg"].encode(), "weights": weights_bytes(header, network["segments"])}
  for suffix, data in files.items():
    with open(os.path.join(scratch, "network." + suffix), "wb") as file: file.write(data)
  sizes = dict(line.split("=") for line in network["cfg"].split("[net]")[1].split("[")[0].split())
  with open(os.path.join(scratch, "input"), "wb") as file:
    count = int(sizes["width"]) * int(sizes["height"]) * int(sizes["channels"])
    file.write(struct.pack(f"<{count}f", *noise(count)))
  made = layers("network.cfg", "network.weights", "input")
  results.append(dict(
    name=network["name"], cfg=network["cfg"].strip(), header=network.get("header", [0, 2, 0, 0, 0]), segments=network["segments"],
    layers=[named(layer) for layer in made], numbers=[[float(f"{value:.6g}") for value in layer[5]] for layer in made]))

with open(os.path.join(here, "darknet-numbers.json"), "w") as file:
  file.write("[\n" + ",\n".join(json.dumps(network, separators=(",", ":")) for network in results) + "\n]\n")

if len(sys.argv) > 1:
  folder = sys.argv[1]
  shapes = {}
  for name in sorted(os.listdir(folder)):
    text = open(os.path.join(folder, name)).read()
    if not name.endswith(".cfg") or "[rnn]" in text or "[gru]" in text: continue
    shapes[name] = [named(layer) for layer in layers(os.path.join(folder, name))]
  with open(os.path.join(here, "darknet-layers.json"), "w") as file:
    file.write("{\n" + ",\n".join(f"{json.dumps(name)}:{json.dumps(rows, separators=(',', ':'))}" for name, rows in shapes.items()) + "\n}\n")
