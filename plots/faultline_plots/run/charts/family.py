"""What a chart family hands to the report."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from matplotlib import figure as drawing
from matplotlib.axes import Axes

from faultline_plots import style, text
from faultline_plots.run.load import FEWEST_ROUNDS, Figure, Run, Trial
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


# Whether a trial belongs into a chart, and what draws a group's trials.
Usable: TypeAlias = Callable[[Trial], bool]
Draw: TypeAlias = Callable[[Group, list[Trial]], Chart]


def usable_groups(run: Run, usable: Usable, fewest: int) -> list[tuple[Group, list[Trial]]]:
    """The groups with at least `fewest` trials that store something and of which usable(trial)
    holds, each with those.
    """
    found = []
    for group in groups(run):
        trials = [trial for trial in group.trials if trial.stores and usable(trial)]
        if len(trials) >= fewest:
            found.append((group, trials))
    return found


def per_every_group(run: Run, usable: Usable, draw: Draw, nothing: str, fewest: int = 1) -> Family:
    """As per_group, but of all groups, those that differ in record size or operations too, and of
    trials without figures as well.
    """
    found = usable_groups(run, usable, fewest)
    return Family([draw(*pair) for pair in found], "" if found else nothing)


def per_group(run: Run, usable: Usable, draw: Draw, nothing: str, fewest: int = 2) -> Family:
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
    return trial.title + (" (with interference)" if trial.with_interference else "")


def colour(trial: Trial, colours: style.Colours) -> str:
    """Its strategy's; greyed where interference is in its figures."""
    own = colours.of(trial.strategy.name)
    return style.greyed(own) if trial.with_interference else own


def interference_sentence(trials: Sequence[Trial]) -> str:
    """Says which rows or points have repetitions with interference in them; "" without any."""
    sound = {trial.title for trial in trials if not trial.with_interference}
    marked = dict.fromkeys(trial.title for trial in trials if trial.with_interference)
    names = [f"some points of {name}" if name in sound else name for name in marked]
    if not names:
        return ""
    return (
        f"Greyed: {text.listing(names)} had fewer than {FEWEST_ROUNDS} rounds without interference,"
        " so those with interference are in the figures too."
    )


def points_sentence(figures: Sequence[Figure | None]) -> str:
    """How to read marks without an interval; "" where all have one."""
    if not any(figure and figure.points for figure in figures):
        return ""
    return (
        f"Whiskers are 95 % intervals; with fewer than {FEWEST_ROUNDS} rounds there is none, and"
        " each repetition is a small ring."
    )


def left_out_sentence(left_out: str) -> str:
    """Narrows the sentences that follow to what is drawn; "" when everything is."""
    return f"{left_out} What follows is of those drawn." if left_out else ""


def joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def spread(values: Sequence[float]) -> Figure | None:
    """Of repetitions: the median, with the smallest and the largest; None without any."""
    known = sorted(values)
    if not known:
        return None
    points = () if len(known) >= FEWEST_ROUNDS else tuple(known)
    return Figure(known[0], statistics.median(known), known[-1], points)


def whisker(
    axes: Axes, figure: Figure, place: float, width: float = 1.2, lowest: float | None = None
) -> None:
    """A row's interval, or a ring for each repetition where they are too few for one. `lowest`:
    where a logarithmic axis begins.
    """
    if figure.points:
        values = [value for value in figure.points if lowest is None or value >= lowest]
        axes.plot(
            values, [place] * len(values), linestyle="none", marker="o", markersize=3.6,
            markerfacecolor="white", markeredgecolor="black", markeredgewidth=0.8, zorder=4,
        )  # fmt: skip
        return
    low = figure.low if lowest is None else max(figure.low, lowest)
    span = [[max(0.0, figure.median - low)], [max(0.0, figure.high - figure.median)]]
    axes.errorbar(
        figure.median, place, xerr=span, fmt="none", ecolor="black", elinewidth=width, capsize=3
    )
