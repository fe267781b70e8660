"""A crossover document as plain objects (docs/documents.md, "Crossover document").

Strategies are numbered in the document's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from faultline_plots import text
from faultline_plots.build import Inconsistent
from faultline_plots.scale import Drawable, Unit

SCHEMA = "crossover.schema.json"
FigureName = Literal["ns_per_operation", "durable_ns_per_operation", "steady_ns_per_operation"]
FIGURES: dict[FigureName, str] = {
    "ns_per_operation": "accepted",
    "durable_ns_per_operation": "durable",
    "steady_ns_per_operation": "steady",
}
Verdict = Literal["faster", "slower", "tied", "inconclusive"]


@dataclass(frozen=True)
class Axis:
    parameter: str
    kind: Literal["size", "count", "real"]
    low: Drawable
    high: Drawable
    scale: Literal["log", "linear"]

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise Inconsistent(f"{self.high:g} is not above low, {self.low:g}", "high")

    @property
    def logarithmic(self) -> bool:
        return self.scale == "log"

    @property
    def unit(self) -> Unit:
        if self.parameter == "data-to-memory":
            return "ratio"
        return "bytes" if self.kind == "size" else "count"

    def text(self, value: float) -> str:
        if self.kind == "size":
            return text.size(value)
        return text.whole(value) if self.kind == "count" else f"{value:.4g}"


@dataclass(frozen=True)
class Strategy:
    spec: str


@dataclass(frozen=True)
class Estimate:
    """Nanoseconds per operation."""

    median: Drawable
    low: Drawable
    high: Drawable


@dataclass(frozen=True)
class Ratio:
    """How many times as fast as the baseline a strategy is; low and high: None without an
    interval.
    """

    median: Drawable
    low: Drawable | None
    high: Drawable | None


@dataclass(frozen=True)
class Result:
    """A strategy at a point. `figures`: by FIGURES."""

    spec: str
    status: Literal["ok", "interference", "failed", "unsupported", "cut off", "not run"]
    error: str | None
    figures: dict[str, Estimate | None]


@dataclass(frozen=True)
class Comparison:
    """The number behind the last strategy's is that of the twin, the second arm of one of them."""

    strategy: int
    baseline: int
    verdict: Verdict
    ratio: Ratio | None


@dataclass(frozen=True)
class Point:
    """`winners`: the best strategy and those tied with it; none where nothing can be told.
    `inconclusive`: why. `results`: in the order of the strategies.
    """

    x: Drawable
    rounds: int
    winners: tuple[int, ...]
    inconclusive: str | None
    comparisons: tuple[Comparison, ...]
    results: tuple[Result, ...]

    def compared(self, strategy: int) -> tuple[Ratio, Verdict] | None:
        """A strategy with the first one; None where no ratio is known."""
        for one in self.comparisons:
            if (one.strategy, one.baseline) == (strategy, 0) and one.ratio:
                return one.ratio, one.verdict
        return None

    def speed(self, strategy: int) -> Ratio | None:
        found = self.compared(strategy)
        return found[0] if found else None


@dataclass(frozen=True)
class Range:
    low: Drawable
    high: Drawable
    strategy: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Boundary:
    start: int = field(metadata={"member": "from"})
    to: int
    value: Drawable
    low: Drawable
    high: Drawable


@dataclass(frozen=True)
class Row:
    """y: None without a second axis."""

    y: Drawable | None
    points: tuple[Point, ...]
    ranges: tuple[Range, ...]
    boundaries: tuple[Boundary, ...] = field(metadata={"member": "crossovers"})

    def strategies(self) -> Iterator[tuple[int, tuple[str | int, ...]]]:
        """Every strategy that it names, and where. Twins are none."""
        for index, point in enumerate(self.points):
            for place, winner in enumerate(point.winners):
                yield winner, ("points", index, "winners", place)
        for index, one in enumerate(self.ranges):
            yield one.strategy, ("ranges", index, "strategy")
            for place, other in enumerate(one.others):
                yield other, ("ranges", index, "others", place)
        for index, boundary in enumerate(self.boundaries):
            yield boundary.start, ("crossovers", index, "from")
            yield boundary.to, ("crossovers", index, "to")


@dataclass(frozen=True)
class Crossovers:
    """`ended`: None while the search goes on. `figure`: the one that strategies are compared by."""

    complete: bool
    ended: Literal["narrow", "budget", "interrupted"] | None
    environment: dict[str, str | None]
    warnings: tuple[str, ...]
    figure: FigureName
    strategies: tuple[Strategy, ...]
    regimes: tuple[str, ...]
    x: Axis
    y: Axis | None
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        count = len(self.strategies)
        for index, row in enumerate(self.rows):
            if self.y is not None and row.y is None:
                raise Inconsistent("is missing, though there is a second axis", "rows", index, "y")
            for place, point in enumerate(row.points):
                if len(point.results) != count:
                    why = f"expected one for each of {count} strategies, found {len(point.results)}"
                    raise Inconsistent(why, "rows", index, "points", place, "results")
            for strategy, path in row.strategies():
                if strategy >= count:
                    why = f"there is no strategy {strategy}; there are {count}, from 0 on"
                    raise Inconsistent(why, "rows", index, *path)

    @property
    def specs(self) -> list[str]:
        return [strategy.spec for strategy in self.strategies]

    def place(self, row: Row) -> str:
        """Where the row is on the second axis; "" without one."""
        if self.y is None or row.y is None:
            return ""
        return f"{self.y.parameter} {self.y.text(row.y)}"
