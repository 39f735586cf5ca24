"""Metrics of a probability forecast with 95 % intervals, as {metric, value, low, high, n}.

Intervals treat rows as independent: they say what was true of this window, not what next week will be.
"""

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

Z = norm.ppf(0.975)


def metric(value: float, se: float | None, n: int, low: float = 0.0) -> dict:
    out = {"value": round(float(value), 6)}
    if se is not None:
        out |= {"low": round(float(max(low, value - Z * se)), 6), "high": round(float(value + Z * se), 6)}
    return out | {"n": int(n)}


def auc(p: np.ndarray, y: np.ndarray) -> dict:
    """Area under the ROC curve; interval by DeLong on the logit scale (DeLong, DeLong, Clarke-Pearson 1988)."""
    pos, neg = p[y == 1], p[y == 0]
    m, n = len(pos), len(neg)
    both = rankdata(np.concatenate([pos, neg]))
    v_pos = (both[:m] - rankdata(pos)) / n
    v_neg = 1 - (both[m:] - rankdata(neg)) / m
    a = v_pos.mean()
    se = np.sqrt(v_pos.var(ddof=1) / m + v_neg.var(ddof=1) / n) / (a * (1 - a))
    low, high = expit(logit(a) - Z * se), expit(logit(a) + Z * se)
    return {"value": round(float(a), 6), "low": round(float(low), 6), "high": round(float(high), 6), "n": len(p)}


def calibration_error(p: np.ndarray, y: np.ndarray, bins: int = 10) -> dict:
    """Expected calibration error over ten equal-count bins. No interval: the plain ones are biased upwards."""
    edges = np.quantile(p, np.linspace(0, 1, bins + 1)[1:-1])
    of = np.searchsorted(edges, p)
    gap = np.abs(np.bincount(of, p, bins) - np.bincount(of, y, bins))
    return metric(gap.sum() / len(p), None, len(p))


def mean_metric(per_row: np.ndarray) -> dict:
    return metric(per_row.mean(), per_row.std(ddof=1) / np.sqrt(len(per_row)), len(per_row))


def evaluate(p: np.ndarray, y: np.ndarray, threshold: float = 0.5) -> list[dict]:
    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    metrics = {
        "auc": auc(p, y),
        "calibration_error": calibration_error(p, y),
        "log_loss": mean_metric(-np.where(y == 1, np.log(clipped), np.log1p(-clipped))),
        "accuracy": mean_metric(((p >= threshold) == (y == 1)).astype(float)),
        "brier": mean_metric((p - y) ** 2),
    }
    return [{"metric": name, **values} for name, values in metrics.items()]
