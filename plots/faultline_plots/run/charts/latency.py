"""Latency distribution by strategy, from the merged bins of all repetitions, with the timer's own
cost.
"""

from __future__ import annotations

import math
import statistics
from typing import Any, TypeAlias

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from faultline_plots import style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group, thinned

NAME = "latency"
TITLE = "Latency distribution"
_TICKS = (0.5, 0.9, 0.99, 0.999, 0.9999)
# Fewer samples than this beyond a percentile say nothing about it.
_FEWEST_BEYOND = 10
# Bins of a histogram: lower and upper bound in nanoseconds, and count; ascending.
Bins: TypeAlias = list[tuple[int, int, int]]
# Keyword arguments of matplotlib for a line.
_Look: TypeAlias = dict[str, Any]
_TIMER: _Look = {"color": style.GREY, "linestyle": (0, (2, 2)), "linewidth": 1.3}


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: bool(merged(trial)),
        lambda group, trials: _draw(group, trials, colours),
        "No trial recorded latencies (run with --latency sampled).",
        fewest=1,
    )


def merged(trial: Trial) -> Bins:
    """The bins of all repetitions that the trial's figures are from, added up."""
    counts: dict[tuple[int, int], int] = {}
    for repetition in trial.sources:
        for low, high, count in repetition.latency.bins if repetition.latency else ():
            counts[low, high] = counts.get((low, high), 0) + count
    return [(low, high, count) for (low, high), count in sorted(counts.items())]


def percentile(bins: Bins, share: float) -> float:
    """The middle of the bin in which the sample at `share` of all lies. REQUIRES: bins."""
    wanted = share * sum(count for *_, count in bins)
    seen = 0
    for low, high, count in bins:
        seen += count
        if seen >= wanted * (1 - 1e-12):
            break
    # Bins one nanosecond wide are exact.
    return low if high - low <= 1 else (low + high) / 2


def last_share(bins: Bins) -> float:
    """How far the curve may go: up to p99.99, while enough samples lie beyond."""
    return min(_TICKS[-1], 1 - _FEWEST_BEYOND / sum(count for *_, count in bins))


def _position(share: float) -> float:
    """Place on the axis, which is logarithmic in what remains to 100 %."""
    return -math.log10(1 - share)


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    trials, left_out = thinned(group, trials)
    timer = _timer(trials)
    looks = _looks(trials, colours)
    handles = [
        Line2D([], [], label=text.label(family.row_name(trial), 60, 1), **look)
        for trial, look in looks.items()
    ]
    if timer:
        handles.append(Line2D([], [], label=f"the timer itself, {text.duration(timer)}", **_TIMER))
    figure, (axes,) = style.new_figure(4.6, 1, handles, 3)
    values: list[float] = [timer] if timer else []
    for number, (trial, look) in enumerate(looks.items()):
        shares, curve = _curve(merged(trial))
        values += curve
        # Markers of curves that lie on each other take turns.
        places = [_position(share) for share in shares]
        axes.plot(places, curve, markevery=(4 + 3 * number % 20, 24), **look)
    if timer:
        axes.axhline(timer, **_TIMER)
    _axes(axes, values)
    reading = family.joined(
        family.left_out_sentence(left_out),
        _reading(group, trials, timer),
        _load_sentence(trials),
        f"Curves end where fewer than {_FEWEST_BEYOND} samples lie beyond.",
        family.interference_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _load_sentence(trials: list[Trial]) -> str:
    if not trials[0].open_load:
        return (
            "A closed loop: what an operation took once it was begun, not what a caller who"
            " arrived on time would have waited."
        )
    words = "An open loop: what an operation took from when it was due, waiting included."
    behind = [family.row_name(trial) for trial in trials if not _kept_rate(trial)]
    if behind:
        words += (
            f" The rate was not kept by {text.listing(behind)}: those latencies are of a queue that"
            " grows."
        )
    return words


def _kept_rate(trial: Trial) -> bool:
    loops = [repetition.open_loop for repetition in trial.sources]
    return all(loop.rate_kept is not False for loop in loops if loop)


def _looks(trials: list[Trial], colours: style.Colours) -> dict[Trial, _Look]:
    looks: dict[Trial, _Look] = {}
    seen: dict[str, int] = {}
    for trial in trials:
        name = trial.strategy.name
        position = seen[name] = seen.get(name, -1) + 1
        looks[trial] = {
            "color": family.colour(trial, colours),
            "marker": colours.marker(name),
            "linestyle": colours.line(position),
            "markersize": 5,
            "linewidth": 1.5,
        }
    return looks


def _curve(bins: Bins) -> tuple[list[float], list[float]]:
    """Shares, 40 to each nine, and the latencies at them."""
    last = max(last_share(bins), _TICKS[0])
    shares = [1 - 10 ** -(step / 40) for step in range(161)]
    shares = [share for share in shares if share <= last + 1e-9]
    # A logarithmic axis has no place for 0 ns.
    return shares, [max(percentile(bins, share), 0.5) for share in shares]


def _axes(axes: Axes, values: list[float]) -> None:
    axes.set_yscale("log")
    axes.set_ylim(*style.log_limits(values))
    style.number_axis(axes.yaxis, text.duration, True, values)
    axes.set_xlim(0, _position(_TICKS[-1]) * 1.02)
    names = ["min", *(f"p{share * 100:.4g}" for share in _TICKS)]
    axes.xaxis.set_major_locator(ticker.FixedLocator([0, *(_position(share) for share in _TICKS)]))
    axes.xaxis.set_major_formatter(ticker.FixedFormatter(names))
    axes.grid()
    axes.set_xlabel("percentile of operations (log scale)")
    axes.set_ylabel("latency (ns, us, ms; logarithmic)")


def _timer(trials: list[Trial]) -> float | None:
    """What reading the clock costs, in nanoseconds: median of the repetitions."""
    costs = [
        r.latency.timer_ns for t in trials for r in t.sources if r.latency and r.latency.timer_ns
    ]
    return statistics.median(costs) if costs else None


def _reading(group: Group, trials: list[Trial], timer: float | None) -> str:
    sentences = []
    for name, words in (("latency.p50", "Half of all operations (p50)"), ("latency.p99", "p99")):
        told = wording.answer(group.judged, name)
        if told:
            sentences.append(f"{words}: {told}")
    hidden = [
        trial.title for trial in trials if timer and percentile(merged(trial), 0.5) < 2 * timer
    ]
    if timer and hidden:
        sentences.append(
            f"Reading the clock takes {text.duration(timer)} and is in every sample: the medians of"
            f" {text.listing(hidden)} are below twice that, and tell more of the timer than of the"
            " strategy."
        )
    return " ".join(sentences)
