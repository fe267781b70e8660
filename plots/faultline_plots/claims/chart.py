"""A chart of a claim's evidence."""

from __future__ import annotations

from matplotlib.figure import Figure

from faultline_plots import curves, scale
from faultline_plots.claims.load import Axis, Chart

WIDTH_INCHES = 5.0
_HEIGHT_INCHES = 2.9


def draw(chart: Chart) -> Figure | None:
    """None when there is no point to draw."""
    points = _points(chart)
    if not points:
        return None
    heights = [value for p in points for value in (p.y, p.low, p.high) if value is not None]
    if min(point.y for point in points) >= 0:
        # An interval that reaches below 0 is no reason for a linear axis.
        heights = [max(value, 0.0) for value in heights]
    return curves.draw(
        chart.drawn,
        _axis(chart.x, [point.x for point in points]),
        _axis(chart.y, heights),
        WIDTH_INCHES,
        _HEIGHT_INCHES,
    )


def notes(chart: Chart) -> list[str]:
    """What the reader of the chart must know besides its reading."""
    found = []
    points = _points(chart)
    intervals = [point for point in points if point.low is not None and point.high is not None]
    if intervals:
        found.append(
            "Whiskers are 95 % intervals."
            if len(intervals) == len(points)
            else "Whiskers are 95 % intervals, where there is one."
        )
    for name, axis, values in (
        ("horizontal", chart.x, [point.x for point in points]),
        ("vertical", chart.y, [point.y for point in points]),
    ):
        if axis.logarithmic and values and min(values) < 0:
            found.append(f"The {name} axis is linear, as some values are below 0.")
        elif axis.logarithmic and values and min(values) == 0 < max(values):
            found.append(f"On the {name} axis, 0 has a place of its own beyond the dotted line.")
    return found


def _points(chart: Chart) -> list[curves.Point]:
    return [point for curve in chart.curves for point in curve.points]


def _axis(axis: Axis, values: list[float]) -> curves.Axis:
    return curves.Axis(axis.label, scale.of(axis.unit, axis.logarithmic, values))
