"""Texts and numbers as people read them, and texts from outside made harmless."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable


def clean(value: str) -> str:
    """Without control, formatting and unpaired surrogate characters, which could hide or reorder
    what is shown.
    """
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


def significant(value: float) -> str:
    """Three significant digits; whole numbers in full."""
    if value == 0:
        return "0"
    magnitude = abs(value)
    if value == int(value):
        return f"{value:,.0f}"
    if magnitude >= 99.95:
        return f"{value:,.0f}"
    if magnitude >= 9.995:
        return f"{value:.1f}"
    if magnitude >= 0.9995:
        return f"{value:.2f}"
    return f"{value:#.3g}" if magnitude >= 0.0001 else f"{value:.1e}"


def _scaled(value: float, steps: Iterable[tuple[float, str]]) -> str:
    chosen_scale, chosen_unit = 1.0, ""
    for scale, unit in steps:
        chosen_scale, chosen_unit = scale, unit
        # Compared as it will be printed: 999.9996 would otherwise read "1,000 ns".
        if abs(value) / scale >= 0.9995:
            break
    number = significant(value / chosen_scale)
    return f"{number} {chosen_unit}".rstrip()


def count(value: float) -> str:
    """1234567 -> "1.23 M"."""
    return _scaled(value, ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")))


def duration(nanoseconds: float) -> str:
    """1234 -> "1.23 µs"."""
    return _scaled(nanoseconds, ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")))


def seconds(value: float) -> str:
    return duration(value * 1e9)


def size(value: float) -> str:
    """Bytes: in powers of 1024 where that is a short number, else in powers of 1000."""
    if value >= 1024 and value % 1024 == 0:
        for scale, unit in (
            (1024**4, "TiB"),
            (1024**3, "GiB"),
            (1024**2, "MiB"),
            (1024, "KiB"),
        ):
            if value % scale == 0 and value < 1024 * scale:
                return f"{value / scale:,.0f} {unit}"
    return _scaled(value, ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "bytes")))


def binary_size(value: float) -> str:
    """Bytes in powers of 1024, as the program itself prints them: 125001728 -> "119 MiB"."""
    if abs(value) < 1024:
        return f"{significant(value)} {'byte' if value == 1 else 'bytes'}"
    return _scaled(
        value, ((1024.0**4, "TiB"), (1024.0**3, "GiB"), (1024.0**2, "MiB"), (1024.0, "KiB"))
    )


def share(value: float) -> str:
    """0.034 -> "3.40 %". Never rounded to nothing or to all of it."""
    percents = 100 * value
    if 99.95 <= percents < 100:
        return "over 99.9 %"
    return f"{significant(percents)} %"


def whole(value: float) -> str:
    return f"{value:,.0f}"


def times(ratio: float) -> str:
    return f"{significant(ratio)}×"


def percent(factor: float) -> str:
    """1.034 -> "3.40 %"."""
    return f"{significant((factor - 1) * 100)} %"


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
