"""Run documents with made-up figures, in the form of results/README.md: for tests of what the
report says of them.

`python3 made_up.py` prints the document that is kept as data/made_up.json.
"""

from __future__ import annotations

import json
import random
import statistics

PHASES = ("open", "first", "steady", "flush", "close")
COUNTERS = ("minor_faults", "major_faults", "device_read_bytes", "device_write_bytes")


def figure(median, low=None, high=None):
    return {
        "median": median,
        "low": median if low is None else low,
        "high": median if high is None else high,
    }


def repetition(ns=100.0, operations=1000, flush_seconds=0.0, minor=10, major=0, **changes):
    """One good repetition; `changes` replace members of it."""
    seconds = {"open": 1e-5, "first": ns * operations * 0.5e-9, "steady": ns * operations * 0.5e-9}
    seconds |= {"flush": flush_seconds, "close": 1e-5}
    faults = {"open": 0, "first": minor, "steady": 0, "flush": 0, "close": 0}
    phases = {
        phase: {
            "seconds": seconds[phase],
            "counters": {
                "minor_faults": faults[phase],
                "major_faults": major if phase == "first" else 0,
                "device_read_bytes": 4096 * major if phase == "first" else 0,
                "device_write_bytes": 250000 if phase == "flush" else 0,
            },
        }
        for phase in PHASES
    }
    whole = {
        "status": "ok",
        "error": None,
        "verified": True,
        "operations": operations,
        "asked": {"read_bytes": 125000, "changed_bytes": 125000},
        "ns_per_operation": ns,
        "durable_ns_per_operation": ns + flush_seconds * 1e9 / operations,
        "steady_ns_per_operation": ns,
        "phases": phases,
        "cache": {
            "state": "written",
            "proved": True,
            "why_not": None,
            "cached_pages_before": 31,
            "cached_pages_after": 31,
            "total_pages": 31,
            "source": "cachestat",
        },
        "memory": None,
        "latency": None,
        "series": [],
        "order": 0,
    }
    return whole | changes


def latency(typical_ns, samples=20000, timer_ns=45, seed=1):
    """Bins of a plausible distribution with a long tail."""
    source = random.Random(seed)
    bins = {}
    for _ in range(samples):
        value = int(typical_ns * source.lognormvariate(0, 0.25)) * (
            50 if source.random() < 0.002 else 1
        )
        width = 1 if value < 64 else 1 << (value.bit_length() - 6)
        low = value - value % width
        bins[low, low + width] = bins.get((low, low + width), 0) + 1
    rows = [[low, high, count] for (low, high), count in sorted(bins.items())]
    return {
        "samples": samples,
        "timer_ns": timer_ns,
        "p50": typical_ns,
        "p90": None,
        "p99": None,
        "p999": None,
        "max": rows[-1][1],
        "bins": rows,
    }


def _spread(values):
    return figure(statistics.median(values), min(values), max(values)) if values else None


def figures_of(repetitions):
    """The summary's figures of these repetitions, with the extremes as intervals."""
    found = {}
    for name in ("ns_per_operation", "durable_ns_per_operation", "steady_ns_per_operation"):
        found[name] = _spread([r[name] for r in repetitions])
    for name, source in (
        ("operations_per_second", "ns_per_operation"),
        ("durable_operations_per_second", "durable_ns_per_operation"),
    ):
        found[name] = _spread([1e9 / r[source] for r in repetitions])
    for phase in PHASES:
        found[f"{phase}.seconds"] = _spread([r["phases"][phase]["seconds"] for r in repetitions])
        for counter in COUNTERS:
            found[f"{phase}.{counter}"] = _spread(
                [r["phases"][phase]["counters"][counter] for r in repetitions]
            )
    for counter in COUNTERS:
        found[f"total.{counter}"] = _spread(
            [sum(r["phases"][phase]["counters"][counter] for phase in PHASES) for r in repetitions]
        )
    for name, counter, asked in (
        ("read_amplification", "device_read_bytes", "read_bytes"),
        ("write_amplification", "device_write_bytes", "changed_bytes"),
    ):
        ratios = [
            sum(r["phases"][phase]["counters"][counter] for phase in PHASES) / r["asked"][asked]
            for r in repetitions
            if r["asked"][asked]
        ]
        found[name] = _spread(ratios)
    return found


def trial(
    strategy,
    repetitions,
    workload="random-update",
    durability="after-flush",
    effective=None,
    section="made-up",
    suffix="",
    **parameters,
):
    """A trial of `strategy` (a spec) with the summary of its repetitions."""
    good = [r for r in repetitions if r["status"] == "ok"]
    disturbed = [r for r in repetitions if r["status"] == "disturbed"]
    nothing = {name: None for name in figures_of([repetition()])}
    values = {
        "records": 1000,
        "record_size": 125,
        "file_bytes": 125000,
        "operations": 1000,
        "passes": 2,
        "threads": 1,
        "processes": 1,
        "cache": "written",
        "memory_limit_bytes": None,
        "seed": 1,
        "latency": "off",
    }
    return {
        "id": f"{section}/{strategy}/{workload}{suffix}",
        "section": section,
        "strategy": {
            "name": strategy.split(":")[0],
            "spec": strategy,
            "durability": durability,
            "calls": "2 per update",
            "effective": effective or {},
        },
        "workload": {"name": workload.split(":")[0], "spec": workload},
        "parameters": values | parameters,
        "repetitions": repetitions,
        "summary": {
            "repetitions": len(repetitions),
            "ok": len(good),
            "disturbed": len(disturbed),
            "failed": sum(r["status"] == "failed" for r in repetitions),
            "figures": figures_of(good) if good else nothing,
            "disturbed_only": figures_of(disturbed) if disturbed and not good else None,
        },
    }


