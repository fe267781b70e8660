"""Page faults by strategy and phase: minor ones (the page was in memory) and major ones (it had to
be read).
"""

from __future__ import annotations

from matplotlib.patches import Patch

from faultline_plots import stacks, style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family
from faultline_plots.run.load import PHASES, Run, Trial
from faultline_plots.run.regime import Group, thinned

NAME = "faults"
TITLE = "Page faults by strategy and phase"
_KINDS = (("minor_faults", "minor faults"), ("major_faults", "major faults"))


def make(run: Run, _colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: any(_total(trial, counter) is not None for counter, _ in _KINDS),
        _draw,
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


def _draw(group: Group, trials: list[Trial]) -> family.Chart:
    trials, left_out = thinned(group, trials)
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
        written = ["n/a" if total is None else text.whole(total) for total in totals]
        rows = [_phases(trial, counter) for trial in trials]
        greyed = [trial.with_interference for trial in trials]
        stacks.draw(axis, labels, rows, written, drawn, text.count, greyed=greyed)
        axis.set_xlabel(f"{name} (count)")
    reading = family.joined(
        family.left_out_sentence(left_out),
        (
            "Each bar adds the phases' medians; the number at its end is the median of the whole"
            " trial."
        ),
        *(_reading(group, trials, counter, name) for counter, name in _KINDS),
        family.interference_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _reading(group: Group, trials: list[Trial], counter: str, name: str) -> str:
    known = [total for trial in trials if (total := _total(trial, counter)) is not None]
    if not known:
        return f"The {name} are not known in this run."
    if not any(known):
        return f"There were no {name}."
    titles = [trial.title for trial in trials]
    return wording.counted(group.judged, f"total.{counter}", name.capitalize(), titles)
