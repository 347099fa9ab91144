"""Small archives of labelled pictures, as NumPy writes them: python3 make-pictures.py (NumPy 2)."""
import numpy as np

pictures = np.arange(3 * 2 * 4 * 3, dtype=np.uint8).reshape(3, 2, 4, 3)
np.savez_compressed("pictures.npz", x_train=pictures, y_train=np.array([2, 0, 1]))
np.savez("grey.npz", x=np.arange(8, dtype=np.uint8).reshape(2, 2, 2), y=np.array([1, 0], dtype=np.uint8))
np.savez("floats.npz", x=pictures.astype(np.float32), y=np.array([0, 1, 0]))
np.savez("short.npz", x=pictures, y=np.array([0, 1]))
