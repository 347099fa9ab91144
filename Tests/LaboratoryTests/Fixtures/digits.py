"""Writes mnist.npz: pictures of 28x28 in the form of Keras' file of MNIST, of stripes that tell the label. Deterministic.

    python3 Tests/LaboratoryTests/Fixtures/digits.py      (NumPy 2.x)
"""

import pathlib
import numpy as np


def part(count):
    labels = np.arange(count) % 10
    rows, columns = np.mgrid[0:28, 0:28]
    pictures = np.stack([np.where((rows // 4 + columns // 4 * (label + 1) + index) % 7 < 3, 200, 0) for index, label in enumerate(labels)])
    return pictures.astype(np.uint8), labels.astype(np.uint8)


x_train, y_train = part(60)
x_test, y_test = part(30)
np.savez_compressed(pathlib.Path(__file__).parent / "mnist.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
