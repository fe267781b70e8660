"""Rows of stacked horizontal bars, with a second, magnified panel where small rows would vanish
beside large ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from faultline_plots import style, text

_MAGNIFY_BEYOND = 12.0


def magnified_limit(totals: Sequence[float]) -> float | None:
    """Where the magnified panel ends: just beyond the largest of the small rows. None when all rows
    are of a size.
    """
    positive = sorted(total for total in totals if total > 0)
    if len(positive) < 2 or positive[-1] < _MAGNIFY_BEYOND * positive[len(positive) // 2]:
        return None
    small = [total for total in positive if total * _MAGNIFY_BEYOND <= positive[-1]]
    return small[-1] * 1.25 if small else None


def draw(
    axes: Axes,
    labels: list[str],
    stacks: Sequence[Mapping[str, float | None]],
    totals: list[str],
    colours: dict[str, str],
    formatted: text.Format,
    limit: float | None = None,
    greyed: Sequence[bool] = (),
) -> None:
    """One row for each label: its segments in the order of `colours`, `totals` written at the end.
    Rows that pass `limit` are cut there, with an arrow. `greyed`: of each row, whether it is drawn
    pale; none without it.
    """
    sums = [sum(value or 0 for value in stack.values()) for stack in stacks]
    end = limit or max([*sums, 0]) * 1.16 or 1
    for row, stack in enumerate(stacks):
        pale = row < len(greyed) and greyed[row]
        left = 0.0
        for segment, colour in colours.items():
            value = stack.get(segment) or 0
            if value > 0 and left < end:
                shown = style.greyed(colour) if pale else colour
                axes.barh(row, min(value, end - left), 0.62, left=left, color=shown)
            left += value
        cut = left > end
        axes.annotate(
            ("▶ " if cut else "") + totals[row],
            (min(left, end), row),
            xytext=(-4 if cut else 4, 0),
            textcoords="offset points",
            ha="right" if cut else "left",
            va="center",
            fontsize=7.5,
            color="#222222",
            bbox=(
                {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85}
                if cut
                else None
            ),
        )
    axes.set_xlim(0, end)
    style.number_axis(axes.xaxis, formatted, False, [limit or max([*sums, 0])])
    axes.grid(axis="x")
    style.row_labels(axes, labels)
