"""Read amplification of a view by the advice that it gives the kernel, beside ways to read that
need none.
"""

from __future__ import annotations

from faultline_plots import style
from faultline_plots.run import wording
from faultline_plots.run.charts import amplification, bars, family
from faultline_plots.run.charts.options import given
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group

NAME = "hints"
TITLE = "Read amplification by hint"
_VIEW = "mmap-view"
_REFERENCES = ("read-write", "direct")
_FIGURE = amplification.READ[0]


def make(run: Run, colours: style.Colours) -> family.Family:
    result = family.Family()
    for group, trials in family.usable_groups(run, _usable, fewest=2):
        if len({_advice(trial) for trial in _views(trials)}) >= 2:
            result.charts.append(_draw(group, trials, colours))
    if not result.charts:
        result.reason = (
            f"{_VIEW} did not run with two or more kinds of advice while all else was equal, or its"
            " read amplification is not known."
        )
    return result


def _usable(trial: Trial) -> bool:
    known = trial.drawn and trial.figure(_FIGURE) is not None
    return known and trial.strategy.name in (_VIEW, *_REFERENCES)


def _views(trials: list[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.strategy.name == _VIEW]


def _advice(trial: Trial) -> str:
    return given(trial).get("advice", "")


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    views = _views(trials)
    references = [trial for trial in trials if trial not in views]
    ordered = [*views, *references]
    figure, (axes,) = style.new_figure(style.bar_height(len(ordered)))
    rows = [bars.row(trial, trial.figure(_FIGURE), colours) for trial in ordered]
    bars.draw(axes, rows, amplification.READ[1], "bytes per byte", mark=1)
    told = wording.answer(group.judged, wording.ACCEPTED, [trial.title for trial in ordered])
    reading = family.joined(
        amplification.meaning_of(ordered, *amplification.READ),
        amplification.MARK_SENTENCE,
        amplification.own_bytes(group, ordered),
        family.joined("By accepted time:", told) if told else "",
        family.points_sentence([trial.figure(_FIGURE) for trial in ordered]),
        family.interference_sentence(ordered),
    )
    return family.Chart(group.sectioned, group.regime, figure, reading)
