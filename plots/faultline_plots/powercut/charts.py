"""The charts on power cuts: what survives by age, and what the records hold."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from faultline_plots import scale, style, text
from faultline_plots.page import Chart
from faultline_plots.powercut import wording
from faultline_plots.powercut.load import BAD_VERDICTS, RECORD_VERDICTS, Bin, PowerCuts, Row

_COLUMNS = 3
_COLOURS = dict(
    zip(RECORD_VERDICTS, ("#0072B2", "#C9D3DC", "#E69F00", "#D55E00", "#000000", "#CC79A7"))
)  # fmt: skip


def survival(document: PowerCuts) -> Chart | None:
    """Share of the updates that survive against their age, a panel for each strategy: curves at 0
    and at 100 % lie on each other, so one panel for all would hide some. None without any.
    """
    rows = [
        row
        for row in document.rows
        if row.instant == "during" and row.status == "ok" and row.survival
    ]
    if not rows:
        return None
    columns = min(_COLUMNS, len(rows))
    lines = -(-len(rows) // columns)
    figure = Figure(figsize=(style.WIDTH_INCHES, 0.6 + 1.85 * lines), constrained_layout=True)
    grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    axis = scale.of("seconds", True, _age_ends(rows))
    panels = list(grid.flat)
    for place, axes in enumerate(panels):
        if place >= len(rows):
            axes.axis("off")
            continue
        for other in rows:
            _line(axes, other, axis, "#D5D9DD", behind=True)
        _line(axes, rows[place], axis, "#0072B2", behind=False)
        axes.set_title(text.label(rows[place].spec, 38, 2), fontsize=9, loc="left")
        axes.grid()
        scale.apply(axes, "x", axis, "")
        axes.set_xlabel("")  # one for all panels
        scale.apply(axes, "y", scale.of("share", False, [0, 1]), "")
        # Panels above an empty place are the lowest of their column.
        axes.tick_params(labelsize=8, labelbottom=place + columns >= len(rows))
    figure.supxlabel("time between an update and the power cut (logarithmic)", fontsize=9.5)
    figure.supylabel("updates that survived", fontsize=9.5)
    reading = wording.survival_reading(rows)
    if len(rows) > 1:
        reading += " In grey: the other strategies."
    return Chart(
        "powercut-survival",
        "Which updates survive a power cut, by their age",
        figure,
        reading,
        regime="Power cut during the updates",
    )


def _age_ends(rows: list[Row]) -> list[float]:
    ends: list[float] = []
    for row in rows:
        for one in row.survival:
            ends += [left for left in (one.age_low_seconds,) if left > 0]
            ends += [_middle(one), one.age_high_seconds]
    return ends


def _middle(one: Bin) -> float:
    if one.age_low_seconds == 0:
        return one.age_high_seconds / 2
    return math.sqrt(one.age_low_seconds * one.age_high_seconds)


def _line(axes: Axes, row: Row, axis: scale.Scale, colour: str, behind: bool) -> None:
    xs, shares = [_middle(one) for one in row.survival], [one.share for one in row.survival]
    layer = 1.5 if behind else 3
    axes.plot(xs, shares, color=colour, linewidth=1.0 if behind else 1.6, zorder=layer)
    if behind:
        return
    for one, x in zip(row.survival, xs):
        ends = [max(one.age_low_seconds, axis.low), one.age_high_seconds]
        axes.plot(
            ends, [one.share] * 2, color=colour,
            linewidth=3, alpha=0.35, zorder=layer, solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
        few = one.updates < wording.FEW_UPDATES
        axes.plot(
            [x], [one.share], "o", color=colour, markersize=4.5, zorder=layer, clip_on=False,
            markerfacecolor="white" if few else colour,
        )  # fmt: skip


def records(document: PowerCuts) -> Chart | None:
    """What the records hold: a panel for each instant, a row for each strategy. None without
    any.
    """
    rows = [row for row in document.rows if row.all_records]
    if not rows:
        return None
    specs = [spec for spec in document.specs if any(row.spec == spec for row in rows)]
    instants = [i for i in document.instants if any(row.instant == i for row in rows)]
    drawn = [name for name in RECORD_VERDICTS if any(row.records.get(name) for row in rows)]
    handles = [Patch(color=_COLOURS[name], label=wording.RECORD_VERDICTS[name]) for name in drawn]
    figure, panels = style.new_figure(style.bar_height(len(specs), 0.34), len(instants), handles)
    for axes, instant in zip(panels, instants):
        for row in rows:
            if row.instant == instant:
                _bar(axes, specs.index(row.spec), row)
        for place, spec in enumerate(specs):
            if not any((row.spec, row.instant) == (spec, instant) for row in rows):
                axes.text(0.02, place, "n/a", va="center", fontsize=7.5, color=style.GREY)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"], fontsize=8)
        style.row_labels(axes, specs)
        axes.tick_params(axis="y", labelsize=8.5)
        axes.set_title(wording.INSTANTS[instant], fontsize=8.5)
    figure.supxlabel("share of the records", fontsize=9.5)
    return Chart(
        "powercut-records",
        "What the records hold after a power cut",
        figure,
        wording.records_reading(rows),
        regime="All cuts of a row together",
    )


def _bar(axes: Axes, place: int, row: Row) -> None:
    left = 0.0
    for name in RECORD_VERDICTS:
        width = row.records.get(name, 0) / row.all_records
        if width:
            axes.barh(place, width, 0.66, left=left, color=_COLOURS[name], linewidth=0)
        left += width
    # Bad records may be too few to be seen in the bar.
    said = [
        f"{text.whole(row.records[name])} {name}" for name in BAD_VERDICTS if row.records.get(name)
    ]
    if said:
        axes.annotate(
            "\n".join(said), (0.5, place), ha="center", va="center", fontsize=6.5,
            bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85},
        )  # fmt: skip
