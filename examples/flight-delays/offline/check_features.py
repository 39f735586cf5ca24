"""Leak test: recompute features of random flights by brute force and compare.

    python check_features.py OUT_DIR [flights]

Recomputes from nothing but (at, known_at, origin, destination, late) with plain comparisons, so a window that looks
ahead by even one second, or a label that counts before its flight has landed, shows as a difference. Exit code 1 then.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from features import FEATURES

HOUR = 3600


def brute_force(flights: pd.DataFrame, i: int) -> dict[str, float]:
    at, known_at, late = flights["at"].values, flights["known_at"].values, flights["late"].values
    origin, destination = flights["origin"].values, flights["destination"].values
    t, o, d = at[i], origin[i], destination[i]

    def landed(mask: np.ndarray, hours: int) -> tuple[float, int]:
        window = mask & (known_at >= t - hours * HOUR) & (known_at < t)
        n = int(window.sum())
        return (int(late[window].sum()) + 2) / (n + 10), n

    everything = np.ones(len(at), dtype=bool)
    origin_in, dest_in = landed(destination == o, 3), landed(destination == d, 3)
    return {
        "origin_dep_1h": int(((origin == o) & (at >= t - HOUR) & (at < t)).sum()),
        "origin_out_late_6h": landed(origin == o, 6)[0],
        "origin_out_late_24h": landed(origin == o, 24)[0],
        "origin_in_late_3h": origin_in[0],
        "origin_in_n_3h": origin_in[1],
        "dest_in_late_3h": dest_in[0],
        "dest_in_n_3h": dest_in[1],
        "route_late_28d": landed((origin == o) & (destination == d), 28 * 24)[0],
        "net_late_1h": landed(everything, 1)[0],
    }


def main(out: Path, count: int) -> int:
    flights = pd.read_parquet(out / "features.parquet")
    assert flights["at"].is_monotonic_increasing and not flights[FEATURES].isna().any().any()
    differences = 0
    for i in np.random.default_rng(11).choice(len(flights), count, replace=False):
        for name, expected in brute_force(flights, i).items():
            got = flights[name].values[i]
            if abs(got - np.float32(expected)) > 1e-6:
                differences += 1
                print(f"flight {flights['id'].values[i]}: {name} is {got}, brute force says {expected}")
    print(f"{count} flights, {count * 9} values, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 60))
