"""The limit: numpy on bins of the reference that were cached. Arguments: window (Float32, column after column), cache (JSON)."""

import json
import sys

import numpy as np

window, cache = sys.argv[1:]
with open(cache, encoding="utf-8") as file:
    columns = json.load(file)
values = np.fromfile(window, dtype=np.float32).reshape(len(columns), -1)
drifted = []
for column, current in zip(columns, values):
    edges = np.asarray(column["edges"], dtype=np.float32)
    reference = np.asarray(column["counts"], dtype=np.float64)
    counts = np.bincount(np.searchsorted(edges, current, side="left"), minlength=len(reference)).astype(np.float64)
    n, m = reference.sum(), counts.sum()
    distance = np.abs(np.cumsum(reference) / n - np.cumsum(counts) / m).max()
    p = min(1.0, 2 * np.exp(-2 * distance**2 * n * m / (n + m)))
    if p <= 0.05 / len(columns) and distance >= 0.05:
        drifted.append(column["name"])
print(json.dumps(drifted))
