"""Run documents with made-up figures, which keep their schema: for tests of what the report says of
them.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from made_up_environment import environment

# JSON: tests change it in ways that no type allows.
Json: TypeAlias = dict[str, Any]

PHASES = ("open", "first", "steady", "flush", "close")
TIMES = ("ns_per_operation", "durable_ns_per_operation", "steady_ns_per_operation")
COUNTERS = ("minor_faults", "major_faults", "device_read_bytes", "device_write_bytes")
# Of the timeline's columns those that grow, and whose growth a stage tells.
TOTALS = (
    "device_read_bytes",
    "device_write_bytes",
    "major_faults",
    "tlb_shootdowns",
    "reclaimed_pages",
)
LEVELS = ("cached_pages", "dirty_pages")


def figure(median: float | None, low: float | None = None, high: float | None = None) -> Json:
    return {
        "median": median,
        "low": median if low is None else low,
        "high": median if high is None else high,
    }


def repetition(
    ns: float = 100.0,
    operations: int = 1000,
    flush_seconds: float = 0.0,
    minor: int = 10,
    major: int = 0,
    **changes: Any,
) -> Json:
    """One good repetition; `changes` replace members of it. A round of None is for trial()."""
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
    whole: Json = {
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
        "open_loop": None,
        "series": [],
        "timeline": None,
        "stages": None,
        "round": None,
        "order": 0,
    }
    return whole | changes


def unfinished(status: str, error: str, **changes: Any) -> Json:
    """A repetition that ended before its first phase did."""
    nothing: Json = dict.fromkeys(("verified", *TIMES, "cache"))
    asked = {"read_bytes": 0, "changed_bytes": 0}
    outcome = {"status": status, "error": error, "asked": asked, "phases": {}}
    return repetition() | nothing | outcome | changes


def latency(typical_ns: float, samples: int = 20000, timer_ns: int = 45, seed: int = 1) -> Json:
    """Bins of a plausible distribution with a long tail."""
    source = random.Random(seed)
    bins: dict[tuple[int, int], int] = {}
    for _ in range(samples):
        value = int(typical_ns * source.lognormvariate(0, 0.25)) * (
            50 if source.random() < 0.002 else 1
        )
        width = 1 if value < 64 else 1 << (value.bit_length() - 6)
        low = value - value % width
        bins[low, low + width] = bins.get((low, low + width), 0) + 1
    rows = [[low, high, count] for (low, high), count in sorted(bins.items())]
    return binned(rows, timer_ns, p50=round(typical_ns), p99=round(2 * typical_ns))


def binned(bins: list[list[int]], timer_ns: int = 45, p50: int = 0, p99: int = 0) -> Json:
    """Latencies in these bins: lower and upper bound in nanoseconds, and count."""
    return {
        "samples": sum(count for *_, count in bins),
        "timer_ns": timer_ns,
        "p50": p50,
        "p90": p99,
        "p99": p99,
        "p999": p99,
        "max": bins[-1][1],
        "bins": bins,
    }


def open_loop(rate_kept: bool | None) -> Json:
    return {
        "rate_kept": rate_kept,
        "intended_operations_per_second": 1000.0,
        "achieved_operations_per_second": 1000.0,
        "late_operations": 0,
        "due_together": 0,
        "harness_late_ns": None,
    }


def _spread(values: Sequence[float]) -> Json | None:
    return figure(statistics.median(values), min(values), max(values)) if values else None


def figures_of(repetitions: Sequence[Json]) -> dict[str, Json]:
    """The summary's figures of these repetitions, with the extremes as intervals."""
    found: dict[str, Json | None] = {}
    for name in TIMES:
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
    return {name: each or figure(None) for name, each in found.items()}


