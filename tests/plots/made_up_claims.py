"""Claims documents with made-up figures, which keep their schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from made_up import Json
from made_up_environment import environment


def point(x: float, y: float, low: float | None = None, high: float | None = None) -> Json:
    return {"x": x, "y": y, "low": low, "high": high}


def curve(label: str, *points: Json) -> Json:
    return {"label": label, "points": list(points)}


def axis(label: str = "parts visited", unit: str = "count", scale: str = "log") -> Json:
    return {"label": label, "unit": unit, "scale": scale}


def chart(*curves: Json, **changes: Any) -> Json:
    whole: Json = {
        "name": "faults_and_calls",
        "title": "Time of a record by the parts visited",
        "x": axis(),
        "y": axis("time per record", "ns"),
        "reading": "At 64 parts a record costs 9.6 times as much by calls.",
        "curves": list(curves),
    }
    return whole | changes


def claim(
    id: str = "A07",
    verdict: str = "holds",
    charts: Sequence[Json] = (),
    figures: dict[str, float] | None = None,
    words: dict[str, str] | None = None,
    **changes: Any,
) -> Json:
    evidence = {
        "figures": {"pages": 12} if figures is None else figures,
        "words": words or {},
        "regime": "file system ext4, made up",
        "charts": list(charts),
    }
    whole: Json = {
        "id": id,
        "title": f"What {id} says",
        "source": "A paper",
        "section": "What mapping offers",
        "published": "19 times slower",
        "method": f"How {id} was tried. Holds if it was so.",
        "verdict": verdict,
        "figure": f"the figure that decides {id}",
        "regime": "file system ext4, made up",
        "evidence": evidence,
        "why": f"Why {id} is so.",
        "error": None,
        "seconds": 0.25,
    }
    return whole | changes


def failed(id: str, verdict: str, error: str) -> Json:
    """As the program writes it: the error stands for the figure, and there is no evidence."""
    empty: Json = {"figures": {}, "words": {}, "regime": "", "charts": []}
    return claim(id, verdict, evidence=empty, regime="", figure=error, error=error)


def document(claims: Sequence[Json], **changes: Any) -> Json:
    whole: Json = {
        "schema": "faultline-claims/1",
        "complete": True,
        "quick": False,
        "environment": environment(),
        "claims": claims,
    }
    return whole | changes


def small() -> Json:
    """Every verdict, and every kind of chart."""
    powers = [2**k for k in range(9)]
    time = chart(
        curve("read calls", *(point(x, 400 * x, 380 * x, 425 * x) for x in powers)),
        curve("mapped view", *(point(x, 900 + 40 * x, 850 + 38 * x, 990 + 45 * x) for x in powers)),
    )
    counts = chart(
        curve("read calls", *(point(x, x) for x in powers)),
        curve("mapped view, faults", *(point(x, min(x, 16)) for x in powers)),
        curve("mapped view, faults of later rounds", *(point(x, 0) for x in powers)),
        curve("heap buffer, later rounds", *(point(x, 0) for x in powers)),
        name="counts",
        title="Calls and faults of a record",
        y=axis("faults or calls per record", "count"),
        reading="From 16 parts on the view takes no further fault.",
    )
    sizes = chart(
        curve("whole-file view", *(point(4096 * 4**k, 0.001 * 3**k) for k in range(7))),
        curve("windows", point(1 << 20, 0.02, 0.01, 0.05)),
        name="sizes",
        title="Time to the first record by the file's size",
        x=axis("size of the file", "bytes"),
        y=axis("time until the first record is there", "seconds"),
        reading="The time grows with the size.",
    )
    dirty = chart(
        curve("flush", *(point(x, 1.0 + 0.2 * x, 0.9, 1.6 + 0.2 * x) for x in (0, 10, 20, 30))),
        curve("null flush", *(point(x, 1.0) for x in (0, 10, 20, 30))),
        name="dirty",
        title="Ratio by dirty pages",
        x=axis("dirty pages", "count", "linear"),
        y=axis("time against an empty flush", "ratio", "linear"),
        reading="30 dirty pages take 7 times as long.",
    )
    zero = chart(
        curve("written", *(point(x, 4096 * x) for x in (0, 1, 10, 100, 1000))),
        name="zero",
        title="Bytes written by dirty pages",
        x=axis("dirty pages", "count"),
        y=axis("bytes written by the flush", "bytes"),
        reading="With no dirty page nothing is written.",
    )
    share = chart(
        curve("resident", *(point(x * 1048576, x / 64) for x in (1, 2, 4, 16, 64))),
        name="share",
        title="Share of the file that is resident",
        x=axis("bytes touched", "bytes", "linear"),
        y=axis("resident share", "share", "linear"),
        reading="Touching 64 MiB makes all of it resident.",
    )
    alone = chart(
        curve("one point", point(5, 7)), name="alone", title="One point", reading="It is at 7 ns."
    )
    return document(
        [
            claim("A07", charts=[time, counts, sizes]),
            claim(
                "A32",
                "does not hold",
                charts=[dirty, zero, share, alone],
                figures={
                    "flush_ns_p2": 1234.5,
                    "flush_ns_p16": 98765.4,
                    "written_bytes": 125001728,
                    "dirty_pages": 1,
                    "time_ratio": 3.25,
                    "resident_share": 0.034,
                    "faults_per_page": 0.5,
                    "first_touch_us": 12,
                },
                words={"range_beyond_the_view": "refused: Invalid argument"},
            ),
            claim("A19", "inconclusive"),
            failed("A15", "not testable here", "needs /proc/kpagecount, which only root may read"),
            failed("A31", "failed", "the experiment crashed: killed by SIGBUS"),
        ]
    )
