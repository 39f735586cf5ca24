"""Evidently's DataDriftPreset with its defaults. Arguments: window, reference (Float32, column after column), cache (JSON: names)."""

import json
import sys

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

window, reference, cache = sys.argv[1:]
with open(cache, encoding="utf-8") as file:
    columns = json.load(file)
names = [column["name"] for column in columns]
categories = [column["name"] for column in columns if column["category"]]


def read(path):
    values = np.fromfile(path, dtype=np.float32).reshape(len(names), -1)
    frame = pd.DataFrame(dict(zip(names, values)))
    definition = DataDefinition(
        numerical_columns=[name for name in names if name not in categories], categorical_columns=categories
    )
    return Dataset.from_pandas(frame.astype({name: int for name in categories}), data_definition=definition)


report = Report([DataDriftPreset()]).run(read(window), read(reference))
print(json.dumps(len(report.dict()["metrics"])))
