"""Documents of power cuts with made-up figures, in the form of docs/documents.md."""

AGES = [0] + [factor * 10.0**exponent for exponent in range(-6, 1) for factor in (1, 2, 5)]


def survival(shares, updates=1000, first=9):
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


def row(spec="mmap-view", instant="during", survived=0, acknowledged=0, promise=None, **changes):
    """10,000 updates of 2,000 records, all cuts together."""
    missing = changes.pop("missing", 0)
    records = {"intact_new": 0, "intact_old": 0, "torn": 0, "lost": 0, "impossible": 0}
    records |= changes.pop("records", {})
    records["intact_new"] += survived // 5
    records["intact_old"] += 2000 - sum(records.values())
    if promise is None:
        promise = "broken" if missing else "kept" if acknowledged else "none made"
    whole = {
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
    }
    return whole | changes


def unsupported(spec, instant, error, status="unsupported"):
    nothing = dict.fromkeys(
        (
            "updates",
            "acknowledged",
            "survived",
            "records",
            "straddling",
            "acknowledged_missing",
            "promise",
            "survival",
        )
    )
    return row(spec, instant, error=error, status=status) | nothing | {"cuts": 0}


def document(rows, **changes):
    whole = {
        "schema": "faultline-powercut/1",
        "complete": True,
        "environment": {"kernel": "Linux 6.1 (made up)"},
        "parameters": {
            "file_system": "ext4",
            "workload": "random-update",
            "records": 2000,
            "record_size": 125,
            "operations": 10000,
            "cuts": 5,
            "seed": 42,
            "image_bytes": 67108864,
        },
        "rows": rows,
    }
    return whole | changes


def small():
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


if __name__ == "__main__":
    import json

    print(json.dumps(small()))
