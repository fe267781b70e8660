"""Reads a crossover document (docs/documents.md, "faultline-crossover/2") into plain objects, or
throws LoadError with the place of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import text
from faultline_plots.document import At, Document

SCHEMA = "faultline-crossover/2"
KINDS = ("size", "count", "real")
SCALES = ("log", "linear")
STATUSES = ("ok", "interference", "failed", "unsupported", "cut off", "not run")
VERDICTS = ("faster", "slower", "tied", "inconclusive")
ENDS = ("narrow", "budget", "interrupted")
FIGURES = {
    "ns_per_operation": "accepted",
    "durable_ns_per_operation": "durable",
    "steady_ns_per_operation": "steady",
}


@dataclass(frozen=True)
class Axis:
    parameter: str
    kind: str
    low: float
    high: float
    logarithmic: bool

    @property
    def unit(self) -> str:
        """As scale.UNITS has it."""
        if self.parameter == "data-to-memory":
            return "ratio"
        return "bytes" if self.kind == "size" else "count"

    def text(self, value: float) -> str:
        if self.kind == "size":
            return text.binary_size(value)
        return text.whole(value) if self.kind == "count" else f"{value:.4g}"


@dataclass(frozen=True)
class Estimate:
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """A strategy at a point. `costs`: ns per operation by the figure's name."""

    spec: str
    status: str
    error: str
    costs: dict[str, Estimate | None]


@dataclass(frozen=True)
class Comparison:
    """`ratio`: how many times as fast as the baseline the strategy is. None where it is not known;
    `low` and `high` are None where it has no interval.
    """

    verdict: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Point:
    """`winners`: the best strategy and those tied with it; none where nothing can be told.
    `inconclusive`: why, or "". `comparisons`: by strategy and baseline, where the number behind the
    last strategy's is that of the second arm of one of them. `results`: in the order of the
    strategies.
    """

    x: float
    rounds: int
    winners: tuple[int, ...]
    inconclusive: str
    comparisons: dict[tuple[int, int], Comparison]
    results: tuple[Result, ...]

    def speed(self, strategy: int) -> Comparison | None:
        """Of a strategy against the first one; None where no ratio is known."""
        found = self.comparisons.get((strategy, 0))
        return found if found and found.ratio is not None else None


@dataclass(frozen=True)
class Range:
    low: float
    high: float
    strategy: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Boundary:
    start: int
    to: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """y: None without a second axis."""

    y: float | None
    points: tuple[Point, ...]
    ranges: tuple[Range, ...]
    boundaries: tuple[Boundary, ...]


@dataclass(frozen=True)
class Crossovers:
    complete: bool
    ended: str | None
    environment: dict[str, str | None]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    figure: str
    strategies: tuple[str, ...]
    regimes: tuple[str, ...]
    x: Axis
    y: Axis | None
    rows: tuple[Row, ...]


def load(source: Document) -> Crossovers:
    """Throws LoadError."""
    root = source.root
    strategies = tuple(
        at.get("spec").required_text() for at in root.get("strategies").required_elements()
    )
    ended, y = root.get("ended"), root.get("y")
    axis = None if y.value is None else _axis(y)
    return Crossovers(
        complete=root.get("complete").truth() is True,
        ended=None if ended.value is None else ended.one_of(ENDS),
        environment=source.environment(),
        notes=source.notes,
        warnings=tuple(at.required_text() for at in root.get("warnings").elements()),
        figure=root.get("figure").one_of(tuple(FIGURES)),
        strategies=strategies,
        regimes=tuple(at.required_text() for at in root.get("regimes").elements()),
        x=_axis(root.get("x")),
        y=axis,
        rows=tuple(
            _row(at, len(strategies), axis is not None)
            for at in root.get("rows").required_elements()
        ),
    )


def _axis(at: At) -> Axis:
    low, high = at.get("low").required_drawable(), at.get("high").required_drawable()
    if not 0 <= low < high:
        at.get("high").refuse(f"not above low, {low:g}, or low is below 0")
    return Axis(
        parameter=at.get("parameter").required_text(),
        kind=at.get("kind").one_of(KINDS),
        low=low,
        high=high,
        logarithmic=at.get("scale").one_of(SCALES) == "log",
    )


def _row(at: At, strategies: int, needs_y: bool) -> Row:
    y = at.get("y")
    points = [_point(one, strategies) for one in at.get("points").required_elements()]
    boundaries = [_boundary(one, strategies) for one in at.get("crossovers").elements()]
    return Row(
        y=_place(y) if needs_y else None,
        points=tuple(sorted(points, key=lambda point: point.x)),
        ranges=tuple(_range(one, strategies) for one in at.get("ranges").elements()),
        boundaries=tuple(sorted(boundaries, key=lambda boundary: boundary.value)),
    )


def _point(at: At, strategies: int) -> Point:
    results = [_result(one) for one in at.get("results").required_elements()]
    if len(results) != strategies:
        at.get("results").fail(f"one for each of {strategies} strategies")
    return Point(
        x=_place(at.get("x")),
        rounds=at.get("rounds").whole() or 0,
        winners=tuple(_index(one, strategies) for one in at.get("winners").elements()),
        inconclusive=at.get("inconclusive").text() or "",
        comparisons=dict(
            _comparison(one, strategies) for one in at.get("comparisons").required_elements()
        ),
        results=tuple(results),
    )


def _result(at: At) -> Result:
    figures = at.get("figures")
    return Result(
        spec=at.get("spec").required_text(),
        status=at.get("status").one_of(STATUSES),
        error=at.get("error").text() or "",
        costs={name: _estimate(figures.member(name)) for name in FIGURES},
    )


def _comparison(at: At, strategies: int) -> tuple[tuple[int, int], Comparison]:
    arms = _index(at.get("strategy"), strategies + 1), _index(at.get("baseline"), strategies)
    ratio = at.get("ratio")
    median, low, high = None, None, None
    if ratio.value is not None:
        median = ratio.get("median").required_drawable()
        low, high = ratio.get("low").drawable(), ratio.get("high").drawable()
        if min(value for value in (median, low, high) if value is not None) < 0:
            ratio.get("low").refuse("below 0")
    return arms, Comparison(at.get("verdict").one_of(VERDICTS), median, low, high)


def _estimate(at: At) -> Estimate | None:
    if at.value is None:
        return None
    values = [at.get(name).required_drawable() for name in ("median", "low", "high")]
    if min(values) < 0:
        at.get("low").refuse("below 0")
    return Estimate(*values)


def _range(at: At, strategies: int) -> Range:
    return Range(
        _place(at.get("low")),
        _place(at.get("high")),
        _index(at.get("strategy"), strategies),
        tuple(_index(one, strategies) for one in at.get("others").elements()),
    )


def _boundary(at: At, strategies: int) -> Boundary:
    return Boundary(
        _index(at.get("from"), strategies),
        _index(at.get("to"), strategies),
        *(_place(at.get(name)) for name in ("value", "low", "high")),
    )


def _place(at: At) -> float:
    """On an axis, whose values are never below 0."""
    value = at.required_drawable()
    if value < 0:
        at.refuse("below 0")
    return value


def _index(at: At, count: int) -> int:
    value = at.whole()
    if value is None or not 0 <= value < count:
        at.fail(f"a strategy's number below {count}")
    return value
