"""Curves over one varied quantity: lines with markers and intervals. Curves that coincide are one
line with the names of all of them, so that none hides another.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from faultline_plots import scale as scales
from faultline_plots import style, text
from faultline_plots.scale import Drawable, Scale

# Keyword arguments of matplotlib for a line.
_Look: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """low and high: None without an interval."""

    x: Drawable
    y: Drawable
    low: Drawable | None = None
    high: Drawable | None = None


@dataclass(frozen=True)
class Curve:
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Axis:
    label: str
    scale: Scale


def merged(curves: list[Curve]) -> list[tuple[list[str], tuple[Point, ...]]]:
    """Curves with equal points together: their labels, and the points. In order of appearance."""
    found: dict[tuple[Point, ...], list[str]] = {}
    for curve in curves:
        found.setdefault(curve.points, []).append(curve.label)
    return [(labels, points) for points, labels in found.items()]


def draw(
    curves: list[Curve], x: Axis, y: Axis, width_inches: float, height_inches: float
) -> Figure:
    """A figure with a legend above. Every curve has at least one point."""
    together = merged(curves)
    names = [_legend_text(labels, width_inches) for labels, _ in together]
    colours = style.Colours(str(index) for index in range(len(together)))
    looks = [_looks(colours, index, _size(index, together)) for index in range(len(together))]
    handles = [Line2D([], [], label=name, **look) for name, look in zip(names, looks)]
    columns = _columns(names, width_inches)
    rows = [names[start : start + columns] for start in range(0, len(names), columns)]
    legend_inches = 0.1 + 0.2 * sum(max(name.count("\n") + 1 for name in row) for row in rows)
    figure = Figure(figsize=(width_inches, height_inches + legend_inches), constrained_layout=True)
    grid = figure.add_gridspec(2, 1, height_ratios=(legend_inches, height_inches))
    above = figure.add_subplot(grid[0, 0])
    above.axis("off")
    # By rows: matplotlib fills columns.
    order = [index for column in range(columns) for index in range(column, len(names), columns)]
    above.legend(
        handles=[handles[index] for index in order], loc="center left", ncol=columns,
        borderaxespad=0, borderpad=0,
    ).set_in_layout(False)  # fmt: skip
    axes = figure.add_subplot(grid[1, 0])
    axes.grid()
    for (_, points), look in zip(together, looks):
        _line(axes, points, x.scale, y.scale, look)
    measured = [point.x for curve in curves for point in curve.points]
    scales.apply(axes, "x", x.scale, x.label, measured)
    scales.apply(axes, "y", y.scale, y.label)
    axes.tick_params(labelsize=8.5)
    return figure


def _legend_text(labels: list[str], width_inches: float) -> str:
    words = " = ".join(labels)
    lines = textwrap.wrap(words, int(width_inches * 11), break_on_hyphens=False) or [""]
    if len(lines) > 4:
        lines = [*lines[:3], lines[3][:-1] + "…"]
    if lines[0].startswith("_"):
        lines[0] = " " + lines[0]  # else matplotlib leaves it out
    return text.plot_text("\n".join(lines))


def _columns(names: list[str], width_inches: float) -> int:
    longest = max(len(line) for name in names for line in name.split("\n"))
    # A name in the legend takes about 0.075 inches a character, and half an inch for its line.
    return max(1, min(3, len(names), int(width_inches / (0.55 + 0.075 * longest))))


def _looks(colours: style.Colours, index: int, size: float) -> _Look:
    return {
        "color": colours.of(str(index)),
        "marker": colours.marker(str(index)),
        "linestyle": colours.line(index // 12),
        "markersize": size,
        "linewidth": 1.5,
    }


def _size(index: int, together: list[tuple[list[str], tuple[Point, ...]]]) -> float:
    """Where curves share some of their points, the later ones' markers are drawn smaller upon the
    earlier ones'.
    """
    places = [{(point.x, point.y) for point in points} for _, points in together]
    shared = any(a & b for at, a in enumerate(places) for b in places[at + 1 :])
    if not shared:
        return 5.0
    return 8.5 - 4.5 * index / max(len(together) - 1, 1)


def _line(axes: Axes, points: tuple[Point, ...], x: Scale, y: Scale, look: _Look) -> None:
    xs = [x.place(point.x) for point in points]
    ys = [y.place(point.y) for point in points]
    low = [_distance(point.low, point.y, y) for point in points]
    high = [_distance(point.y, point.high, y) for point in points]
    if any(point.low is not None or point.high is not None for point in points):
        axes.errorbar(xs, ys, yerr=[low, high], elinewidth=1.1, capsize=2.5, **look)
    else:
        axes.plot(xs, ys, **look)


def _distance(low: float | None, high: float | None, y: Scale) -> float:
    """As matplotlib's error bars want it: never negative."""
    return 0.0 if low is None or high is None else max(0.0, y.place(high) - y.place(low))
