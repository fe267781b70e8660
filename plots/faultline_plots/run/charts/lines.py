"""Cost or throughput against one varied quantity: lines with intervals, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from matplotlib.lines import Line2D

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts.cache_fill import touch
from faultline_plots.run.load import Figure, Run, Trial
from faultline_plots.run.regime import collect

ACCEPTED, DURABLE = "ns_per_operation", "durable_ns_per_operation"
_LEVEL = {"color": style.GREY, "linestyle": (0, (6, 3)), "linewidth": 1.2}


@dataclass(frozen=True)
class Measure:
    """What the y axes show: a panel for each of `figures`, which are names and what to call them.
    Sentences are about the first.
    """

    figures: tuple[tuple[str, str], ...]
    label: str
    formatted: Callable[[float], str]
    unit: str
    best: str
    largest: bool

    @property
    def name(self) -> str:
        return self.figures[0][0]

    def written(self, figure: Figure) -> str:
        low, median, high = (
            self.formatted(value) for value in (figure.low, figure.median, figure.high)
        )
        return f"{median} {self.unit}, {self.figures[0][1]} [{low} {high}]"


COST = Measure(
    ((ACCEPTED, "accepted"), (DURABLE, "durable")),
    "time per operation (ns, µs, ms)",
    text.duration,
    "per operation",
    "cheapest",
    largest=False,
)
THROUGHPUT = Measure(
    (("operations_per_second", "accepted"), ("durable_operations_per_second", "durable")),
    "operations per second",
    text.count,
    "operations per second",
    "fastest",
    largest=True,
)


@dataclass(frozen=True)
class Series:
    """One line: trials by the varied quantity, ascending; at least two."""

    name: str
    points: tuple[tuple[float, Trial], ...]

    @property
    def strategy(self) -> Trial:
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


def by_strategy(trials: list[Trial], x: Callable[[Trial], float]) -> list[Series]:
    """A line for each strategy with two or more values of x(trial)."""
    specs = dict.fromkeys(trial.strategy_spec for trial in trials)
    found = [
        series(spec, [(x(trial), trial) for trial in trials if trial.strategy_spec == spec])
        for spec in specs
    ]
    return [line for line in found if line]


def sweeps(
    run: Run, x: Callable[[Trial], float | None], varied: tuple[str, ...]
) -> list[list[Series]]:
    """Throughput against x(trial): lines of trials that are equal in all but the parameters
    `varied`, a list for each chart.
    """
    usable = [
        t for t in run.trials if t.drawn and t.stores and x(t) and t.figure(THROUGHPUT.name)
    ]
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
    x_text,
    level: Trial | None = None,
    measure: Measure = COST,
):
    """A panel for each figure of `measure`. `level`: a trial drawn as a horizontal line to compare
    with.
    """
    kinds = measure.figures
    xs = places(drawn)
    values = [
        figure.median for line in drawn for name, _ in kinds for _, figure in line.shown(name)
    ] + [level.figure(name).median for name, _ in kinds if level and level.figure(name)]
    handles = [_handle(line, colours, drawn) for line in drawn]
    if level:
        handles.append(
            Line2D([], [], label=text.label(f"{level.strategy_spec}, to compare", 60, 1), **_LEVEL)
        )
    figure, axes = style.new_figure(3.7, len(kinds), handles, 3)
    for axis, (name, kind) in zip(axes, kinds):
        for line in drawn:
            _line(axis, line, name, _looks(line, colours, drawn))
        if level and level.figure(name):
            shown = level.figure(name)
            axis.axhspan(shown.low, shown.high, color="#999999", alpha=0.25, linewidth=0)
            axis.axhline(shown.median, **_LEVEL)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_ylim(*style.log_limits(values))
        axis.set_xlim(xs[0] / 1.35, xs[-1] * 1.35)
        _x_ticks(axis, xs, x_text)
        style.number_axis(axis.yaxis, measure.formatted, True, values)
        axis.grid()
        axis.set_xlabel(x_label)
        axis.set_ylabel(f"{measure.label}, {kind}")
    return figure


def _x_ticks(axis, xs: list[float], x_text):
    """Ticks where the measurements are; at most eight, for their labels need room."""
    step = -(-len(xs) // 7)
    axis.set_xticks(xs[::step])
    axis.set_xticklabels([x_text(x) for x in xs[::step]], fontsize=8)
    axis.set_xticks([], minor=True)


def _looks(line: Series, colours: style.Colours, drawn: list[Series]) -> dict:
    same = [other for other in drawn if other.strategy.strategy == line.strategy.strategy]
    return {
        "color": colours.of(line.strategy.strategy),
        "marker": colours.marker(line.strategy.strategy),
        "linestyle": colours.line(same.index(line)),
        "markersize": 5,
        "linewidth": 1.5,
    }


def _handle(line: Series, colours: style.Colours, drawn: list[Series]) -> Line2D:
    return Line2D([], [], label=text.label(line.name, 60, 1), **_looks(line, colours, drawn))


def _line(axis, line: Series, name: str, looks: dict):
    shown = line.shown(name)
    # A logarithmic axis has no place for an interval that reaches 0.
    low = [max(0.0, figure.median - max(figure.low, figure.median * 1e-3)) for _, figure in shown]
    high = [max(0.0, figure.high - figure.median) for _, figure in shown]
    xs, medians = [x for x, _ in shown], [figure.median for _, figure in shown]
    axis.errorbar(xs, medians, yerr=[low, high], elinewidth=1.1, capsize=2.5, **looks)


def best_sentence(where: str, trials: list[Trial], run: Run, measure: Measure = COST) -> str:
    """Who is best of these trials, and who can't be told from it."""
    found = verdict.lead(trials, measure.name, run.noise_floor, measure.largest)
    if found is None:
        return f"{where} no figure is undisturbed and verified."
    if found.ties:
        words = f"has the {'highest' if measure.largest else 'lowest'} median"
    else:
        words = f"is the {measure.best}" if found.runner_up else "is the only one judged"
    figure = measure.written(found.best.figure(measure.name))
    sentence = f"{where}, {found.best.strategy_spec} {words}: {figure}."
    return " ".join(part for part in (sentence, verdict.tie_sentence(found)) if part)


def ends_sentence(line: Series, name: str, run: Run, x_text, quantity: str) -> str:
    """The cheapest and the dearest point of a line, and whether they can be told apart."""
    known = [(x, trial) for x, trial in line.points if trial.judged and trial.figure(name)]
    known = [(x, trial) for x, trial in known if trial.figure(name).median > 0]
    if len(known) < 2:
        return f"{line.name}: fewer than two undisturbed, verified figures."
    cheap = min(known, key=lambda pair: pair[1].figure(name).median)
    dear = max(known, key=lambda pair: pair[1].figure(name).median)
    comparison = verdict.compare_trials(dear[1], cheap[1], name, run.noise_floor)
    if comparison.kind is verdict.Kind.SINGLE:
        tail = f" ({comparison.interval()}; {comparison.kind.value})"
    elif comparison.clear:
        tail = f" ({comparison.interval()})"
    else:
        return (
            f"{line.name}: {quantity} makes no difference that can be claimed:"
            f" {comparison.kind.value}."
        )
    return (
        f"{line.name}: {_at(cheap, name, x_text)} is the cheapest, {_at(dear, name, x_text)} the"
        f" dearest{tail}."
    )


def _at(pair: tuple[float, Trial], name: str, x_text) -> str:
    figure = pair[1].figure(name)
    return f"{x_text(pair[0])} at {text.duration(figure.median)}"
