"""Makes values.json: masks and what pycocotools says of them.

Run it again with `pip install pycocotools==2.0.11 numpy` and `python make.py > values.json`; the same numbers come out,
since the masks come from a small generator written here.
"""

import json
import sys

import numpy as np
from pycocotools import mask as coco


def rows(width, height, seed, coarse):
    """Blobs and specks: a mixing function of the pixel's place, on squares of `coarse` pixels."""
    out = np.zeros((height, width), dtype=np.uint8)
    for y in range(height):
        for x in range(width):
            mixed = (seed ^ ((x // coarse) * 0x9E3779B9 + (y // coarse) * 0x85EBCA6B)) * 0xFF51AFD7ED558CCD
            out[y, x] = ((mixed & (2**64 - 1)) >> 62) > 1
    return out


def encode(array):
    return coco.encode(np.asfortranarray(array))


def counts(array):
    """COCO's uncompressed runs: down the columns, out first."""
    runs, held, length = [], 0, 0
    for pixel in array.flatten(order="F"):
        if pixel != held:
            runs.append(length)
            held, length = pixel, 0
        length += 1
    return [int(n) for n in runs + [length]]


SIZES = [(1, 1), (7, 5), (16, 16), (33, 20), (64, 48), (80, 60)]
masks, arrays = [], []
for n, (width, height) in enumerate(SIZES):
    for coarse in (1, 3, 11):
        array = rows(width, height, 17 * n + coarse, coarse)
        rle = encode(array)
        arrays.append((width, height, array, rle))
        masks.append({
            "width": width,
            "height": height,
            "runs": counts(array),
            "text": rle["counts"].decode(),
            "area": int(coco.area(rle)),
            "box": [float(v) for v in coco.toBbox(rle)],
        })

pairs = []
for a in range(0, len(arrays), 3):
    for b in (a + 1, a + 2):
        one, two = arrays[a][3], arrays[b][3]
        pairs.append({
            "a": a,
            "b": b,
            "iou": float(coco.iou([one], [two], [0])[0][0]),
            "union": coco.merge([one, two])["counts"].decode(),
            "shared": coco.merge([one, two], intersect=True)["counts"].decode(),
        })

boxes = []
for a, b in [([0, 0, 10, 10], [5, 5, 10, 10]), ([1.5, 2.25, 7.75, 3], [4, 1, 20, 20]), ([0, 0, 4, 4], [4, 0, 4, 4])]:
    one, two = np.array([a], dtype=np.double), np.array([b], dtype=np.double)
    boxes.append({"a": a, "b": b, "iou": float(coco.iou(one, two, [0])[0][0])})

polygons = []
for ring in [
    [2, 2, 40, 2, 40, 30, 2, 30],
    [5.5, 3.25, 50.75, 20.5, 30, 44, 8.125, 33.3],
    [10, 10, 54, 12, 30, 24, 56, 40, 12, 42, 22, 26],
    [32, 1, 62, 46, 2, 46],
]:
    rle = coco.merge(coco.frPyObjects([ring], 48, 64))
    polygons.append({"ring": ring, "width": 64, "height": 48, "text": rle["counts"].decode(), "area": int(coco.area(rle))})

json.dump({"masks": masks, "pairs": pairs, "boxes": boxes, "polygons": polygons}, sys.stdout, indent=None, separators=(",", ":"))
sys.stdout.write("\n")
