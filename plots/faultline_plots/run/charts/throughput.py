"""Throughput by strategy: accepted and durable side by side, with intervals."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from faultline_plots import style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group, thinned

NAME = "throughput"
TITLE = "Throughput by strategy"
ACCEPTED, DURABLE = "operations_per_second", "durable_operations_per_second"
_KINDS = ((ACCEPTED, "accepted", "o", -0.14), (DURABLE, "durable", "D", 0.14))


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: trial.figure(ACCEPTED) is not None,
        lambda group, trials: _draw(group, trials, colours),
        "No two strategies have a throughput for the same workload and parameters in this run.",
    )


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    trials, left_out = thinned(group, trials)
    trials = group.ranked(trials, wording.ACCEPTED)
    handles = [
        Line2D([], [], marker=marker, linestyle="none", color=style.GREY, markersize=6,
               markerfacecolor="white" if name == DURABLE else style.GREY, label=label)
        for name, label, marker, _ in _KINDS
    ]  # fmt: skip
    figure, (axes,) = style.new_figure(style.bar_height(len(trials), 0.42), 1, handles)
    values: list[float] = []
    for trial in trials:
        for name, *_ in _KINDS:
            shown = trial.figure(name)
            values += [shown.low, shown.median, shown.high] if shown else []
    logarithmic = style.wide(values)
    _limits(axes, values, logarithmic)
    for row, trial in enumerate(trials):
        colour = family.colour(trial, colours)
        for name, _, marker, shift in _KINDS:
            _point(axes, trial, name, marker, row + shift, colour, logarithmic)
    _finish(axes, trials, values, logarithmic)
    reading = family.joined(
        # Verdicts are on all settings, drawn or not.
        _reading(group, wording.ACCEPTED, "Accepted (the calls had returned)"),
        _reading(group, wording.DURABLE, "Durable (with the flush)"),
        _axis_sentence(logarithmic),
        family.points_sentence([trial.figure(name) for trial in trials for name, *_ in _KINDS]),
        family.interference_sentence(trials),
        f"{left_out} They are in the verdicts." if left_out else "",
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _point(
    axes: Axes, trial: Trial, name: str, marker: str, y: float, colour: str, logarithmic: bool
) -> None:
    shown = trial.figure(name)
    hollow = name == DURABLE
    if shown is None or (logarithmic and shown.median <= 0):
        axes.annotate(
            "n/a", (0.005, y), xycoords=("axes fraction", "data"), va="center", fontsize=7.5
        )
        return
    if logarithmic:
        axes.plot(
            shown.median, y, marker, color=colour, markersize=6,
            markerfacecolor="white" if hollow else colour,
        )  # fmt: skip
    else:
        axes.barh(
            y,
            shown.median,
            0.26,
            color="white" if hollow else colour,
            edgecolor=colour,
            hatch="////" * hollow,
        )
    lowest = axes.get_xlim()[0] if logarithmic else None
    family.whisker(axes, shown, y, 1.4, lowest)
    axes.annotate(
        text.count(shown.median),
        (max(shown.high, shown.median), y),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
        color="#333333",
    )


def _limits(axes: Axes, values: list[float], logarithmic: bool) -> None:
    if logarithmic:
        axes.set_xscale("log")
        low, high = style.log_limits(values)
        axes.set_xlim(low, high * 1.5)
    else:
        axes.set_xlim(0, max(values) * 1.12 or 1)


def _finish(axes: Axes, trials: list[Trial], values: list[float], logarithmic: bool) -> None:
    style.number_axis(axes.xaxis, text.count, logarithmic, values)
    axes.grid(axis="x")
    style.row_labels(axes, [family.row_name(trial) for trial in trials])
    axes.set_xlabel("operations per second" + (" (logarithmic)" if logarithmic else ""))


def _reading(group: Group, name: str, kind: str) -> str:
    told = wording.answer(group.judged, name)
    if not told:
        return f"{kind}: no strategy has a figure that could be compared."
    return family.joined(f"{kind}: {told}", wording.with_baseline(group.judged, name))


def _axis_sentence(logarithmic: bool) -> str:
    return "The axis is logarithmic: equal distances are equal ratios." if logarithmic else ""