def trial(
    strategy: str,
    repetitions: list[Json],
    workload: str = "random-update",
    durability: str = "after-flush",
    effective: dict[str, str] | None = None,
    section: str = "made-up",
    suffix: str = "",
    **parameters: Any,
) -> Json:
    """A trial of `strategy` (a spec) with the summary of its repetitions."""
    for number, each in enumerate(repetitions):
        if each["round"] is None:
            each["round"] = number
    good = [r for r in repetitions if r["status"] == "ok"]
    interference = [r for r in repetitions if r["status"] == "interference"]
    sources = good if len(good) >= 6 else good + interference
    values: Json = {
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
        "load": "closed",
        "rate": None,
        "arrivals": "even",
        "timeline": False,
    }
    counts = {
        status.replace(" ", "_"): sum(each["status"] == status for each in repetitions)
        for status in ("ok", "interference", "failed", "unsupported", "cut off")
    }
    return {
        "id": f"{section}/{strategy}/{workload}{suffix}",
        "section": section,
        "group": f"{section}: {workload}, "
        + ", ".join(f"{n} {v}" for n, v in (values | parameters).items() if n != "seed"),
        "strategy": {
            "name": strategy.split(":")[0],
            "spec": strategy,
            "title": strategy + suffix,
            "durability": durability,
            "calls": "2 per update",
            "effective": effective or {},
            "copies": None,
            "discards": None,
            "gives_back": True,
            "plugin": None,
        },
        "workload": {
            "name": workload.split(":")[0],
            "spec": workload,
            "needs_durability": False,
            "facts": {},
        },
        "parameters": values | parameters,
        "repetitions": repetitions,
        "summary": {
            "repetitions": len(repetitions),
            **counts,
            "figures": figures_of(sources) if sources else {},
            "with_interference": len(sources) > len(good),
        },
    }


def steady(strategy: str, ns: float, spread: float = 0.01, count: int = 6, **more: Any) -> Json:
    """A trial of `count` good repetitions around `ns`, `spread` apart to either side, each in a
    round of its own.
    """
    inner = {
        name: more.pop(name)
        for name in ("flush_seconds", "minor", "major", "asked")
        if name in more
    }
    changes = [1 + spread * (2 * index / max(count - 1, 1) - 1) for index in range(count)]
    return trial(strategy, [repetition(ns=ns * change, **inner) for change in changes], **more)


def timeline(*stages: Sequence[float], seconds: float = 0.1) -> Json:
    """Samples `seconds` apart; of each stage the rates in its intervals, operations per second."""
    samples: list[tuple[float, float]] = [(0.0, 0.0)]
    for rate in (rate for stage in stages for rate in stage):
        samples.append((samples[-1][0] + seconds, samples[-1][1] + rate * seconds))
    return sampled([[at, done] for at, done in samples], ("seconds", "operations"))


def sampled(rows: Sequence[Sequence[float | None]], columns: Sequence[str]) -> Json:
    """A timeline with these columns, and nothing known of the others."""
    others = [name for name in (*LEVELS, *TOTALS) if name not in columns]
    return {
        "columns": [*columns, *others],
        "rows": [[*row, *[None] * len(others)] for row in rows],
    }


def stage(
    rates: Sequence[float], begin: float = 0.0, seconds: float = 0.1, **totals: int | None
) -> Json | None:
    """None for no rates, as the document has it."""
    if not rates:
        return None
    return {
        "begin_seconds": begin,
        "seconds": seconds * len(rates),
        "operations": round(sum(rates) * seconds),
        "operations_per_second": statistics.median(rates),
        "totals": dict.fromkeys(TOTALS) | totals,
    }


def under_pressure(
    strategy: str,
    ns: float,
    stall: Sequence[float] = (),
    after: Sequence[float] = (4000,) * 9,
    shootdowns: int = 500,
    **more: Any,
) -> Json:
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


def _value(repetition: Json, figure: str) -> float | None:
    name = figure.partition(".")[2]
    if figure in TIMES:
        time: float | None = repetition[figure]
        return time
    if figure.startswith("latency."):
        percentile: float | None = repetition["latency"] and repetition["latency"][name]
        return percentile
    phases = repetition["phases"]
    return sum(phases[phase]["counters"][name] for phase in PHASES) if phases else None


