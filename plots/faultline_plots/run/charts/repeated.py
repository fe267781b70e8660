"""Figures that the summary does not have: made of the repetitions themselves, with the smallest and
the largest of them as their interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faultline_plots.run import verdict
from faultline_plots.run.charts import family
from faultline_plots.run.load import Figure, Repetition, Run, Trial


@dataclass(frozen=True)
class Measured:
    trial: Trial
    figure: Figure
    repetitions: int


def measured(trials: list[Trial], value: Callable[[Repetition], float | None]) -> list[Measured]:
    """Those trials of which value(repetition) is known of a repetition that their figures are
    from.
    """
    found = []
    for trial in trials:
        known = [v for repetition in trial.sources if (v := value(repetition)) is not None]
        if known:
            found.append(Measured(trial, family.spread(known), len(known)))
    return found


def extremes_sentence(found: list[Measured], run: Run, what: str, formatted) -> str:
    """The highest and the lowest of them, and whether they can be told apart."""
    judged = sorted((m for m in found if m.trial.judged), key=lambda m: m.figure.median)
    if not judged:
        return f"No strategy has an undisturbed, verified {what}."
    least, most = judged[0], judged[-1]
    sentence = f"{most.trial.strategy_spec} has the highest {what}, {_written(most, formatted)}"
    if len(judged) == 1:
        return f"{most.trial.strategy_spec} alone has a {what}: {_written(most, formatted)}."
    return (
        f"{sentence}, {least.trial.strategy_spec} the lowest, {_written(least, formatted)}"
        f" ({_difference(most, least, run)})."
    )


def _written(shown: Measured, formatted) -> str:
    return verdict.bracketed(shown.figure, formatted)


def _difference(most: Measured, least: Measured, run: Run) -> str:
    repetitions = min(most.repetitions, least.repetitions)
    comparison = verdict.compare(most.figure, least.figure, run.noise_floor, repetitions)
    if comparison.clear:
        return comparison.interval()
    kind = comparison.kind
    if kind is verdict.Kind.UNKNOWN:  # a 0 among them has no ratio
        if repetitions < 2:
            kind = verdict.Kind.SINGLE
        elif most.figure.low > least.figure.high:
            return "the intervals are apart"
        else:
            kind = verdict.Kind.OVERLAPS
    return f"{kind.value}: no verdict"
