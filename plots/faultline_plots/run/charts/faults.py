"""Page faults by strategy and phase: minor ones (the page was in memory) and major ones (it had to
be read).
"""

from __future__ import annotations

from matplotlib.patches import Patch

from faultline_plots import stacks, style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import family
from faultline_plots.run.load import PHASES, Run, Trial
from faultline_plots.run.regime import BASELINE, thinned

NAME = "faults"
TITLE = "Page faults by strategy and phase"
_KINDS = (("minor_faults", "minor faults"), ("major_faults", "major faults"))


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: any(_total(trial, counter) is not None for counter, _ in _KINDS),
        lambda group, trials: _draw(group, trials, run),
        "No two strategies have fault counts for the same workload and parameters in this run.",
    )


def _phases(trial: Trial, counter: str) -> dict[str, float | None]:
    figures = {phase: trial.figure(f"{phase}.{counter}") for phase in PHASES}
    return {phase: figure.median if figure else None for phase, figure in figures.items()}


def _total(trial: Trial, counter: str) -> float | None:
    """The total's own median where there is one: a sum of medians is not it."""
    figure = trial.figure(f"total.{counter}")
    if figure:
        return figure.median
    known = [value for value in _phases(trial, counter).values() if value is not None]
    return sum(known) if known else None


def _draw(group, trials: list[Trial], run: Run) -> family.Chart:
    trials, left_out = thinned(trials)
    labels = [family.row_name(trial) for trial in trials]
    drawn = {
        phase: colour
        for phase, colour in style.PHASE_COLOURS.items()
        if any(_phases(trial, counter)[phase] for trial in trials for counter, _ in _KINDS)
    }
    handles = [Patch(color=colour, label=phase) for phase, colour in drawn.items()]
    figure, axes = style.new_figure(style.bar_height(len(trials)), 2, handles)
    for axis, (counter, name) in zip(axes, _KINDS):
        totals = [_total(trial, counter) for trial in trials]
        written = ["n/a" if total is None else text.count(total) for total in totals]
        rows = [_phases(trial, counter) for trial in trials]
        stacks.draw(axis, labels, rows, written, drawn, text.count)
        axis.set_xlabel(f"{name} (count)")
    reading = family.joined(
        family.left_out_sentence(left_out),
        (
            "Each bar adds the phases' medians; the number at its end is the median of the whole"
            " trial."
        ),
        *(_reading(trials, counter, name, run) for counter, name in _KINDS),
        family.disturbed_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _reading(trials: list[Trial], counter: str, name: str, run: Run) -> str:
    known = [(trial, _total(trial, counter)) for trial in trials]
    known = [(trial, total) for trial, total in known if total is not None]
    if not known:
        return f"The {name} are not known in this run."
    most, total = max(known, key=lambda pair: pair[1])
    if total == 0:
        return f"There were no {name}."
    sentence = (
        f"Most {name}: {most.strategy_spec} with {text.count(total)}{_interval(most, counter)}"
    )
    sentence += _against_baseline(most, [trial for trial, _ in known], counter, run)
    parts = {phase: value for phase, value in _phases(most, counter).items() if value}
    if parts:
        phase = max(parts, key=parts.get)
        sentence += (
            f", {text.significant(100 * parts[phase] / sum(parts.values()))} % of its bar in the"
            f" {phase} phase"
        )
    fewest, least = min(known, key=lambda pair: pair[1])
    if least < total:
        alike = sum(1 for _, value in known if value == least) - 1
        sentence += f"; fewest: {fewest.strategy_spec} with {text.count(least)}"
        sentence += f" (and {alike} more with as few)" if alike else ""
    return sentence + "."


def _against_baseline(most: Trial, trials: list[Trial], counter: str, run: Run) -> str:
    base = next((trial for trial in trials if trial.strategy == BASELINE), None)
    if base is None or base is most or not (most.judged and base.judged):
        return ""
    comparison = verdict.compare_trials(most, base, f"total.{counter}", run.noise_floor)
    if comparison.clear:
        return f", {comparison.interval()} the count of {base.strategy_spec}"
    if comparison.kind is verdict.Kind.OVERLAPS:
        return f", an interval that overlaps with that of {base.strategy_spec}"
    return ""


def _interval(trial: Trial, counter: str) -> str:
    figure = trial.figure(f"total.{counter}")
    return f" [{text.count(figure.low)} {text.count(figure.high)}]" if figure else ""
