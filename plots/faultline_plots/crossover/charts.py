"""The charts of crossovers: costs against the parameter, relative speed with the boundaries, and
the map of two parameters.
"""

from __future__ import annotations

import math

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from faultline_plots import curves, scale, style, text
from faultline_plots.crossover import wording
from faultline_plots.crossover.load import FIGURES, Axis, Crossovers, Estimate, Row
from faultline_plots.page import Chart

_HEIGHT_INCHES = 3.6


def ratio(document: Crossovers, row: Row) -> Chart | None:
    """How many times as fast as the first strategy each other one is. None without any."""
    found = []
    for index, spec in enumerate(document.specs[1:], 1):
        points = [
            curves.Point(point.x, speed.median, speed.low, speed.high)
            for point in row.points
            if (speed := point.speed(index))
        ]
        if points:
            found.append(curves.Curve(spec, tuple(points)))
    if not found:
        return None
    first = document.specs[0]
    figure = _drawn(document, row, found, f"times as fast as {first}", "ratio")
    figure.axes[1].axhline(1, color=style.GREY, linewidth=1, linestyle="--", zorder=1)
    return Chart(
        f"crossover-speed{_suffix(document, row)}",
        f"Speed relative to {first}{_of_row(document, row)}",
        figure,
        wording.ratio_reading(document, row),
    )


def costs(document: Crossovers, row: Row) -> Chart | None:
    """What an operation costs by each strategy. None without any."""
    found = []
    for index, spec in enumerate(document.specs):
        points = [
            _point(point.x, cost)
            for point in row.points
            if (cost := point.results[index].figures[document.figure])
        ]
        if points:
            found.append(curves.Curve(spec, tuple(points)))
    if not found:
        return None
    label = f"{FIGURES[document.figure]}, per operation"
    return Chart(
        f"crossover-costs{_suffix(document, row)}",
        f"Cost of an operation{_of_row(document, row)}",
        _drawn(document, row, found, label, "ns"),
        wording.costs_reading(document, row),
    )


def map_of(document: Crossovers) -> Chart | None:
    """Both parameters: the best strategy as an area, what was measured as points. None without a
    second axis, and without points.
    """
    heights = [(row.y, row) for row in document.rows if row.points and row.y is not None]
    if document.y is None or not heights:
        return None
    specs, rows = document.specs, [row for _, row in heights]
    colours = style.Colours(specs)
    handles = [
        Patch(color=colours.of(spec), alpha=0.45, label=text.plot_text(spec)) for spec in specs
    ]
    handles += [
        _mark("o", "#FFFFFF", style.GREY, "several are tied"),
        _mark("x", style.GREY, style.GREY, "inconclusive, or nothing ran"),
        Line2D([], [], color="black", marker="|", label="boundary, and where it may be"),
    ]
    figure, (axes,) = style.new_figure(4.2, handles=handles, handles_per_row=3)
    x = scale.of(document.x.unit, document.x.logarithmic, [document.x.low, document.x.high])
    y = scale.of(document.y.unit, document.y.logarithmic, [document.y.low, document.y.high])
    scale.apply(axes, "x", x, document.x.parameter, [p.x for row in rows for p in row.points])
    scale.apply(axes, "y", y, document.y.parameter, [at for at, _ in heights])
    bounds = _row_bounds(document.y, [at for at, _ in heights])
    for (at, row), (bottom, top) in zip(heights, bounds):
        for one in row.ranges:
            left, right = x.place(one.low), x.place(one.high)
            # Where another is as good, no colour says that one is the best.
            colour = style.GREY if one.others else colours.of(specs[one.strategy])
            axes.add_patch(
                Rectangle(
                    (left, y.place(bottom)), right - left, y.place(top) - y.place(bottom),
                    color=colour, alpha=0.12 if one.others else 0.3, linewidth=0,
                )
            )  # fmt: skip
        height = y.place(at)
        for point in row.points:
            face = style.GREY
            if len(point.winners) == 1:
                face = colours.of(specs[point.winners[0]])
            elif point.winners:
                face = "#FFFFFF"
            axes.plot(
                [x.place(point.x)], [height], "o" if point.winners else "x", markersize=5,
                markerfacecolor=face, markeredgecolor=style.GREY, markeredgewidth=0.8, zorder=3,
            )  # fmt: skip
        for boundary in row.boundaries:
            ends = [x.place(boundary.low), x.place(boundary.high)]
            axes.plot(ends, [height] * 2, color="black", linewidth=1.6, zorder=4)
            axes.plot(
                [x.place(boundary.value)], [height], "|", color="black", markersize=13, zorder=4
            )
    return Chart(
        "crossover-map",
        f"The best strategy by {document.x.parameter} and {document.y.parameter}",
        figure,
        wording.map_reading(document, rows),
    )


def _mark(marker: str, face: str, edge: str, label: str) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=marker, markerfacecolor=face, markeredgecolor=edge, label=label
    )


def _row_bounds(axis: Axis, places: list[float]) -> list[tuple[float, float]]:
    """Half of the way to the neighbours on the axis's scale."""

    def middle(low: float, high: float) -> float:
        return math.sqrt(low * high) if axis.logarithmic and low > 0 else (low + high) / 2

    inner = [middle(low, high) for low, high in zip(places, places[1:])]
    return list(zip([axis.low, *inner], [*inner, axis.high]))


def _point(x: float, estimate: Estimate) -> curves.Point:
    return curves.Point(x, estimate.median, estimate.low, estimate.high)


def _drawn(
    document: Crossovers, row: Row, found: list[curves.Curve], label: str, unit: scale.Unit
) -> Figure:
    """With the boundaries behind the curves."""
    heights = [
        v for curve in found for p in curve.points for v in (p.y, p.low, p.high) if v is not None
    ]
    if unit == "ratio":
        heights.append(1.0)
    x = scale.of(document.x.unit, document.x.logarithmic, [document.x.low, document.x.high])
    y = scale.of(unit, style.wide(heights, 3), heights)
    figure = curves.draw(
        found,
        curves.Axis(document.x.parameter, x),
        curves.Axis(label, y),
        style.WIDTH_INCHES,
        _HEIGHT_INCHES,
    )
    for boundary in row.boundaries:
        low, high = x.place(boundary.low), x.place(boundary.high)
        figure.axes[1].axvspan(low, high, color="#F7C6AE", alpha=0.5, linewidth=0, zorder=0)
        figure.axes[1].axvline(x.place(boundary.value), color="#D55E00", linewidth=1.2, zorder=1)
    return figure


def _suffix(document: Crossovers, row: Row) -> str:
    if document.y is None or row.y is None:
        return ""
    return f"-{style.slug(f'{document.y.parameter}-{row.y:g}')}"


def _of_row(document: Crossovers, row: Row) -> str:
    place = document.place(row)
    return f", {place}" if place else ""
