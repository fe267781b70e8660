"""One axis of a chart with curves: where a value is drawn, and which ticks are labelled, in the
unit's own words (4 KiB, 10 ms, 50 %).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from matplotlib import ticker
from matplotlib.axes import Axes

from faultline_plots import style, text
from faultline_plots.build import Inconsistent

Unit = Literal["count", "bytes", "ns", "seconds", "ratio", "share"]
UNITS: dict[Unit, text.Format] = {
    "count": text.count,
    "bytes": text.binary_size,
    "ns": text.duration,
    "seconds": lambda value: text.duration(1e9 * value),
    "ratio": text.times,
    "share": text.percent,
}
# For ticks so close together that three digits don't tell them apart.
_EXACT: dict[Unit, text.Format] = {
    "count": lambda value: f"{value:,.7g}",
    "bytes": lambda value: f"{value:,.7g} B",
    "ns": lambda value: f"{value:,.7g} ns",
    "seconds": lambda value: f"{value:.7g} s",
    "ratio": lambda value: f"{value:.7g}x",
    "share": lambda value: f"{100 * value:.7g} %",
}
_MOST_TICKS = 7


def drawable(value: float) -> None:
    """Raises Inconsistent for a number that no axis has a place for."""
    if value and not 1e-30 <= abs(value) <= 1e30:
        raise Inconsistent(f"{value:g} is beyond what can be drawn")


Drawable: TypeAlias = Annotated[float, drawable]
DrawableCount: TypeAlias = Annotated[int, drawable]


@dataclass(frozen=True)
class Scale:
    """What an axis measures. A logarithmic axis has no place for 0: where a 0 is to be drawn, it
    gets one of its own beyond a dotted line. Values below 0 make the axis a linear one.
    """

    unit: Unit
    logarithmic: bool
    low: float
    high: float
    zero: float | None

    def place(self, value: float) -> float:
        """Where `value` is drawn, in the axis's coordinates."""
        if not self.logarithmic:
            return value
        if value <= 0:
            return self.low if self.zero is None else self.zero
        return value


def of(unit: Unit, logarithmic: bool, values: Sequence[float]) -> Scale:
    """An axis for these values, intervals included."""
    positive = [value for value in values if value > 0]
    if not logarithmic or not positive or min(values) < 0:
        low, high = min([*values, 0]), max([*values, 0])
        return Scale(unit, False, low, high if high > low else low + 1, None)
    low, high = min(positive), max(positive)
    # At least a factor 2 apart from the rest, and more where there is much of it.
    gap = max(2.0, (high / low) ** 0.12)
    return Scale(unit, True, low, high, low / gap if min(values) <= 0 else None)


def apply(axes: Axes, name: str, scale: Scale, label: str, measured: Sequence[float] = ()) -> None:
    """Sets up the axis `name` ("x" or "y"). Where `measured` values are few, they are the ticks."""
    axis = axes.xaxis if name == "x" else axes.yaxis
    set_limits = axes.set_xlim if name == "x" else axes.set_ylim
    if scale.logarithmic:
        (axes.set_xscale if name == "x" else axes.set_yscale)("log")
        left = scale.low if scale.zero is None else scale.zero
        margin = (scale.high / left) ** 0.05
        # Measured places may fill the axis; small differences in height should look small.
        if not measured or scale.high == left:
            margin = max(1.25, margin)
        set_limits(left / margin, scale.high * margin)
        ticks = _few(measured, scale) or _logarithmic_ticks(scale, margin)
        if scale.zero is not None:
            line = axes.axvline if name == "x" else axes.axhline
            line(
                math.sqrt(scale.zero * scale.low),
                color=style.GREY,
                linestyle=(0, (1, 3)),
                linewidth=1,
            )
            ticks = [0.0, *(tick for tick in ticks if tick > 0)]
    else:
        margin = 0.04 * (scale.high - scale.low)
        set_limits(scale.low - margin, scale.high + margin)
        ticks = _linear_ticks(scale.unit, scale.low, scale.high)
    axis.set_major_locator(ticker.FixedLocator([scale.place(tick) for tick in ticks]))
    axis.set_major_formatter(ticker.FixedFormatter(_labels(ticks, scale.unit)))
    axis.set_minor_locator(ticker.NullLocator())
    set_label = axes.set_xlabel if name == "x" else axes.set_ylabel
    suffix = " (logarithmic)" if scale.logarithmic else ""
    set_label(text.label(label + suffix, 70 if name == "x" else 38, 2))


def _labels(ticks: list[float], unit: Unit) -> list[str]:
    short = [style.tick_text(tick, UNITS[unit]) if tick else "0" for tick in ticks]
    if len(set(short)) == len(short):
        return short
    return [_EXACT[unit](tick) if tick else "0" for tick in ticks]


def _few(measured: Sequence[float], scale: Scale) -> list[float]:
    """The measured values, without those whose labels would run into another's; none of them when
    too many would be missing.
    """
    if not measured:
        return []
    apart = 0.14 if scale.unit in ("bytes", "ns", "seconds") else 0.1
    places = {value: math.log(scale.place(value)) for value in sorted(set(measured))}
    span = max(places.values()) - min(places.values())
    kept: list[float] = []
    for value, place in places.items():
        if not kept or place - places[kept[-1]] >= apart * span:
            kept.append(value)
    return kept if 2 * len(kept) >= len(places) or len(places) <= 2 else []


def _logarithmic_ticks(scale: Scale, margin: float) -> list[float]:
    """Powers of 2 for bytes and of ten for all else; where there are few of them, finer steps."""
    low = scale.low / (margin if scale.zero is None else 1.05)
    high = scale.high * margin
    ticks = _powers(2 if scale.unit == "bytes" else 10, low, high)
    if len(ticks) < 3 and scale.unit != "bytes":
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        finer = [factor * 10.0**exponent for exponent in exponents for factor in (1, 2, 5)]
        ticks = [tick for tick in finer if low <= tick <= high]
    if len(ticks) < 2:
        ticks = [tick for tick in _linear_ticks(scale.unit, low, high) if low <= tick <= high]
    return ticks


def _powers(base: int, low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log(low, base)), math.floor(math.log(high, base))
    step = 1
    while (last - first) // step + 1 > _MOST_TICKS:
        step += 1
    return [float(base) ** exponent for exponent in range(first, last + 1) if exponent % step == 0]


def _linear_ticks(unit: Unit, low: float, high: float) -> list[float]:
    span = high - low
    if unit == "bytes" and span > _MOST_TICKS:
        step = 2.0 ** math.ceil(math.log2(span / (_MOST_TICKS - 1)))
        return [index * step for index in range(math.ceil(low / step), math.floor(high / step) + 1)]
    locator = ticker.MaxNLocator(
        nbins=5, steps=[1, 2, 5, 10], integer=unit == "count" and span >= 1
    )
    margin = 0.04 * span
    return [
        0.0 if abs(tick) < 1e-9 * span else float(tick)
        for tick in locator.tick_values(low, high)
        if low - margin <= tick <= high + margin
    ]
