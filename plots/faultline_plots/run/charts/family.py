"""What a chart family hands to the report."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from matplotlib import figure as drawing

from faultline_plots import text
from faultline_plots.run.load import Figure, Run, Trial
from faultline_plots.run.regime import Group, groups, largest, strategies

# A page with more charts of one family than this is not read; the rest is in the table.
_MOST_GROUPS = 6


@dataclass
class Chart:
    """`regime`: what holds for all that is drawn. `reading`: true sentences about the figures
    drawn.
    """

    title: str
    regime: str
    figure: drawing.Figure
    reading: str


@dataclass
class Family:
    """Charts, or the reason why there is none; and notes on what was left out."""

    charts: list[Chart] = field(default_factory=list)
    reason: str = ""
    notes: list[str] = field(default_factory=list)


def usable_groups(run: Run, usable, fewest: int) -> list[tuple[Group, list[Trial]]]:
    """The groups with at least `fewest` trials that store something and of which usable(trial)
    holds, each with those.
    """
    found = []
    for group in groups(run):
        trials = [trial for trial in group.trials if trial.stores and usable(trial)]
        if len(trials) >= fewest:
            found.append((group, trials))
    return found


def per_every_group(run: Run, usable, draw, nothing: str, fewest: int = 1) -> Family:
    """As per_group, but of all groups, those that differ in record size or operations too, and of
    trials without figures as well.
    """
    found = usable_groups(run, usable, fewest)
    return Family([draw(*pair) for pair in found], "" if found else nothing)


def per_group(run: Run, usable, draw, nothing: str, fewest: int = 2) -> Family:
    """A chart for each group with at least `fewest` contenders of which usable(trial) holds:
    draw(group, trials) gives it, in the order of the run. Of many groups, those with most
    strategies. `nothing`: the reason to give when there is none.
    """
    found = usable_groups(run, lambda trial: trial.drawn and usable(trial), fewest)
    if not found:
        return Family(reason=nothing)
    by_size = sorted(largest(found), key=lambda pair: -strategies(pair[1]))[:_MOST_GROUPS]
    chosen = {id(group) for group, _ in by_size}
    family = Family(charts=[draw(*pair) for pair in found if id(pair[0]) in chosen])
    left = [group.title for group, _ in found if id(group) not in chosen]
    if left:
        family.notes.append(
            f"In the table only: {len(left)} more comparison{'s' * (len(left) > 1)}, of"
            f" {text.listing(list(dict.fromkeys(left)))}, with other record sizes, passes or"
            " latency settings, or with fewer strategies."
        )
    return family


def row_name(trial: Trial) -> str:
    return trial.strategy_spec + (" (disturbed)" if trial.figures_disturbed else "")


def disturbed_sentence(trials: list[Trial]) -> str:
    """Says which rows or points are from disturbed repetitions only, and that no verdict uses them;
    "" without any.
    """
    sound = {trial.strategy_spec for trial in trials if not trial.figures_disturbed}
    marked = dict.fromkeys(trial.strategy_spec for trial in trials if trial.figures_disturbed)
    names = [f"some points of {name}" if name in sound else name for name in marked]
    if not names:
        return ""
    return (
        f"Of {text.listing(names)} there are disturbed repetitions only: drawn, but in no verdict."
    )


def left_out_sentence(left_out: str) -> str:
    """Narrows the sentences that follow to what is drawn; "" when everything is."""
    return f"{left_out} What follows is of those drawn." if left_out else ""


def joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def spread(values: list[float | None]) -> Figure | None:
    """Of repetitions: the median, with the smallest and the largest; None where none is known."""
    known = [value for value in values if value is not None]
    return Figure(min(known), statistics.median(known), max(known)) if known else None


def spans(figure) -> tuple[list[float], list[float]]:
    """A figure's interval as matplotlib's error bars want it: distances, never negative."""
    return [max(0.0, figure.median - figure.low)], [max(0.0, figure.high - figure.median)]