def _costs(trial: Json, figure: str) -> dict[int, float]:
    """Round -> cost, as the harness chooses them."""
    if any(r["status"] == "failed" for r in trial["repetitions"]):
        return {}
    found: dict[int, float | None] = {}
    for status in ("interference", "ok"):
        own = {r["round"]: _value(r, figure) for r in trial["repetitions"] if r["status"] == status}
        found = own if len(own) >= 6 else found | own
    return {number: cost for number, cost in found.items() if cost is not None}


def comparison(
    group: str,
    figure: str,
    strategy: str,
    baseline: str,
    verdict: str,
    ratio: float | tuple[float, float, float] | None = None,
    rounds: int = 6,
    **changes: Any,
) -> Json:
    """`ratio`: median, or (low, median, high)."""
    low, median, high = ratio if isinstance(ratio, tuple) else (None, ratio, None)
    whole = {
        "group": group,
        "figure": figure,
        "strategy": strategy,
        "baseline": baseline,
        "verdict": verdict,
        "ratio": None if median is None else {"median": median, "low": low, "high": high},
        "rounds": rounds,
        "with_interference": False,
        "rounds_needed": None,
        "reason": None,
    }
    return whole | changes


def _compared(group: str, figure: str, strategy: Json, baseline: Json) -> Json:
    """A plain stand-in for the harness's judge: interval = extremes of the rounds' ratios."""
    mine, other = (_costs(each, figure) for each in (strategy, baseline))
    both = sorted(set(mine) & set(other))
    ratios = [other[number] / mine[number] for number in both if mine[number] and other[number]]
    names = (group, figure, strategy["strategy"]["title"], baseline["strategy"]["title"])
    if both and not ratios and all(mine[n] == other[n] for n in both):
        ratios = [1.0] * len(both)
    if not ratios:
        return comparison(*names, "inconclusive", rounds=len(both), reason="nothing to compare")
    median = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    if len(ratios) < 6:
        median = float(f"{median:.9g}")
        reason = f"not enough data: {len(ratios)} usable rounds, 6 needed"
        return comparison(
            *names, "inconclusive", median, len(ratios), reason=reason, rounds_needed=6
        )
    low, median, high = (float(f"{value:.9g}") for value in (min(ratios), median, max(ratios)))
    more, fewer = ("more", "fewer") if figure.startswith("total.") else ("slower", "faster")
    if low >= 1 / 1.05 and high <= 1.05:
        verdict = "tied"
    else:
        verdict = fewer if low > 1 else more if high < 1 else "inconclusive"
    why = "about 90 rounds would settle it" if verdict == "inconclusive" else None
    return comparison(*names, verdict, (low, median, high), len(ratios), reason=why)


def ranking(order: list[str], comparisons: Iterable[Json], group: str, figure: str) -> Json:
    """What the comparisons make of strategies in this order of their costs."""
    words: dict[tuple[str, str], str] = {}
    mirrored = {"faster": "slower", "slower": "faster", "fewer": "more", "more": "fewer"}
    for each in comparisons:
        if (each["group"], each["figure"]) == (group, figure):
            word = each["verdict"]
            words[each["strategy"], each["baseline"]] = word
            words[each["baseline"], each["strategy"]] = mirrored.get(word, word)
    beaten = {a for a in order if any(words.get((a, b)) in ("slower", "more") for b in order)}
    leader = next((name for name in order if name not in beaten), order[0])
    rest = [name for name in order if name != leader]
    found = {name: words.get((name, leader), "inconclusive") for name in rest}
    return {
        "order": [leader, *rest],
        "best": [leader, *(name for name in rest if found[name] == "tied")],
        "inconclusive": [name for name in rest if found[name] == "inconclusive"],
        "slower": [name for name in rest if found[name] in ("slower", "more")],
    }


