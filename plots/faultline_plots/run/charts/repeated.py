"""Figures that the summary does not have: made of the repetitions themselves, with the smallest and
the largest of them as their interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faultline_plots import style, text
from faultline_plots.run.charts import family
from faultline_plots.run.load import Figure, Repetition, Trial

_MOST_NAMES = 8


@dataclass(frozen=True)
class Measured:
    trial: Trial
    figure: Figure


def measured(trials: list[Trial], value: Callable[[Repetition], float | None]) -> list[Measured]:
    """Those trials of which value(repetition) is known of a repetition that their figures are
    from.
    """
    found = []
    for trial in trials:
        known = [v for repetition in trial.sources if (v := value(repetition)) is not None]
        if figure := family.spread(known):
            found.append(Measured(trial, figure))
    return found


def values_sentence(found: list[Measured], what: str, formatted: text.Format) -> str:
    """What each has, and that nothing is said of their differences: the document doesn't compare
    such figures.
    """
    parts = [f"{each.trial.title} {_written(each.figure, formatted)}" for each in found]
    return f"{what}: {text.listing(parts, _MOST_NAMES)}. The run doesn't compare these."


def _written(figure: Figure, formatted: text.Format) -> str:
    """The median, and the smallest and the largest where they differ from it."""
    median, low, high = (formatted(v) for v in (figure.median, figure.low, figure.high))
    if style.tick_text(figure.low, formatted) == style.tick_text(figure.high, formatted):
        return median
    return f"{median} ({low} to {high})"
