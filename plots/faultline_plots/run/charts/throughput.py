"""Throughput by strategy: accepted and durable side by side, with intervals."""

from __future__ import annotations

from matplotlib.lines import Line2D

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import thinned

NAME = "throughput"
TITLE = "Throughput by strategy"
ACCEPTED, DURABLE = "operations_per_second", "durable_operations_per_second"
_KINDS = ((ACCEPTED, "accepted", "o", -0.14), (DURABLE, "durable", "D", 0.14))


def make(run: Run, colours: style.Colours) -> family.Family:
    def draw(group, trials):
        return _draw(group, trials, run, colours)

    return family.per_group(
        run,
        lambda trial: trial.figure(ACCEPTED) is not None,
        draw,
        "No two strategies have a throughput for the same workload and parameters in this run.",
    )


def _draw(group, trials: list[Trial], run: Run, colours: style.Colours) -> family.Chart:
    everything = trials
    trials, left_out = thinned(trials)
    trials = sorted(trials, key=lambda trial: -trial.figure(ACCEPTED).median)
    handles = [
        Line2D([], [], marker=marker, linestyle="none", color=style.GREY, markersize=6,
               markerfacecolor="white" if name == DURABLE else style.GREY, label=label)
        for name, label, marker, _ in _KINDS
    ]  # fmt: skip
    figure, (axes,) = style.new_figure(style.bar_height(len(trials), 0.42), 1, handles)
    values = []
    for trial in trials:
        for name, *_ in _KINDS:
            shown = trial.figure(name)
            values += [shown.low, shown.median, shown.high] if shown else []
    logarithmic = style.wide(values)
    for row, trial in enumerate(trials):
        for name, _, marker, shift in _KINDS:
            _point(axes, trial, name, marker, row + shift, colours.of(trial.strategy), logarithmic)
    _finish(axes, trials, values, logarithmic)
    reading = family.joined(
        # Verdicts are on all settings, drawn or not: one that is not drawn may be a tie.
        _reading(everything, group, ACCEPTED, "Accepted (the calls had returned)", run),
        _reading(everything, group, DURABLE, "Durable (with the flush)", run),
        verdict.noise_sentence(run.noise_floor),
        _axis_sentence(logarithmic),
        family.disturbed_sentence(trials),
        f"{left_out} They are in the verdicts." if left_out else "",
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _point(axes, trial: Trial, name: str, marker: str, y: float, colour: str, logarithmic: bool):
    shown = trial.figure(name)
    hollow = name == DURABLE
    if shown is None or (logarithmic and shown.median <= 0):
        axes.annotate(
            "n/a", (0.005, y), xycoords=("axes fraction", "data"), va="center", fontsize=7.5
        )
        return
    low, high = family.spans(shown)
    if logarithmic and shown.low <= 0:
        low = [shown.median * 0.999]
    if not logarithmic:
        axes.barh(
            y,
            shown.median,
            0.26,
            color="white" if hollow else colour,
            edgecolor=colour,
            hatch="////" * hollow,
        )
    axes.errorbar(
        shown.median,
        y,
        xerr=[low, high],
        fmt=marker if logarithmic else "none",
        markersize=6,
        markerfacecolor="white" if hollow else colour,
        color=colour if logarithmic else "black",
        elinewidth=1.4,
        capsize=3,
    )
    axes.annotate(
        text.count(shown.median),
        (max(shown.high, shown.median), y),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
        color="#333333",
    )


def _finish(axes, trials: list[Trial], values: list[float], logarithmic: bool):
    if logarithmic:
        axes.set_xscale("log")
        low, high = style.log_limits(values)
        axes.set_xlim(low, high * 1.5)
    else:
        axes.set_xlim(0, max(values) * 1.12 or 1)
    style.number_axis(axes.xaxis, text.count, logarithmic, values)
    axes.grid(axis="x")
    style.row_labels(axes, [family.row_name(trial) for trial in trials])
    axes.set_xlabel("operations per second" + (" (logarithmic)" if logarithmic else ""))


def _reading(trials: list[Trial], group, name: str, kind: str, run: Run) -> str:
    found = verdict.lead(trials, name, run.noise_floor, largest=True)
    if found is None:
        return f"{kind}: no strategy has an undisturbed, verified figure."
    best = found.best.figure(name)
    words = "is the fastest" if not found.ties else "has the highest median"
    sentence = (
        f"{kind}: {found.best.strategy_spec} {words} at {text.count(best.median)} operations per"
        f" second [{text.count(best.low)} {text.count(best.high)}]"
    )
    if found.runner_up and not found.ties:
        other, comparison = found.runner_up
        sentence += (
            f", {comparison.interval()} the throughput of {other.strategy_spec}, which comes next"
        )
    sentence += "."
    return family.joined(
        sentence, verdict.tie_sentence(found), _baseline(found.best, group, name, run)
    )


def _baseline(best: Trial, group, name: str, run: Run) -> str:
    base = group.baseline
    if base is None or base is best or not base.judged:
        return ""
    comparison = verdict.compare_trials(best, base, name, run.noise_floor)
    if comparison.clear:
        return f"Against {base.strategy_spec}: {comparison.interval()}."
    return f"Against {base.strategy_spec} no difference can be claimed: {comparison.kind.value}."


def _axis_sentence(logarithmic: bool) -> str:
    return "The axis is logarithmic: equal distances are equal ratios." if logarithmic else ""
