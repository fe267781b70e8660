"""Texts and numbers as people read them, and texts from outside made harmless."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

# A figure as people read it.
Format: TypeAlias = Callable[[float], str]


def clean(value: str) -> str:
    """Without control, formatting and unpaired surrogate characters, which could hide or reorder
    what is shown.
    """
    if value.isprintable():
        return value
    return "".join(
        " " if character in "\t\n\r" else character
        for character in value
        if character in "\t\n\r" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )


def plot_text(value: str) -> str:
    """For matplotlib, which would read a pair of dollar signs as a formula."""
    return value.replace("$", r"\$")


def label(value: str, width: int = 36, lines: int = 3) -> str:
    """A long spec broken after its colon and commas, for an axis of a chart."""
    pieces: list[str] = []
    for part in value.replace(":", ":\0").replace(",", ",\0").split("\0"):
        if pieces and len(pieces[-1]) + len(part) <= width:
            pieces[-1] += part
        else:
            pieces.extend(textwrap.wrap(part, width, break_on_hyphens=False) or [""])
    if len(pieces) > lines:
        pieces = pieces[:lines]
        pieces[-1] = pieces[-1][: width - 1] + "…"
    return plot_text("\n".join(pieces))


# Numbers are written as the program writes them, by the rules of harness/base/text.h and
# harness/report: rounded ones have three digits and say so by their zeros, counts are exact. Pages
# and program are held to one table of examples, tests/support/number_examples.tsv.


def significant(value: float) -> str:
    """Three significant digits: 0.0123, 1.23, 12.3, 123, 12,300."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return f"{value:.0f}"
    mantissa, _, exponent = f"{abs(value):.2e}".partition("e")
    decimals = 2 - int(exponent)
    if decimals >= 0:
        return f"{value:.{decimals}f}"
    digits = int(mantissa.replace(".", "")) * 10**-decimals
    return f"{'-' if value < 0 else ''}{digits:,}"


def whole(value: float) -> str:
    """A count: 1234567 -> "1,234,567"; a half is rounded up."""
    return f"{math.floor(value + 0.5):,}"


def count(value: float) -> str:
    """A rounded count: 1234567 -> "1.23 M"."""
    return _scaled(value, ((1, ""), (1e3, "k"), (1e6, "M"), (1e9, "G")))


def duration(nanoseconds: float) -> str:
    """A measured time: 1234 -> "1.23 us"."""
    return _scaled(nanoseconds, ((1, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")))


def _scaled(value: float, units: tuple[tuple[float, str], ...]) -> str:
    """In the first unit that takes no more than three digits, or the last one."""
    fitting = (unit for unit in units if abs(value) / unit[0] < 999.5)
    scale, name = next(fitting, units[-1])
    return f"{significant(value / scale)} {name}".rstrip()


def seconds(value: float) -> str:
    """How long something took: "1.2 s", "34 ms", "2 min 3 s"."""
    if value < 0:
        return "-" + seconds(-value)
    if value == 0 or not math.isfinite(value):
        return f"{value:.0f} s"
    # The limits are where rounding would reach the next unit.
    for limit, scale, unit in (
        (999.5e-9, 1e9, "ns"),
        (999.5e-6, 1e6, "us"),
        (999.5e-3, 1e3, "ms"),
        (59.5, 1.0, "s"),
    ):
        if value < limit:
            return f"{value * scale:.{1 if value * scale < 9.95 else 0}f} {unit}"
    if value < 3599.5:
        minutes, rest = divmod(math.floor(value + 0.5), 60)
        return f"{minutes} min {rest} s"
    hours, rest = divmod(math.floor(value / 60 + 0.5), 60)
    return f"{hours} h {rest} min"


def size(value: float) -> str:
    """Bytes that a user chose, exactly: 65536 -> "64 KiB", 1500 -> "1500 B"."""
    unit = 0
    while value and value % 1024 == 0 and unit + 1 < len(_BINARY_UNITS):
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {_BINARY_UNITS[unit]}"


def binary_size(value: float) -> str:
    """Bytes that were counted: 125000000 -> "119 MiB"."""
    if abs(value) < 1024:
        return f"{whole(value)} B"
    unit = 0
    while abs(value) >= 1024 and unit + 1 < len(_BINARY_UNITS):
        value, unit = value / 1024, unit + 1
    return f"{significant(value)} {_BINARY_UNITS[unit]}"


_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def share(value: float) -> str:
    """A part of a whole: 0.034 -> "3.4 %". Nothing and all are said only of nothing and all."""
    percents = 100 * value
    if value in (0, 1):
        return f"{percents:.0f} %"
    if 0 < percents < 0.1:
        return "<0.1 %"
    return ">99.9 %" if 99.9 < percents < 100 else f"{percents:.1f} %"


def percent(value: float) -> str:
    """A share as a measured figure: 0.034 -> "3.40 %"."""
    return f"{significant(100 * value)} %"


def times(value: float) -> str:
    """A measured ratio: "3.25x"."""
    return f"{significant(value)}x"


def factor(value: float) -> str:
    """How many times as fast: two decimals below 2, one below 10, else none; below 0.2 as many as
    leave two digits.
    """
    return f"{_factor(value, _decimals(value, value))}x"


def ratio(median: float, low: float | None, high: float | None) -> str:
    """As: 5.2x [4.6 5.9], with the decimals of the least of the three; without an interval 5.2x.
    With up to three decimals where an end would otherwise read 1, which it isn't, or both the same.
    """
    if low is None or high is None:
        return factor(median)
    usual = _decimals(min(median, low), median)
    decimals = next((each for each in range(usual, 4) if _are_clear(low, high, each)), usual)
    shown = [_factor(value, decimals) for value in (median, low, high)]
    return f"{shown[0]}x [{shown[1]} {shown[2]}]"


def _decimals(least: float, median: float) -> int:
    if least >= 1.995:
        return 1 if least < 9.95 else 0
    decimals, limit = 2, 0.1995
    while 0 < median < limit and decimals < 6:
        decimals, limit = decimals + 1, limit / 10
    return decimals


def _are_clear(low: float, high: float, decimals: int) -> bool:
    """Whether the ends say on which side of 1 the interval lies, and that it has a width."""
    one, least, most = (f"{value:.{decimals}f}" for value in (1, low, high))
    return least != most and (least != one or low == 1) and (most != one or high == 1)


def _factor(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if decimals else whole(value)


def parse_size(value: str) -> float | None:
    """Reads 64KiB, 125 or 2e3 as a number; None for anything else."""
    stripped = value.strip()
    units = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4, "B": 1}
    for unit, scale in units.items():
        if stripped.endswith(unit):
            stripped, factor = stripped[: -len(unit)], scale
            break
    else:
        factor = 1
    if not stripped or not all(character in "0123456789.e+-" for character in stripped):
        return None
    try:
        return float(stripped) * factor
    except ValueError:
        return None


def listing(items: list[str], limit: int = 4) -> str:
    """Joins as: a, b and 3 more."""
    if len(items) > limit:
        items = items[: limit - 1] + [f"{len(items) - limit + 1} more"]
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]
