"""Read amplification of a view by the advice that it gives the kernel, beside ways to read that
need none.
"""

from __future__ import annotations

from faultline_plots import style
from faultline_plots.run import verdict
from faultline_plots.run.charts import amplification, bars, family
from faultline_plots.run.charts.options import given
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import BASELINE

NAME = "hints"
TITLE = "Read amplification by hint"
_VIEW = "mmap-view"
_REFERENCES = (BASELINE, "direct")
_FIGURE = amplification.READ[0]


def make(run: Run, colours: style.Colours) -> family.Family:
    result = family.Family()
    for group, trials in family.usable_groups(run, _usable, fewest=2):
        if len({_advice(trial) for trial in _views(trials)}) >= 2:
            result.charts.append(_draw(group, trials, run, colours))
    if not result.charts:
        result.reason = (
            f"{_VIEW} did not run with two or more kinds of advice while all else was equal, or its"
            " read amplification is not known."
        )
    return result


def _usable(trial: Trial) -> bool:
    known = trial.drawn and trial.figure(_FIGURE) is not None
    return known and trial.strategy in (_VIEW, *_REFERENCES)


def _views(trials: list[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.strategy == _VIEW]


def _advice(trial: Trial) -> str:
    return given(trial).get("advice", "")


def _draw(group, trials: list[Trial], run: Run, colours: style.Colours) -> family.Chart:
    views = _views(trials)
    references = [trial for trial in trials if trial not in views]
    ordered = [*views, *references]
    figure, (axes,) = style.new_figure(style.bar_height(len(ordered)))
    rows = [bars.row(trial, trial.figure(_FIGURE), colours) for trial in ordered]
    bars.draw(axes, rows, amplification.READ[1], "bytes per byte", mark=1)
    reading = family.joined(
        "Of the views,",
        amplification.reading_of(views, *amplification.READ, run),
        *(_against(reference, views, run) for reference in references),
        amplification.MARK_SENTENCE,
        family.disturbed_sentence(ordered),
    )
    return family.Chart(group.sectioned, group.regime, figure, reading)


def _against(reference: Trial, views: list[Trial], run: Run) -> str:
    """How much more the view that reads least reads than `reference`."""
    found = verdict.lead(views, _FIGURE, run.noise_floor, largest=False)
    if found is None or not reference.judged:
        return ""
    comparison = verdict.compare_trials(found.best, reference, _FIGURE, run.noise_floor)
    names = f"{found.best.strategy_spec}, the view with the lowest,"
    if comparison.clear:
        return f"{names} reads {comparison.interval()} as much as {reference.strategy_spec}."
    return (
        f"Between {names} and {reference.strategy_spec} no difference can be claimed:"
        f" {comparison.kind.value}."
    )
