#!/usr/bin/env python3
"""Writes spectra.json: spectra, mel bands and coefficients by NumPy (double precision), and those that matplotlib and librosa gave for a sweep.

    python3 make_spectra.py networks.json

networks.json holds summaries (a few elements by flat row-major index, mean, deviation, extremes) of arrays shaped [bins, frames]; its part "audio" is copied.
"""
import json, sys
import numpy as np

def signal(count):
    n = np.arange(count)
    return (0.4 * np.sin(0.05 * n + 0.00002 * n * n) + 0.2 * np.cos(0.7 * n)).astype(np.float32).astype(np.float64)

def periodic_hann(n): return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)

def frames(x, length, hop, window, mode):
    if mode: x = np.pad(x, length // 2, mode=mode)
    starts = range(0, len(x) - length + 1, hop)
    return np.array([np.fft.rfft(x[s:s + length] * window) for s in starts])

def mel_filters(count, length, rate, low, high, scale, area):
    to = lambda f: 2595 * np.log10(1 + f / 700) if scale == "htk" else np.where(f < 1000, f * 3 / 200, 15 + np.log(np.maximum(f, 1) / 1000) * 27 / np.log(6.4))
    back = lambda m: 700 * (10 ** (m / 2595) - 1) if scale == "htk" else np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))
    points = back(np.linspace(to(np.float64(low)), to(np.float64(high)), count + 2))
    f = np.arange(length // 2 + 1) * rate / length
    rows = []
    for a, b, c in zip(points, points[1:], points[2:]):
        rows.append(np.maximum(0, np.minimum((f - a) / (b - a), (c - f) / (c - b))) * (2 / (c - a) if area else 1))
    return np.array(rows)

def listed(x): return [float(f"{v:.9g}") for v in np.asarray(x).reshape(-1)]

cases = []
for samples, length, hop, window, edges in [
    (300, 64, 24, 64, "none"), (300, 64, 24, 64, "zeros"), (300, 64, 24, 40, "mirrored"), (301, 63, 17, 63, "mirrored"), (90, 45, 60, 45, "zeros"),
    (20, 64, 16, 64, "mirrored"), (1, 16, 4, 16, "mirrored"), (1, 1, 1, 1, "none")]:
    w = np.zeros(length); before = (length - window) // 2; w[before:before + window] = periodic_hann(window) if window > 1 else [1]
    x = signal(samples)
    mode = {"none": None, "zeros": "constant", "mirrored": "reflect"}[edges]
    f = frames(x, length, hop, w, mode)
    cases.append({"samples": samples, "length": length, "hop": hop, "windowLength": window, "edges": edges, "frames": len(f),
                  "values": listed(np.stack([f.real, f.imag], -1))})

power = np.abs(frames(signal(400), 128, 64, periodic_hann(128), "constant")) ** 2
mels = []
for scale, area, low, high in [("slaney", True, 0, 8000), ("htk", False, 0, 8000), ("htk", True, 300, 3400), ("slaney", False, 60, 7000)]:
    bands = power @ mel_filters(12, 128, 16000, low, high, scale, area).T
    mels.append({"scale": scale, "isNormalized": area, "low": low, "high": high, "values": listed(bands)})

n = 12
dct = np.array([[np.sqrt((1 if k == 0 else 2) / n) * np.cos(np.pi * k * (2 * i + 1) / (2 * n)) for i in range(n)] for k in range(7)])
db = 10 * np.log10(np.maximum(bands, 1e-10)); db = np.maximum(db, db.max() - 80)
with open("spectra.json", "w") as file:
    json.dump({
        "numpy": np.__version__, "reference": json.load(open(sys.argv[1]))["audio"], "transforms": cases, "mels": mels, "decibels": listed(db),
        "cepstrum": listed(db @ dct.T),
        "windows": {"hann": listed(np.hanning(9)), "hamming": listed(np.hamming(9)), "blackman": listed(np.blackman(9))},
    }, file)