def judged(trials: Sequence[Json]) -> tuple[list[Json], list[Json]]:
    """The groups and comparisons of these trials."""
    groups: list[Json] = []
    comparisons: list[Json] = []
    for title in dict.fromkeys(each["group"] for each in trials):
        own = [each for each in trials if each["group"] == title]
        arms = [each for each in own if each["strategy"]["durability"] != "never"]
        names: list[str] = [arm["strategy"]["title"] for arm in arms]
        baseline = "read-write" if "read-write" in names else names[0] if names else None
        rankings = {}
        latencies = ("latency.p50", "latency.p99")
        for figure in (*TIMES, *latencies, "total.minor_faults", "total.major_faults"):
            costs = [list(_costs(arm, figure).values()) for arm in arms]
            known = [place for place, own in enumerate(costs) if own]
            if not known:
                continue
            order = sorted(known, key=lambda place: statistics.mean(costs[place]))
            for place, arm in enumerate(arms):
                for other in arms[:place]:
                    pair = (arm, other) if names[place] != baseline else (other, arm)
                    comparisons.append(_compared(title, figure, *pair))
            rankings[figure] = ranking([names[p] for p in order], comparisons, title, figure)
        group = {"title": title, "baseline": baseline, "margin": 1.05, "rankings": rankings}
        groups.append(group)
    return groups, comparisons


def say(
    document: Json,
    figure: str,
    strategy: str,
    baseline: str,
    verdict: str,
    ratio: float | tuple[float, float, float] | None = None,
    **changes: Any,
) -> Json:
    """Replaces what the document says of two strategies, in every group that has both, whatever
    their figures are; the rankings follow.
    """
    kept = document["comparisons"]
    for group in document["groups"]:
        title = group["title"]
        both = [
            place
            for place, each in enumerate(kept)
            if (each["group"], each["figure"]) == (title, figure)
            and {each["strategy"], each["baseline"]} == {strategy, baseline}
        ]
        for place in both:
            kept[place] = comparison(title, figure, strategy, baseline, verdict, ratio, **changes)
        if both:
            order = group["rankings"][figure]["order"]
            group["rankings"][figure] = ranking(order, kept, title, figure)
    return document


def document(trials: Sequence[Json], **changes: Any) -> Json:
    groups, comparisons = judged(trials)
    whole: Json = {
        "schema": "faultline-run/2",
        "complete": True,
        "suite": "made-up",
        "environment": environment(),
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
        "limit_proofs": [],
        "groups": groups,
        "comparisons": comparisons,
        "trials": trials,
    }
    return whole | changes


def small() -> Json:
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
                repetition(ns=9000, status="interference", error="others wrote 3 MB"),
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
            steady("read-write", 1200 * factor, count=3, **shape),
            steady("mmap-view", 30 * factor, count=3, **shape),
        ]
    for cache, minor in (("cold", 31), ("paged", 31), ("streamed", 2)):
        trials += [
            steady("mmap-view", 30, count=3, minor=minor, cache=cache),
            steady("read-write", 1200, count=3, minor=0, cache=cache),
        ]
    for name, ns in (("read-write", 1200), ("mmap-view", 50)):
        trials.append(steady(name, ns, count=2, latency="sampled"))
        for index, made in enumerate(trials[-1]["repetitions"]):
            made["latency"] = latency(ns, samples=2000, seed=index)
    trials += [
        under_pressure("read-write", 240000, count=3, shootdowns=0),
        under_pressure("mmap-view", 260000, count=3, stall=(0, 0, 5), after=(3000,) * 12),
        steady("mmap-view", 200, count=3, file_bytes=1 << 24, memory_limit_bytes=1 << 26),
        steady("mmap-view:advice=random", 30),
        steady("mmap-view", 9, count=3, threads=4),
        steady("read-write", 900, count=3, threads=4),
    ]
    return document(trials)
