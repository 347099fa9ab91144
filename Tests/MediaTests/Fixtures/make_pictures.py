"""Writes a small picture of every kind of PNG and JPEG, and what its upright pixels are on white: pictures/ and pictures.json.

Run it in this folder with Pillow (11.3 or later) and NumPy. PNG files are written here from their samples, and their expected pixels computed from the
samples and compared with Pillow's where Pillow reads the kind; JPEG files are written and read by Pillow.
"""
import io, json, pathlib, struct, zlib
import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path("pictures")
FOLDER.mkdir(exist_ok=True)
WIDTH, HEIGHT = 13, 9
expected = []


def add(name, data, rgb, tolerance):
    assert len(data) <= 2048, (name, len(data))
    (FOLDER / name).write_bytes(data)
    rgb = np.asarray(rgb, np.uint8)
    expected.append({"file": name, "width": rgb.shape[1], "height": rgb.shape[0], "tolerance": tolerance, "rgb": rgb.tobytes().hex()})


# PNG

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]  # x, y, step x, step y


def packed_rows(samples, bits):
    """Rows of (height, width, channels) samples, each with filter 0 before it."""
    out = b""
    for row in samples:
        if bits == 16:
            out += b"\0" + row.astype(">u2").tobytes()
        else:
            flat = row.reshape(-1, 1).astype(np.uint8)
            digits = np.unpackbits(flat, axis=1)[:, 8 - bits:]
            out += b"\0" + np.packbits(digits.ravel()).tobytes()
    return out


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, bits, color_type, interlaced=False, before=b"", extra=b""):
    height, width, _ = samples.shape
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        body = b"".join(packed_rows(part, bits) for part in passes if part.size)
    else:
        body = packed_rows(samples, bits)
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + extra + chunk(b"IDAT", zlib.compress(body, 9)) + chunk(b"IEND", b"")


def to_eight(samples, bits):
    return np.floor(samples.astype(np.float64) * 255 / ((1 << bits) - 1) + 0.5)


def on_white(rgb, alpha):
    return np.floor((rgb * alpha + 255 * (255 - alpha)) / 255 + 0.5)


def gradient(channels, bits, seed):
    y, x, c = np.mgrid[0:HEIGHT, 0:WIDTH, 0:channels]
    top = (1 << bits) - 1
    wave = 0.5 + 0.5 * np.sin(0.5 * x + 0.4 * y * (c + 1) + seed + c)
    return np.round(wave * top).astype(np.int64)


def compare_with_pillow(data, rgb, name):
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    difference = np.abs(np.asarray(ground.convert("RGB"), np.int64) - rgb).max()
    assert difference <= 1, (name, difference)


for interlaced in (False, True):
    suffix = "-interlaced.png" if interlaced else ".png"
    for bits in (1, 2, 4, 8, 16):
        grey = gradient(1, bits, 0)
        data, rgb = png(grey, bits, 0, interlaced), np.repeat(to_eight(grey, bits), 3, 2)
        if bits < 16: compare_with_pillow(data, rgb, f"grey{bits}")
        add(f"grey{bits}{suffix}", data, rgb, 0)
    for bits in (1, 2, 4, 8):
        count = min(1 << bits, 40)
        colours = np.array([[(i * 37 + 11) % 256, (i * 91) % 256, 255 - (i * 53) % 256] for i in range(count)])
        index = gradient(1, bits, 1) * (count - 1) // ((1 << bits) - 1)
        palette = chunk(b"PLTE", colours.astype(np.uint8).tobytes())
        data, rgb = png(index, bits, 3, interlaced, palette), colours[index[:, :, 0]]
        compare_with_pillow(data, rgb, f"palette{bits}")
        add(f"palette{bits}{suffix}", data, rgb, 0)
        alphas = np.array([255 - (i * 45) % 256 for i in range(count)])
        data = png(index, bits, 3, interlaced, palette + chunk(b"tRNS", alphas.astype(np.uint8).tobytes()))
        rgb = on_white(rgb, alphas[index])
        compare_with_pillow(data, rgb, f"palette{bits}-transparent")
        add(f"palette{bits}-transparent{suffix}", data, rgb, 0)
    for bits in (8, 16):
        for name, color_type, channels in (("grey-alpha", 4, 2), ("rgb", 2, 3), ("rgba", 6, 4)):
            samples = gradient(channels, bits, 2)
            eight = to_eight(samples, bits)
            colours = eight[:, :, :3] if channels >= 3 else np.repeat(eight[:, :, :1], 3, 2)
            rgb = on_white(colours, eight[:, :, -1:]) if channels % 2 == 0 else colours
            data = png(samples, bits, color_type, interlaced)
            if bits == 8: compare_with_pillow(data, rgb, name)
            add(f"{name}{bits}{suffix}", data, rgb, 0)
