"""Crossover documents with made-up figures, which keep their schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from made_up import Json
from made_up_environment import environment


def estimate(median: float, spread: float = 0.05) -> Json:
    return {"median": median, "low": median * (1 - spread), "high": median * (1 + spread)}


def result(
    spec: str, index: int, ns: float | None, status: str = "ok", error: str | None = None
) -> Json:
    return {
        "strategy": index,
        "spec": spec,
        "status": status,
        "error": error,
        "ok": 3,
        "interference": 0,
        "figures": {
            "ns_per_operation": None if ns is None else estimate(ns),
            "durable_ns_per_operation": None if ns is None else estimate(2 * ns),
            "steady_ns_per_operation": None,
        },
        "repetitions": [],
    }


def comparison(
    strategy: int, baseline: int, ratio: float | None, verdict: str, reason: str | None = None
) -> Json:
    return {
        "figure": "ns_per_operation",
        "strategy": strategy,
        "baseline": baseline,
        "verdict": verdict,
        "ratio": ratio and estimate(ratio),
        "rounds": 6,
        "reason": reason,
    }


def point(
    x: float, first: float | None, second: float | None, winners: list[int], **changes: Any
) -> Json:
    """The costs of read-write and mmap-view; None for one that failed."""
    results = [result("read-write", 0, first), result("mmap-view", 1, second)]
    verdicts = {(1,): "faster", (0,): "slower", (0, 1): "tied"}
    verdict = verdicts.get(tuple(winners), "inconclusive")
    compared = comparison(1, 0, None, "inconclusive", "made-up failure")
    if first is not None and second is not None:
        compared = comparison(1, 0, first / second, verdict)
    twin = comparison(2, 0, 1.0 if first else None, "tied" if first else "inconclusive")
    for one, ns in zip(results, (first, second)):
        if ns is None:
            one |= {"status": "failed", "error": "made-up failure"}
    whole: Json = {
        "x": x,
        "purpose": "grid",
        "rounds": 6,
        "winners": winners,
        "inconclusive": None,
        "ranking": {"order": [], "best": [], "inconclusive": [], "slower": []},
        "comparisons": [compared, twin],
        "parameters": None,
        "results": results,
        "again": [],
    }
    return whole | changes


def crossed(y: float | None = None, at: float = 2048) -> Json:
    """mmap-view is best up to 1 KiB, read-write from 4 KiB on."""
    return {
        "y": y,
        "points": [
            point(16, 900, 90, [1]),
            point(1024, 900, 600, [1]),
            point(2048, 900, 910, [0, 1]),
            point(4096, 900, 1500, [0]),
            point(65536, 900, 9000, [0]),
        ],
        "ranges": [
            {"low": 16, "high": at, "strategy": 1, "others": []},
            {"low": at, "high": 65536, "strategy": 0, "others": []},
        ],
        "crossovers": [{"from": 1, "to": 0, "value": at, "low": 1024, "high": 4096}],
    }


def uncrossed(y: float | None = None) -> Json:
    return {
        "y": y,
        "points": [point(16, 900, 910, [0, 1]), point(65536, 900, 890, [0, 1])],
        "ranges": [{"low": 16, "high": 65536, "strategy": 1, "others": [0]}],
        "crossovers": [],
    }


RATIOS = {"parameter": "data-to-memory", "kind": "real", "low": 0.25, "high": 4, "scale": "log"}


def document(rows: Sequence[Json], **changes: Any) -> Json:
    whole: Json = {
        "schema": "faultline-crossover/2",
        "complete": True,
        "ended": "narrow",
        "environment": environment(),
        "warnings": [],
        "limit_proofs": [],
        "beaten_by": 20.0,
        "figure": "ns_per_operation",
        "strategies": [
            {"name": "read-write", "spec": "read-write", "durability": "after-flush"},
            {"name": "mmap-view", "spec": "mmap-view", "durability": "after-flush"},
        ],
        "x": {"parameter": "record-size", "kind": "size", "low": 16, "high": 65536, "scale": "log"},
        "y": None,
        "regimes": ["random-update, made up"],
        "rows": rows,
    }
    return whole | changes


def map_document() -> Json:
    return document([crossed(0.25), uncrossed(1), crossed(4, 1500)], y=dict(RATIOS))
