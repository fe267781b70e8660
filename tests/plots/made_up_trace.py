"""Made-up summaries of traces, which keep their schema."""

from __future__ import annotations

from typing import Any

from made_up import Json

_KINDS = (
    "read", "write", "fault-read", "fault-write", "flush", "write-out", "map", "unmap", "truncate",
    "open", "close",
)  # fmt: skip


def events(**counts: tuple[int, int]) -> Json:
    """By kind, its count and bytes; none of all others."""
    return {
        kind: dict(zip(("count", "bytes"), counts.get(kind.replace("-", "_"), (0, 0))))
        for kind in _KINDS
    }


def document(**changed: Any) -> Json:
    """A small load of a database; `changed` members replace its own."""
    made: Json = {
        "schema": "faultline-trace/1",
        "recorder": "faultline 0.1.0, strace",
        "command": "sqlite3 my.db",
        "notes": [],
        "trace_bytes": 1000,
        "started_ns": None,
        "seconds": 2.0,
        "faults_recorded": True,
        "processes": 1,
        "threads": 2,
        "file_count": 1,
        "files": [
            {
                "path": "/a/my.db", "size_bytes": None, "extent_bytes": 1 << 20, "reads": 60,
                "read_bytes": 60 * 4096, "writes": 40, "written_bytes": 40 * 512, "flushes": 10,
            }
        ],
        "events": events(
            read=(60, 60 * 4096), write=(40, 40 * 512), flush=(10, 0), map=(1, 4096)
        ),
        "accesses": 100,
        "read_sizes": [[4096, 60]],
        "write_sizes": [[512, 30], [4096, 10]],
        "sequential": {"reads": 30, "writes": 0},
        "flushes": {
            "count": 10, "median_writes": 4.0, "median_written_bytes": 2048.0,
            "unflushed_writes": 0,
        },
        "working_set": {
            "bytes": 81920.0, "interval_seconds": 0.02,
            "bytes_by_interval": [4096.0 * (place % 7) for place in range(100)],
        },
        "reuse": {
            "method": "SHARDS, fixed size", "sampled_pages": 16384, "rate": 1.0,
            "page_bytes": 4096, "first_uses": 20.0,
            "distances": [[4096, 40.0], [16384, 20.0], [65536, 20.0]],
            "accesses_of_hottest_1_percent": 0.1, "accesses_of_hottest_10_percent": 0.5,
        },
        "region_bytes": 4096,
        "hot_regions": [{"file": "/a/my.db", "offset": 8192, "length": 4096, "accesses": 25}],
        "replay": {
            "block_bytes": 4096, "blocks": 256, "operations": 110, "discards": 0,
            "split_accesses": 0,
        },
    }  # fmt: skip
    return made | changed


def empty() -> Json:
    """Of a trace that accesses nothing, without a clock."""
    whole = document()
    return document(
        seconds=None, accesses=0, file_count=0, files=[], events=events(), read_sizes=[],
        write_sizes=[], sequential={"reads": 0, "writes": 0},
        flushes={"count": 0, "median_writes": None, "median_written_bytes": None,
                 "unflushed_writes": 0},
        working_set={"bytes": 0.0, "interval_seconds": None, "bytes_by_interval": []},
        reuse=whole["reuse"] | {"first_uses": 0.0, "distances": []}, hot_regions=[], replay=None,
    )  # fmt: skip
