"""Read and write amplification: bytes that the device moved for each byte that was asked for."""

from __future__ import annotations

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import bars, family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import thinned

NAME = "amplification"
TITLE = "Read and write amplification"
READ = (
    "read_amplification",
    "read amplification",
    "read from the device for each byte that the plan asked to read",
)
MARK_SENTENCE = (
    "The line marks 1: as many bytes as asked. The device's traffic is everybody's; what others"
    " caused is in it."
)
_KINDS = (
    READ,
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
    figure, axes = style.new_figure(style.bar_height(len(trials)), 2)
    for axis, (name, title, _) in zip(axes, _KINDS):
        rows = [bars.row(trial, trial.figure(name), colours) for trial in trials]
        bars.draw(axis, rows, title, "bytes per byte", mark=1)
    reading = family.joined(
        family.left_out_sentence(left_out),
        *(reading_of(trials, *kind, run) for kind in _KINDS),
        MARK_SENTENCE,
        family.disturbed_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def reading_of(trials: list[Trial], name: str, title: str, meaning: str, run: Run) -> str:
    """The highest and the lowest amplification `name`, and whether they can be told apart."""
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
        if not comparison.clear and comparison.kind is not verdict.Kind.UNKNOWN:
            sentence += f" ({comparison.kind.value}: no verdict)"
    return sentence + "."