# One colour is transparent: of a 16-bit file only the exact 16-bit value.
for bits in (2, 8, 16):
    grey = gradient(1, bits, 3)
    clear = grey[4, 5, 0]
    alpha = np.where(grey == clear, 0, 255)
    add(f"grey{bits}-transparent.png", png(grey, bits, 0, False, chunk(b"tRNS", struct.pack(">H", clear))),
        on_white(np.repeat(to_eight(grey, bits), 3, 2), alpha), 0)
for bits in (8, 16):
    samples = gradient(3, bits, 4)
    clear = samples[3, 7]
    alpha = np.where((samples == clear).all(2, keepdims=True), 0, 255)
    add(f"rgb{bits}-transparent.png", png(samples, bits, 2, False, chunk(b"tRNS", struct.pack(">HHH", *clear))), on_white(to_eight(samples, bits), alpha), 0)


# JPEG

def exif(orientation, big):
    order = ">" if big else "<"
    entries = [struct.pack(order + "HHII", 0x0110, 2, 4, 0), struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)]
    return (b"MM" if big else b"II") + struct.pack(order + "HIH", 42, 8, len(entries)) + b"".join(entries) + struct.pack(order + "I", 0)


def segment(code, payload):
    return bytes([0xFF, code]) + struct.pack(">H", len(payload) + 2) + payload


def jpeg(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **{"quality": 90, **options})
    return out.getvalue()


def pillow(data):
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
colour = Image.fromarray(np.stack([60 + x * 12, 40 + y * 20, 200 - x * 6 - y * 5], 2).astype(np.uint8))
# libjpeg versions differ by a unit or two in rounding.
for name, options in {
    "ycbcr444": {"subsampling": 0}, "ycbcr422": {"subsampling": 1}, "ycbcr420": {"subsampling": 2}, "progressive": {"progressive": True},
    "rgb": {"keep_rgb": True}, "restarts": {"restart_marker_blocks": 1}, "optimized": {"optimize": True},
}.items():
    data = jpeg(colour, **options)
    add(f"{name}.jpg", data, pillow(data), 2)
data = jpeg(colour.convert("L"))
add("grey.jpg", data, pillow(data), 2)
data = jpeg(colour.convert("L"), progressive=True)
add("grey-progressive.jpg", data, pillow(data), 2)

cmyk = Image.fromarray(np.stack([x * 15, 30 + y * 20, 200 - x * 10, 10 + x * 5 + y * 7], 2).astype(np.uint8), "CMYK")
data = jpeg(cmyk, quality=95)
adobe = data.index(b"\xff\xee\x00\x0eAdobe")
add("cmyk-adobe.jpg", data, pillow(data), 2)
# The same samples without the marker mean the opposite: ink where the Adobe file has none.
ink = 255 - np.asarray(Image.open(io.BytesIO(data)), np.float64)
plain = data[:adobe] + data[adobe + 16:]
assert b"Adobe" not in plain
add("cmyk-plain.jpg", plain, np.floor((255 - ink[:, :, :3]) * (255 - ink[:, :, 3:]) / 255 + 0.5), 2)
# libjpeg does not transform CMYK when it writes: declared as YCCK, the samples are read as Y, Cb, Cr and K.
ycck = np.stack([255 - (60 + x * 8), 255 - (100 + y * 6), 255 - (150 - x * 4), 255 - (220 - y * 8)], 2).astype(np.uint8)
data = bytearray(jpeg(Image.fromarray(ycck, "CMYK"), quality=95))
data[adobe + 15] = 2
add("ycck-adobe.jpg", bytes(data), pillow(bytes(data)), 2)
data = jpeg(cmyk, quality=95, progressive=True)
add("cmyk-adobe-progressive.jpg", data, pillow(data), 2)

for orientation in range(1, 9):
    data = jpeg(colour, subsampling=0)
    data = data[:2] + segment(0xE1, b"Exif\0\0" + exif(orientation, big=orientation % 2 == 0)) + data[2:]
    add(f"orientation{orientation}.jpg", data, pillow(data), 2)
    samples = gradient(3, 8, 5)
    data = png(samples, 8, 2, False, chunk(b"eXIf", exif(orientation, big=orientation % 2 == 1)))
    upright = pillow(data)
    assert orientation < 5 or upright.shape[:2] == (WIDTH, HEIGHT)
    add(f"orientation{orientation}.png", data, upright, 0)

pathlib.Path("pictures.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in expected) + "\n]\n")
print(len(expected), "pictures,", sum(f.stat().st_size for f in FOLDER.iterdir()), "bytes")
