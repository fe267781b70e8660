"""Horizontal bars with intervals, of a figure per trial; points where only a logarithmic axis shows
them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from faultline_plots import style, text
from faultline_plots.run.charts import family
from faultline_plots.run.load import Figure, Trial


@dataclass(frozen=True)
class Row:
    """`figure`: None where it is not known, and said to be so."""

    label: str
    figure: Figure | None
    colour: str


def row(trial: Trial, figure: Figure | None, colours: style.Colours) -> Row:
    return Row(family.row_name(trial), figure, family.colour(trial, colours))


def draw(
    axes: Axes,
    rows: list[Row],
    title: str,
    unit: str,
    mark: float | None = None,
    formatted: text.Format = text.times,
) -> None:
    """One bar for each row, with its median behind it. `mark`: where a dashed line is drawn."""
    known = [row.figure for row in rows if row.figure]
    values = [value for f in known for value in (f.low, f.median, f.high)]
    values += [] if mark is None else [float(mark)]
    logarithmic = style.wide(values)
    _limits(axes, values, logarithmic)
    if mark is not None:
        axes.axvline(mark, color=style.GREY, linestyle=(0, (4, 3)), linewidth=1)
    for place, each in enumerate(rows):
        _row(axes, place, each, logarithmic, formatted)
    style.number_axis(axes.xaxis, text.count, logarithmic, values)
    axes.grid(axis="x")
    style.row_labels(axes, [each.label for each in rows])
    axes.set_xlabel(f"{title} ({unit}" + (", logarithmic)" if logarithmic else ")"))


def _limits(axes: Axes, values: list[float], logarithmic: bool) -> None:
    if logarithmic:
        axes.set_xscale("log")
        low, high = style.log_limits(values)
        axes.set_xlim(low, high * 3)
    else:
        axes.set_xlim(0, max(values) * 1.2 or 1)


def _row(axes: Axes, place: int, row: Row, logarithmic: bool, formatted: text.Format) -> None:
    left: float = axes.get_xlim()[0]
    figure = row.figure
    if figure is None:
        words, end, distance = "n/a", left, 4
    else:
        words = formatted(figure.median) if figure.median else "0"
        end, distance = max(figure.high, left), 6
        if figure.median > 0:
            _mark(axes, place, figure, row.colour, logarithmic)
    axes.annotate(
        words,
        (end, place),
        xytext=(distance, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
    )


def _mark(axes: Axes, place: int, figure: Figure, colour: str, logarithmic: bool) -> None:
    if logarithmic:
        axes.plot(figure.median, place, "o", color=colour, markersize=6)
        family.whisker(axes, figure, place, lowest=axes.get_xlim()[0])
    else:
        axes.barh(place, figure.median, 0.6, color=colour)
        family.whisker(axes, figure, place)
