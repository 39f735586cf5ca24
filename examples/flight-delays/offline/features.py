"""Point-in-time features of every flight, computed with the embedded ClickHouse engine.

    python features.py flights-3m.parquet ../airport-tz.csv OUT_DIR

writes OUT_DIR/features.parquet: one row per flight with its twelve features.

`date` in the source is the ACTUAL departure in LOCAL time of the origin, so the prediction is made at push-back.
Everything is compared in UTC seconds `at`. Whether a flight was late is known only after it landed; the file has no
arrival times, so `known_at = at + 60 min + 10 s per mile` is a late and therefore safe stand-in.

No look-ahead: a window of length W at time t holds what happened in [t - W, t), strictly before t.
A label counts from `known_at`, a departure from `at`. Rates are shrunk: (late + 2) / (n + 10).
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from chdb import session

FEATURES = [
    "hour",
    "weekday",
    "distance",
    "origin_dep_1h",
    "origin_out_late_6h",
    "origin_out_late_24h",
    "origin_in_late_3h",
    "origin_in_n_3h",
    "dest_in_late_3h",
    "dest_in_n_3h",
    "route_late_28d",
    "net_late_1h",
]


@dataclass(frozen=True)
class Window:
    """Statistics at a flight's departure over earlier events whose `event_key` equals the flight's `flight_key`."""

    name: str
    flight_key: str
    event_key: str
    event_time: str
    hours: int


WINDOWS = [
    Window("origin_departures_1h", "origin", "origin", "at", 1),
    Window("origin_out_6h", "origin", "origin", "known_at", 6),
    Window("origin_out_24h", "origin", "origin", "known_at", 24),
    Window("origin_in_3h", "origin", "destination", "known_at", 3),
    Window("dest_in_3h", "destination", "destination", "known_at", 3),
    Window("route_28d", "(origin, destination)", "(origin, destination)", "known_at", 28 * 24),
    Window("net_1h", "0", "0", "known_at", 1),
]


def load_flights(source: Path, time_zones: Path) -> str:
    """Flights in order of real time. Six rows of 1 July and three whose date rolled over (delay < -180) are dropped."""
    at = "toUInt32(toUnixTimestamp(toDateTime(date, 'UTC')) - 3600 * (z.std + z.dst * (date >= '2001-04-01 02:00:00')))"
    return f"""
    CREATE TABLE d.flight ENGINE = MergeTree ORDER BY (at, id) AS
    SELECT
        toUInt32(row_number() OVER (ORDER BY {at}, origin, destination, delay)) AS id,
        {at} AS at,
        toUInt32(at + 3600 + distance * 10) AS known_at,
        toInt16(delay) AS delay,
        toUInt8(delay > 15) AS late,
        toUInt16(distance) AS distance,
        toLowCardinality(origin) AS origin,
        toLowCardinality(destination) AS destination,
        toHour(date) AS hour,
        toDayOfWeek(date) AS weekday,
        toDate(date) AS local_day
    FROM file('{source}', Parquet) AS f
    JOIN file('{time_zones}', CSVWithNames) AS z ON f.origin = z.code
    WHERE date < '2001-07-01' AND delay >= -180
    SETTINGS schema_inference_make_columns_nullable = 0"""


def window_table(w: Window) -> str:
    """One time-ordered stream of questions (flights) and events, so that the frame ends one second before the question."""
    return f"""
    CREATE TABLE d.{w.name} ENGINE = MergeTree ORDER BY id AS
    SELECT id, n, toFloat32((late_n + 2) / (n + 10)) AS rate
    FROM (
        SELECT id, is_event, countIf(is_event) OVER w AS n, sumIf(late, is_event) OVER w AS late_n
        FROM (
            SELECT id, {w.flight_key} AS k, at AS t, 0 AS late, 0 AS is_event FROM d.flight
            UNION ALL
            SELECT id, {w.event_key} AS k, {w.event_time} AS t, late, 1 AS is_event FROM d.flight
        )
        WINDOW w AS (PARTITION BY k ORDER BY t RANGE BETWEEN {w.hours * 3600} PRECEDING AND 1 PRECEDING)
    )
    WHERE is_event = 0"""


def joined(target: Path) -> str:
    columns = """
        f.id AS id, f.at AS at, f.known_at AS known_at, f.local_day AS local_day,
        toString(f.origin) AS origin, toString(f.destination) AS destination, f.delay AS delay, f.late AS late,
        toFloat32(f.hour) AS hour,
        toFloat32(f.weekday) AS weekday,
        toFloat32(f.distance) AS distance,
        toFloat32(origin_departures_1h.n) AS origin_dep_1h,
        origin_out_6h.rate AS origin_out_late_6h,
        origin_out_24h.rate AS origin_out_late_24h,
        origin_in_3h.rate AS origin_in_late_3h,
        toFloat32(origin_in_3h.n) AS origin_in_n_3h,
        dest_in_3h.rate AS dest_in_late_3h,
        toFloat32(dest_in_3h.n) AS dest_in_n_3h,
        route_28d.rate AS route_late_28d,
        net_1h.rate AS net_late_1h"""
    joins = "\n".join(f"JOIN d.{w.name} ON {w.name}.id = f.id" for w in WINDOWS)
    return f"""
    SELECT {columns} FROM d.flight AS f {joins} ORDER BY f.id
    INTO OUTFILE '{target}' TRUNCATE FORMAT Parquet SETTINGS join_algorithm = 'full_sorting_merge'"""


def build(source: Path, time_zones: Path, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    engine = session.Session(str(out / "engine"))
    target = out / "features.parquet"
    steps = [
        ("empty database", "DROP DATABASE IF EXISTS d"),
        ("empty database", "CREATE DATABASE d ENGINE = Atomic"),
        ("load flights", load_flights(source, time_zones)),
        *[(f"window {w.name}", window_table(w)) for w in WINDOWS],
        ("join and write", joined(target)),
    ]
    for name, sql in steps:
        started = time.perf_counter()
        engine.query(sql)
        print(f"{name:30s} {time.perf_counter() - started:6.2f} s", flush=True)
    return target


if __name__ == "__main__":
    source, time_zones, out = (Path(a).resolve() for a in sys.argv[1:4])
    build(source, time_zones, out)
