"""Cost or throughput against one varied quantity: lines with intervals, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from faultline_plots import style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family
from faultline_plots.run.charts.cache_fill import touch
from faultline_plots.run.comparisons import Judged
from faultline_plots.run.load import Figure, Run, Trial
from faultline_plots.run.regime import collect

ACCEPTED, DURABLE = "ns_per_operation", "durable_ns_per_operation"
_MOST_NAMES = 6
# Keyword arguments of matplotlib for a line.
_Look: TypeAlias = dict[str, Any]
_LEVEL: _Look = {"color": style.GREY, "linestyle": (0, (6, 3)), "linewidth": 1.2}


@dataclass(frozen=True)
class Measure:
    """What the y axes show: a panel for each of `figures`, which are names and what to call
    them.
    """

    figures: tuple[tuple[str, str], ...]
    label: str
    formatted: text.Format


COST = Measure(
    ((ACCEPTED, "accepted"), (DURABLE, "durable")),
    "time per operation (ns, us, ms)",
    text.duration,
)
THROUGHPUT = Measure(
    (("operations_per_second", "accepted"), ("durable_operations_per_second", "durable")),
    "operations per second",
    text.count,
)


_THROUGHPUT_NAME = THROUGHPUT.figures[0][0]


@dataclass(frozen=True)
class Series:
    """One line: trials by the varied quantity, ascending; at least two."""

    name: str
    points: tuple[tuple[float, Trial], ...]

    @property
    def first(self) -> Trial:
        return self.points[0][1]

    def shown(self, figure: str) -> list[tuple[float, Figure]]:
        found = [(x, trial.figure(figure)) for x, trial in self.points]
        return [(x, value) for x, value in found if value is not None and value.median > 0]


def series(name: str, points: list[tuple[float, Trial]]) -> Series | None:
    """None for fewer than two values of the quantity; of several trials at one value the first
    stands.
    """
    first: dict[float, Trial] = {}
    for x, trial in points:
        first.setdefault(x, trial)
    if len(first) < 2:
        return None
    return Series(name, tuple(sorted(first.items(), key=lambda pair: pair[0])))


def by_strategy(trials: list[Trial], x: Callable[[Trial], float | None]) -> list[Series]:
    """A line for each strategy with two or more values of x(trial), where it has one."""
    points: dict[str, list[tuple[float, Trial]]] = {}
    for trial in trials:
        place = x(trial)
        if place is not None:
            points.setdefault(trial.title, []).append((place, trial))
    found = [series(title, own) for title, own in points.items()]
    return [line for line in found if line]


def sweeps(
    run: Run, x: Callable[[Trial], float | None], varied: tuple[str, ...]
) -> list[list[Series]]:
    """Throughput against x(trial): lines of trials that are equal in all but the parameters
    `varied`, a list for each chart.
    """
    usable = [t for t in run.trials if t.drawn and t.stores and x(t) and t.figure(_THROUGHPUT_NAME)]
    found = [by_strategy(alike, x) for alike in collect(usable, without=(*varied, "seed"))]
    return [drawn for drawn in found if drawn]


def throughput(drawn: list[Series]) -> Measure:
    """Accepted and durable; of trials that change nothing accepted only, for both are the same."""
    if touch(trials_of(drawn)) != "reading":
        return THROUGHPUT
    return replace(THROUGHPUT, figures=THROUGHPUT.figures[:1])


def at(drawn: list[Series], x: float) -> list[Trial]:
    return [trial for line in drawn for place, trial in line.points if place == x]


def places(drawn: list[Series]) -> list[float]:
    """Where there are points, ascending."""
    return sorted({x for line in drawn for x, _ in line.points})


def trials_of(drawn: list[Series]) -> list[Trial]:
    return [trial for line in drawn for _, trial in line.points]


def draw(
    drawn: list[Series],
    colours: style.Colours,
    x_label: str,
    x_text: text.Format,
    level: Trial | None = None,
    measure: Measure = COST,
) -> Drawing:
    """A panel for each figure of `measure`. `level`: a trial drawn as a horizontal line to compare
    with.
    """
    kinds = measure.figures
    xs = places(drawn)
    levels = {name: shown for name, _ in kinds if level and (shown := level.figure(name))}
    values = [figure.median for figure in figures_of(drawn, measure)]
    values += [shown.median for shown in levels.values()]
    handles = [_handle(line, colours, drawn) for line in drawn]
    if level:
        handles.append(
            Line2D([], [], label=text.label(f"{level.title}, to compare", 60, 1), **_LEVEL)
        )
    figure, panels = style.new_figure(3.7, len(kinds), handles, 3)
    for axes, (name, kind) in zip(panels, kinds):
        for line in drawn:
            _line(axes, line, name, _looks(line, colours, drawn))
        if name in levels:
            shown = levels[name]
            if not shown.points:
                axes.axhspan(shown.low, shown.high, color="#999999", alpha=0.25, linewidth=0)
            axes.axhline(shown.median, **_LEVEL)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(*style.log_limits(values))
        axes.set_xlim(xs[0] / 1.35, xs[-1] * 1.35)
        _x_ticks(axes, xs, x_text)
        style.number_axis(axes.yaxis, measure.formatted, True, values)
        axes.grid()
        axes.set_xlabel(x_label)
        axes.set_ylabel(f"{measure.label}, {kind}")
    return figure


def _x_ticks(axes: Axes, xs: list[float], x_text: text.Format) -> None:
    """Ticks where the measurements are; at most eight, for their labels need room."""
    step = -(-len(xs) // 7)
    axes.set_xticks(xs[::step])
    axes.set_xticklabels([x_text(x) for x in xs[::step]], fontsize=8)
    axes.set_xticks([], minor=True)


def _looks(line: Series, colours: style.Colours, drawn: list[Series]) -> _Look:
    strategy = line.first.strategy.name
    same = [other for other in drawn if other.first.strategy.name == strategy]
    return {
        "color": colours.of(strategy),
        "marker": colours.marker(strategy),
        "linestyle": colours.line(same.index(line)),
        "markersize": 5,
        "linewidth": 1.5,
    }


def _handle(line: Series, colours: style.Colours, drawn: list[Series]) -> Line2D:
    return Line2D([], [], label=text.label(line.name, 60, 1), **_looks(line, colours, drawn))


def _line(axes: Axes, line: Series, name: str, looks: _Look) -> None:
    shown = line.shown(name)
    axes.plot([x for x, _ in shown], [figure.median for _, figure in shown], **looks)
    greyed = {x for x, trial in line.points if trial.with_interference}
    for x, figure in shown:
        colour = style.greyed(looks["color"]) if x in greyed else looks["color"]
        if figure.points:
            axes.plot(
                [x] * len(figure.points), figure.points, linestyle="none", marker="o",
                markersize=3.2, markerfacecolor="white", markeredgecolor=colour,
                markeredgewidth=0.8, zorder=4,
            )  # fmt: skip
        else:
            # A logarithmic axis has no place for an interval that reaches 0.
            low = max(0.0, figure.median - max(figure.low, figure.median * 1e-3))
            high = max(0.0, figure.high - figure.median)
            axes.errorbar(
                x, figure.median, yerr=[[low], [high]], fmt="none", ecolor=colour, elinewidth=1.1,
                capsize=2.5,
            )  # fmt: skip
        if x in greyed:
            axes.plot(x, figure.median, marker=looks["marker"], color=colour, zorder=3)


def figures_of(drawn: list[Series], measure: Measure = COST) -> list[Figure]:
    return [
        figure for line in drawn for name, _ in measure.figures for _, figure in line.shown(name)
    ]


def answer_sentence(where: str, trials: list[Trial], run: Run) -> str:
    """What the document says of these trials' accepted times. They are of one group, or of one in
    each of several sections.
    """
    sentences = []
    for title in dict.fromkeys(trial.group for trial in trials):
        own = [trial for trial in trials if trial.group == title]
        told = wording.answer(
            run.judged.get(title, Judged(title)), wording.ACCEPTED, [trial.title for trial in own]
        )
        sentences.append(f"{where}: {told}" if told else f"{where}: nothing is compared.")
    return family.joined(*dict.fromkeys(sentences))


def ends_sentence(
    line: Series, name: str, x_text: text.Format, formatted: text.Format = text.duration
) -> str:
    """The figures at both ends of a line."""
    shown = line.shown(name)
    if len(shown) < 2:
        return ""
    ends = [f"{formatted(figure.median)} at {x_text(x)}" for x, figure in (shown[0], shown[-1])]
    return f"{line.name} {' and '.join(ends)}"


def ends_sentences(
    drawn: list[Series],
    name: str,
    x_text: text.Format,
    what: str,
    formatted: text.Format = text.duration,
) -> str:
    """Of lines whose points are of different groups, which the document doesn't compare."""
    parts = [ends_sentence(line, name, x_text, formatted) for line in drawn]
    parts = [part for part in parts if part]
    if not parts:
        return ""
    return (
        f"Medians: {'; '.join(parts[:_MOST_NAMES])}. {what} are different groups: the run doesn't"
        " compare them."
    )
