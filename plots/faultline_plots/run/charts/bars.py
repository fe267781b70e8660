"""Horizontal bars with intervals, of a figure per trial; points where only a logarithmic axis shows
them all.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    axis,
    rows: list[Row],
    title: str,
    unit: str,
    mark: float | None = None,
    formatted=text.times,
):
    """One bar for each row, with its median behind it. `mark`: where a dashed line is drawn."""
    known = [row.figure for row in rows if row.figure]
    values = [value for f in known for value in (f.low, f.median, f.high)]
    values += [] if mark is None else [float(mark)]
    logarithmic = style.wide(values)
    _limits(axis, values, logarithmic)
    if mark is not None:
        axis.axvline(mark, color=style.GREY, linestyle=(0, (4, 3)), linewidth=1)
    for place, each in enumerate(rows):
        _row(axis, place, each, logarithmic, formatted)
    style.number_axis(axis.xaxis, text.count, logarithmic, values)
    axis.grid(axis="x")
    style.row_labels(axis, [each.label for each in rows])
    axis.set_xlabel(f"{title} ({unit}" + (", logarithmic)" if logarithmic else ")"))


def _limits(axis, values: list[float], logarithmic: bool):
    if logarithmic:
        axis.set_xscale("log")
        low, high = style.log_limits(values)
        axis.set_xlim(low, high * 3)
    else:
        axis.set_xlim(0, max(values) * 1.2 or 1)


def _row(axis, place: int, row: Row, logarithmic: bool, formatted):
    left = axis.get_xlim()[0]
    figure = row.figure
    if figure is None:
        words, end, distance = "n/a", left, 4
    else:
        words = formatted(figure.median) if figure.median else "0"
        end, distance = max(figure.high, left), 6
        if figure.median > 0:
            _mark(axis, place, figure, row.colour, logarithmic)
    axis.annotate(
        words,
        (end, place),
        xytext=(distance, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
    )


def _mark(axis, place: int, figure: Figure, colour: str, logarithmic: bool):
    if logarithmic:
        axis.plot(figure.median, place, "o", color=colour, markersize=6)
        family.whisker(axis, figure, place, lowest=axis.get_xlim()[0])
    else:
        axis.barh(place, figure.median, 0.6, color=colour)
        family.whisker(axis, figure, place)
