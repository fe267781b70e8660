"""Says what two measured figures allow to be said, and no more.

A difference counts when the intervals are apart, when it exceeds the run's noise floor, and when
there was more than one repetition; otherwise the sentence says which of these is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from faultline_plots import text
from faultline_plots.run.load import Figure, NoiseFloor, Trial


class Kind(Enum):
    DIFFERS = "differs"
    OVERLAPS = "the intervals overlap"
    BELOW_NOISE = "the difference is below the noise floor"
    SINGLE = "there is only one repetition, so no interval"
    UNKNOWN = "a figure is missing or not positive"


@dataclass(frozen=True)
class Comparison:
    """`ratio` is first / second, `low` and `high` its bounds from the ends of both intervals, hence
    wide.
    """

    kind: Kind
    ratio: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def clear(self) -> bool:
        return self.kind is Kind.DIFFERS

    def interval(self) -> str:
        if self.kind is Kind.SINGLE:
            return text.times(self.ratio)
        return (
            f"{text.times(self.ratio)} [{text.significant(self.low)} {text.significant(self.high)}]"
        )


def compare(
    first: Figure | None, second: Figure | None, noise: NoiseFloor | None, repetitions: int
) -> Comparison:
    """`repetitions`: of the trial that has fewer."""
    if (
        first is None
        or second is None
        or min(first.low, second.low, first.median, second.median) <= 0
    ):
        return Comparison(Kind.UNKNOWN)
    ratio = first.median / second.median
    low, high = first.low / second.high, first.high / second.low
    if repetitions < 2:
        kind = Kind.SINGLE
    elif first.low <= second.high and second.low <= first.high:
        kind = Kind.OVERLAPS
    elif noise is not None and max(ratio, 1 / ratio) <= noise.factor:
        kind = Kind.BELOW_NOISE
    else:
        kind = Kind.DIFFERS
    return Comparison(kind, ratio, low, high)


def compare_trials(first: Trial, second: Trial, name: str, noise: NoiseFloor | None) -> Comparison:
    repetitions = min(len(first.sources), len(second.sources))
    return compare(first.figure(name), second.figure(name), noise, repetitions)


@dataclass(frozen=True)
class Lead:
    """The trial with the best median, those that can't be told from it, and the best of those that
    can.
    """

    best: Trial
    ties: tuple[tuple[Trial, Comparison], ...]
    runner_up: tuple[Trial, Comparison] | None


def lead(trials: list[Trial], name: str, noise: NoiseFloor | None, largest: bool) -> Lead | None:
    """Among trials that may be judged and have the figure `name`; None when there is none."""
    ranked = sorted(
        (t for t in trials if t.judged and t.figure(name) and t.figure(name).median > 0),
        key=lambda trial: trial.figure(name).median,
        reverse=largest,
    )
    if not ranked:
        return None
    compared = [(other, compare_trials(ranked[0], other, name, noise)) for other in ranked[1:]]
    return Lead(
        best=ranked[0],
        ties=tuple(pair for pair in compared if not pair[1].clear),
        runner_up=next((pair for pair in compared if pair[1].clear), None),
    )


def bracketed(figure: Figure, formatted) -> str:
    """[low median high], each by `formatted`."""
    return f"[{formatted(figure.low)} {formatted(figure.median)} {formatted(figure.high)}]"


def tie_sentence(found: Lead) -> str:
    """Why each tied trial can't be told from the best; "" without ties."""
    parts = []
    for kind in (Kind.OVERLAPS, Kind.BELOW_NOISE, Kind.SINGLE, Kind.UNKNOWN):
        names = [trial.strategy_spec for trial, comparison in found.ties if comparison.kind is kind]
        if names:
            parts.append(f"{text.listing(names)} ({kind.value})")
    if not parts:
        return ""
    return f"It can't be told from {'; nor from '.join(parts)}."


def noise_sentence(noise: NoiseFloor | None) -> str:
    if noise is None:
        return (
            "The run has no noise floor (no strategy was measured twice): small differences may"
            " mean nothing."
        )
    return f"Differences up to {text.percent(noise.factor)} are noise in this run."
