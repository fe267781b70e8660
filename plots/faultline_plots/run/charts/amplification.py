"""Read and write amplification: bytes that the device moved for each byte that was asked for."""

from __future__ import annotations

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import thinned

NAME = "amplification"
TITLE = "Read and write amplification"
_KINDS = (
    (
        "read_amplification",
        "read amplification",
        "read from the device for each byte that the plan asked to read",
    ),
    (
        "write_amplification",
        "write amplification",
        "written to the device for each byte that the plan asked to change",
    ),
)


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: any(trial.figure(name) for name, *_ in _KINDS),
        lambda group, trials: _draw(group, trials, run, colours),
        (
            "No two strategies have amplifications for the same workload and parameters: the"
            " device's traffic could not be counted, or nothing was asked to be read or changed."
        ),
    )


def _draw(group, trials: list[Trial], run: Run, colours: style.Colours) -> family.Chart:
    trials, left_out = thinned(trials)
    labels = [family.row_name(trial) for trial in trials]
    figure, axes = style.new_figure(style.bar_height(len(trials)), 2)
    for axis, (name, title, _) in zip(axes, _KINDS):
        _panel(axis, trials, labels, name, title, colours)
    reading = family.joined(
        family.left_out_sentence(left_out),
        *(_reading(trials, *kind, run) for kind in _KINDS),
        (
            "The line marks 1: as many bytes as asked. The device's traffic is everybody's; what"
            " others caused is in it."
        ),
        family.disturbed_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _panel(
    axis, trials: list[Trial], labels: list[str], name: str, title: str, colours: style.Colours
):
    shown = [trial.figure(name) for trial in trials]
    values = [value for f in shown if f for value in (f.low, f.median, f.high)] + [1.0]
    logarithmic = style.wide(values)
    if logarithmic:
        axis.set_xscale("log")
        low, high = style.log_limits(values)
        axis.set_xlim(low, high * 3)
    else:
        axis.set_xlim(0, max(values) * 1.2)
    left = axis.get_xlim()[0]
    axis.axvline(1, color=style.GREY, linestyle=(0, (4, 3)), linewidth=1)
    for row, (trial, figure) in enumerate(zip(trials, shown)):
        if figure is None:
            axis.annotate(
                "n/a",
                (left, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
            )
            continue
        if figure.median > 0:
            _mark(axis, row, figure, colours.of(trial.strategy), logarithmic)
        axis.annotate(
            text.times(figure.median) if figure.median else "0",
            (max(figure.high, left), row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    style.number_axis(axis.xaxis, text.count, logarithmic, values)
    axis.grid(axis="x")
    style.row_labels(axis, labels)
    axis.set_xlabel(f"{title} (bytes per byte" + (", logarithmic)" if logarithmic else ")"))


def _mark(axis, row: int, figure, colour: str, logarithmic: bool):
    low, high = family.spans(figure)
    if logarithmic:
        low = [min(low[0], figure.median * 0.999)]
        axis.errorbar(
            figure.median, row, xerr=[low, high], fmt="o", color=colour, markersize=6, capsize=3
        )
    else:
        axis.barh(row, figure.median, 0.6, color=colour)
        axis.errorbar(figure.median, row, xerr=[low, high], fmt="none", color="black", capsize=3)


def _reading(trials: list[Trial], name: str, title: str, meaning: str, run: Run) -> str:
    known = [trial for trial in trials if trial.figure(name)]
    if not known:
        return f"The {title} is not known in this run."
    most = max(known, key=lambda trial: trial.figure(name).median)
    least = min(known, key=lambda trial: trial.figure(name).median)
    high, low = most.figure(name), least.figure(name)
    if high.median == 0:
        return f"The {title} is 0 everywhere: the device moved nothing for it."
    sentence = (
        f"{most.strategy_spec} has the highest {title}: {text.significant(high.median)} bytes"
        f" {meaning} [{text.significant(high.low)} {text.significant(high.high)}]"
    )
    if least is not most:
        sentence += f"; {least.strategy_spec} the lowest: {text.significant(low.median)}"
        comparison = verdict.compare_trials(most, least, name, run.noise_floor)
        if comparison.kind in (verdict.Kind.OVERLAPS, verdict.Kind.SINGLE):
            sentence += f" ({comparison.kind.value}: no verdict)"
    return sentence + "."
