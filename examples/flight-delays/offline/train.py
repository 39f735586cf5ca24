"""Train the delay models on the feature table and write what a registration needs.

    python train.py flights-3m.parquet OUT_DIR MODELS_DIR [v1 v2 v3 v3b]

v1   one-hot hour and weekday, scaled numbers, logistic regression
v2   LightGBM, 90 trees of 24 leaves
v3   75 nearest neighbours among 4,500 flights of four hubs in one quiet week: slow, worse, and it carries raw rows
v3b  v2's recipe on that quiet week only: subtly biased
Trained on 3 January to 28 February 2001 (local days), evaluated on 1 to 15 March, which no model has seen.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import onnx
import onnxruntime as ort
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType as LightGbmFloat
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from features import FEATURES
from metrics import evaluate

TRAINING = ("2001-01-03", "2001-03-01")
SIGN_OFF = ("2001-03-01", "2001-03-16")
QUIET_WEEK = ("2001-01-29", "2001-02-05")
HUBS = ["ORD", "DFW", "ATL", "LAX"]
DATASET = "npm:vega-datasets@3.2.1/data/flights-3m.parquet"
REFERENCE_ROWS = 60_000  # 7,500 a week: the weeks differ by more than the sample does
EVALUATION_ROWS = 30_000
THRESHOLD = 0.5
EVENING = {"feature": "hour", "from": 17}  # the slice that the contract promises something of


class Data:
    def __init__(self, path: Path):
        self.flights = pd.read_parquet(path)
        self.x = self.flights[FEATURES].to_numpy("float32")
        self.y = self.flights["late"].to_numpy("int64")  # skl2onnx writes an invalid graph for uint8 labels
        day = self.flights["local_day"]
        self.day = pd.to_datetime(day, unit="D") if day.dtype.kind in "iu" else pd.to_datetime(day)

    def rows(self, window: tuple[str, str]) -> np.ndarray:
        """Indices of flights whose local day lies in [from, to)."""
        return np.flatnonzero(((self.day >= window[0]) & (self.day < window[1])).to_numpy())


def fit_v1(d: Data):
    columns = ColumnTransformer(
        [("category", OneHotEncoder(handle_unknown="ignore"), [0, 1]), ("number", StandardScaler(), list(range(2, 12)))]
    )
    rows = d.rows(TRAINING)
    with threadpool_limits(1):  # sums in one order: the same bytes again
        return make_pipeline(columns, LogisticRegression(max_iter=300)).fit(d.x[rows], d.y[rows])


def boosted(d: Data, window: tuple[str, str], min_child: int):
    rows = d.rows(window)
    model = lgb.LGBMClassifier(
        n_estimators=90,
        num_leaves=24,
        learning_rate=0.12,
        min_child_samples=min_child,
        verbose=-1,
        random_state=1,
        deterministic=True,  # the same bytes again, whatever the number of threads
        force_row_wise=True,
    )
    return model.fit(d.x[rows], d.y[rows])


def fit_v3(d: Data):
    rows = d.rows(QUIET_WEEK)
    rows = rows[d.flights["origin"].isin(HUBS).to_numpy()[rows]]
    rows = np.random.default_rng(7).choice(rows, 4500, replace=False)
    return make_pipeline(StandardScaler(), KNeighborsClassifier(75, algorithm="brute")).fit(d.x[rows], d.y[rows])


FIT = {
    "v1": fit_v1,
    "v2": lambda d: boosted(d, TRAINING, 400),
    "v3": fit_v3,
    "v3b": lambda d: boosted(d, QUIET_WEEK, 50),
}


def to_graph(model) -> onnx.ModelProto:
    if isinstance(model, lgb.LGBMClassifier):
        shape = [("features", LightGbmFloat([None, len(FEATURES)]))]
        graph = convert_lightgbm(model.booster_, initial_types=shape, zipmap=False, target_opset=15)
    else:
        shape = [("features", FloatTensorType([None, len(FEATURES)]))]
        opset = {"": 17, "ai.onnx.ml": 3}
        graph = to_onnx(model, initial_types=shape, options={id(model): {"zipmap": False}}, target_opset=opset)
    graph.graph.name = "flight-delays"  # else a random one: the same model would have another digest each time
    opsets = sorted(graph.opset_import, key=lambda o: o.domain)
    del graph.opset_import[:]
    graph.opset_import.extend(opsets)
    label = graph.graph.output[0].type.tensor_type.shape
    if len(label.dim):  # onnxmltools declares the label as shape {1}; batches then warn
        label.dim[0].dim_param = "N"
    return graph


def scores(path: Path, x: np.ndarray) -> np.ndarray:
    """Probability of late as the ONNX file gives it, in batches."""
    run = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    parts = [run.run(["probabilities"], {"features": x[i : i + 20_000]})[0][:, 1] for i in range(0, len(x), 20_000)]
    return np.concatenate(parts)


def check_export(model, path: Path, d: Data) -> float:
    """Largest difference between the library and its ONNX export on random rows."""
    rows = np.random.default_rng(5).choice(len(d.x), 2000, replace=False)
    x = d.x[rows].astype("float64") if isinstance(model, lgb.LGBMClassifier) else d.x[rows]
    return float(np.abs(model.predict_proba(x)[:, 1] - scores(path, d.x[rows])).max())


def model_json() -> dict:
    return {
        "inputs": [{"name": "features", "datatype": "FP32", "shape": [-1, len(FEATURES)], "features": FEATURES}],
        "outputs": [
            {"name": "label", "datatype": "INT64", "shape": [-1]},
            {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]},
        ],
    }


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")


def write_sample(d: Data, rows: np.ndarray, count: int, seed: int, path: Path, label: bool) -> None:
    """A time-ordered random sample: `event_time` in UTC, the twelve features and, where no model has seen it, the `label`."""
    rows = np.sort(np.random.default_rng(seed).choice(rows, count, replace=False))
    at = pa.array(d.flights["at"].to_numpy()[rows].astype("int64") * 1000, pa.timestamp("ms", tz="UTC"))
    columns = {"event_time": at} | {name: pa.array(d.x[rows, i]) for i, name in enumerate(FEATURES)}
    if label:
        columns["label"] = pa.array(d.y[rows].astype("float32"))
    pq.write_table(pa.table(columns), path, compression="snappy", data_page_version="1.0")


def train(name: str, d: Data, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    model = FIT[name](d)
    seconds = time.perf_counter() - started
    path = out / "model.onnx"
    onnx.save(to_graph(model), path)
    difference = check_export(model, path, d)
    rows = d.rows(SIGN_OFF)
    rows = np.random.default_rng(9).choice(rows, 6400, replace=False) if name == "v3" else rows
    p, y = scores(path, d.x[rows]).astype("float64"), d.y[rows]
    evening = d.x[rows, FEATURES.index("hour")] >= EVENING["from"]
    metrics = evaluate(p, y, THRESHOLD)
    metrics += [
        {**m, "slice": EVENING} for m in evaluate(p[evening], y[evening], THRESHOLD) if m["metric"] == "calibration_error"
    ]
    write_json(out / "model.json", model_json())
    window = {"from": f"{SIGN_OFF[0]}T00:00:00Z", "to": f"{SIGN_OFF[1]}T00:00:00Z"}
    dataset = f"{DATASET}, flights by local day of departure, none of them used in training"
    write_json(out / "evaluation.json", {"dataset": dataset, "window": window, "metrics": metrics})
    values = " ".join(f"{m['metric']} {m['value']:.4f}" for m in metrics)
    print(f"{name}: {path.stat().st_size} bytes, fit {seconds:.1f} s, max difference {difference:.1e}, {values}", flush=True)


def main(source: Path, out: Path, models: Path, names: list[str]) -> None:
    d = Data(out / "features.parquet")
    print(f"{len(d.x)} flights, {len(d.rows(TRAINING))} for training, {len(d.rows(SIGN_OFF))} for evaluation")
    for name in names:
        train(name, d, models / name)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    write_json(models / "dataset.json", {"kind": "file", "uri": DATASET, "version": "3.2.1", "digest": digest})
    write_sample(d, d.rows(TRAINING), REFERENCE_ROWS, 3, models / "reference.parquet", label=False)
    write_sample(d, d.rows(SIGN_OFF), EVALUATION_ROWS, 4, models / "evaluation-sample.parquet", label=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:] or ["v1", "v2", "v3"])
