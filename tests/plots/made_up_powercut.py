"""Documents of power cuts with made-up figures, which keep their schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from made_up import Json
from made_up_environment import environment

AGES = [0] + [factor * 10.0**exponent for exponent in range(-6, 1) for factor in (1, 2, 5)]


def survival(shares: Sequence[float], updates: int = 1000, first: int = 9) -> list[Json]:
    """Bins of ages, from AGES[first] on, with these shares of survivors."""
    return [
        {
            "age_low_seconds": AGES[first + place],
            "age_high_seconds": AGES[first + place + 1],
            "updates": updates,
            "survived": round(share * updates),
        }
        for place, share in enumerate(shares)
    ]


def row(
    spec: str = "mmap-view",
    instant: str = "during",
    survived: int = 0,
    acknowledged: int = 0,
    promise: str | None = None,
    **changes: Any,
) -> Json:
    """10,000 updates of 2,000 records, all cuts together."""
    missing = changes.pop("missing", 0)
    states = ("intact_new", "intact_old", "torn", "lost", "impossible", "unreadable")
    records = dict.fromkeys(states, 0) | changes.pop("records", {})
    records["intact_new"] += survived // 5
    records["intact_old"] += 2000 - sum(records.values())
    if promise is None:
        promise = "broken" if missing else "kept" if acknowledged else "none made"
    whole: Json = {
        "strategy": {"name": spec.split(":")[0], "spec": spec, "durability": "after-flush"},
        "instant": instant,
        "cuts": 5 if instant == "during" else 1,
        "status": "ok",
        "error": None,
        "updates": 10000,
        "acknowledged": acknowledged,
        "survived": survived,
        "records": records,
        "straddling": {"records": 61, "torn": 0},
        "acknowledged_missing": missing,
        "promise": promise,
        "survival": [],
        "recovery_error": None,
    }
    return whole | changes


def unsupported(spec: str, instant: str, error: str, status: str = "unsupported") -> Json:
    nothing = dict.fromkeys(
        (
            "updates",
            "acknowledged",
            "survived",
            "records",
            "straddling",
            "acknowledged_missing",
            "promise",
        )
    )
    return row(spec, instant, error=error, status=status) | nothing | {"cuts": 0}


def document(rows: Sequence[Json], **changes: Any) -> Json:
    whole: Json = {
        "schema": "faultline-powercut/1",
        "complete": True,
        "environment": environment(),
        "parameters": {
            "file_system": "ext4",
            "workload": "random-update",
            "records": 2000,
            "record_size": 125,
            "operations": 10000,
            "cuts": 5,
            "seconds": 2.0,
            "seed": 42,
            "image_bytes": 67108864,
        },
        "rows": rows,
    }
    return whole | changes


def small() -> Json:
    """Every promise, every record verdict, and every status."""
    rows = []
    for spec in ("mmap-view", "read-write", "mmap-window", "stdio"):
        rows += [
            row(spec, "during", survival=survival([0] * (8 if spec == "stdio" else 10))),
            row(spec, "after-updates"),
            row(spec, "after-unmap"),
            row(spec, "after-close"),
            row(spec, "after-flush", 10000, 10000),
        ]
    rows += [
        row(
            "mmap-view-flushed:every=100", "during", 9500, 9400,
            survival=survival([0.1, 0.4, 0.8, 0.97, 1, 1, 1, 1, 1]),
            records={"torn": 7}, straddling={"records": 61, "torn": 5},
        ),
        row("mmap-view-flushed:every=100", "after-updates", 9990, 9900),
        row("mmap-view-flushed:every=100", "after-flush", 10000, 10000),
        row(
            "read-write-flushed:every=1", "during", 10000, 10000,
            survival=[*survival([1] * 8), *survival([1], updates=3, first=17)],
        ),
        row(
            "liar", "during", 4000, 6000, missing=2000, records={"lost": 312, "impossible": 1},
            survival=survival([0.5, 0.2, 0.5, 0.4, 0.4]),
        ),
        row("liar", "after-flush", 9999, 10000, missing=1, records={"lost": 1}),
        unsupported("io-uring", "during", "no liburing here; install liburing-dev"),
        unsupported("lmdb", "after-flush", "the child crashed: killed by SIGBUS", "failed"),
    ]  # fmt: skip
    return document(rows)
