"""Write the sample that the replay's TypeScript features are tested against.

    python fixture.py OUT_DIR ../replay-sample.json
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from features import FEATURES

KEY = ["at", "origin", "destination", "delay"]
REPLAY_FROM = pd.Timestamp("2001-04-23")
SAMPLED = 300


def main(out: Path, target: Path) -> None:
    flights = pd.read_parquet(out / "features.parquet")
    # A flight is found again by its key, so take only keys that occur once.
    flights = flights[~flights.duplicated(KEY, keep=False) & (flights["at"] >= int(REPLAY_FROM.timestamp()))]
    sample = flights.sample(SAMPLED, random_state=17).sort_values("at")
    rows = [
        [int(r["at"]), r["origin"], r["destination"], int(r["delay"]), int(r["known_at"]), int(r["late"])]
        + [float(np.float32(r[f])) for f in FEATURES]
        for _, r in sample.iterrows()
    ]
    lines = ",\n".join(json.dumps(r) for r in rows)
    header = json.dumps([*KEY, "known_at", "late", *FEATURES])
    target.write_text(f'{{"columns": {header},\n"rows": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