def steady(strategy, ns, spread=0.01, count=3, **more):
    """A trial of `count` good repetitions around `ns`, `spread` apart to either side."""
    inner = {
        name: more.pop(name)
        for name in ("flush_seconds", "minor", "major", "asked")
        if name in more
    }
    changes = [1 + spread * (2 * index / max(count - 1, 1) - 1) for index in range(count)]
    return trial(strategy, [repetition(ns=ns * change, **inner) for change in changes], **more)


def timeline(*stages, seconds=0.1):
    """Looks `seconds` apart; of each stage the rates in its intervals, operations per second."""
    rows = [[0.0, 0]]
    for rate in (rate for stage in stages for rate in stage):
        rows.append([rows[-1][0] + seconds, rows[-1][1] + rate * seconds])
    return {"columns": ["seconds", "operations"], "rows": rows}


def stage(rates, begin=0.0, seconds=0.1, **totals):
    """None for no rates, as the document has it."""
    if not rates:
        return None
    return {
        "begin_seconds": begin,
        "seconds": seconds * len(rates),
        "operations": sum(rates) * seconds,
        "operations_per_second": statistics.median(rates),
        "totals": totals,
    }


def under_pressure(strategy, ns, stall=(), after=(4000,) * 9, shootdowns=500, **more):
    """A trial whose memory fills, and may stall before it is steady; 1000 pages are taken away."""
    filling = (20000,) * 6
    made = steady(strategy, ns, memory_limit_bytes=1 << 26, **more)
    for index, each in enumerate(made["repetitions"]):
        rates = [rate + index for rate in after]
        counts = {"tlb_shootdowns": shootdowns, "reclaimed_pages": 1000}
        each["timeline"] = timeline(filling, stall, rates)
        each["stages"] = {
            "filling": stage(filling, 0.0, tlb_shootdowns=0, reclaimed_pages=0),
            "stall": stage(stall, 0.6, tlb_shootdowns=0, reclaimed_pages=900),
            "steady": stage(rates, 0.6 + 0.1 * len(stall), **counts),
        }
    return made


def document(trials, **changes):
    whole = {
        "schema": "faultline-run/1",
        "complete": True,
        "suite": "made-up",
        "environment": {
            "kernel": "Linux 6.1 (made up)",
            "file_system": "ext4",
            "virtualisation": None,
        },
        "counters": {
            "minor_faults": {
                "unit": "",
                "summary": "page faults served from memory",
                "kind": "total",
                "scope": "process",
            }
        },
        "absent": {"tlb_misses": "no hardware counters: a virtual machine?"},
        "warnings": ["Write-back is on; quiet the machine."],
        "noise_floor": {"ratio": 1.01, "low": 0.98, "high": 1.03, "trials": ["a", "b"]},
        "trials": trials,
    }
    return whole | changes


def small():
    """Every chart family has something to draw, and every kind of trouble occurs."""
    trials = [
        steady("null", 1, durability="never"),
        steady("read-write", 1200, minor=12, flush_seconds=0.0004),
        steady("mmap-view", 30, minor=31, flush_seconds=0.0006),
        trial(
            "mmap-view-flushed:every=10",
            [
                repetition(ns=5200),
                repetition(ns=5300),
                repetition(ns=9000, status="disturbed", error="a neighbour wrote 3 MB"),
            ],
            durability="periodic",
        ),
        steady("mmap-view-flushed:every=1000", 90, durability="periodic"),
        trial("stdio", [repetition(status="failed", error="record 17 is lost", verified=False)]),
        steady("mmap-window:size=64KiB", 300),
        steady("mmap-window:size=1MiB", 60),
        steady("read-write", 1150, suffix="#2"),
    ]
    for size, factor in ((64, 0.9), (4096, 3)):
        shape = {"record_size": size, "file_bytes": size * 1000}
        trials += [
            steady("read-write", 1200 * factor, **shape),
            steady("mmap-view", 30 * factor, **shape),
        ]
    for cache, minor in (("cold", 31), ("paged", 31), ("streamed", 2)):
        trials += [
            steady("mmap-view", 30, minor=minor, cache=cache),
            steady("read-write", 1200, minor=0, cache=cache),
        ]
    for name, ns in (("read-write", 1200), ("mmap-view", 50)):
        trials.append(steady(name, ns, count=2, latency="sampled"))
        for index, made in enumerate(trials[-1]["repetitions"]):
            made["latency"] = latency(ns, samples=2000, seed=index)
    trials += [
        under_pressure("read-write", 240000, shootdowns=0),
        under_pressure("mmap-view", 260000, stall=(0, 0, 5), after=(3000,) * 12),
        steady("mmap-view", 200, file_bytes=1 << 24, memory_limit_bytes=1 << 26),
        steady("mmap-view:advice=random", 30),
        steady("mmap-view", 9, threads=4),
        steady("read-write", 900, threads=4),
    ]
    return document(trials)


if __name__ == "__main__":
    print(json.dumps(small(), separators=(",", ":")))
