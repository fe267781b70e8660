"""A figure of the evidence as people read it: its unit is in its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from faultline_plots import text

_UNITS: dict[str, text.Format] = {
    "bytes": text.binary_size,
    "kib": lambda value: text.binary_size(value * 1024),
    "mib": lambda value: text.binary_size(value * 1024**2),
    "gib": lambda value: text.binary_size(value * 1024**3),
    "ns": text.duration,
    "us": lambda value: text.duration(value * 1e3),
    "ms": lambda value: text.duration(value * 1e6),
    "seconds": text.seconds,
    "ratio": text.times,
    "share": text.percent,
    "noise": text.percent,
    "percent": lambda value: f"{text.significant(value)} %",
}
# Numbers in relation to others; their values don't say it all, so the names keep it.
_RELATIVE = ("ratio", "share", "percent", "noise")
# As a suffix, what was counted, unless it says where: "first_faults", but not "caused_by_faults".
_COUNTED = ("pages", "faults")
_PREPOSITIONS = ("per", "by", "of", "between", "with", "without", "for", "to", "from", "at")


@dataclass(frozen=True)
class Readable:
    """`exact`: the number in full where `value` rounds it, else ""."""

    raw: str
    name: str
    value: str
    exact: str


def readable(raw: str, value: float) -> Readable:
    """("flush_seconds", 0.0123) -> "flush", "12 ms"."""
    words = [word for word in raw.split("_") if word]
    unit = _unit(words)
    # As a suffix the unit is said by the value; inside the name it is part of what is meant.
    suffix = words[-1] if len(words) > 1 and words[-2] not in _PREPOSITIONS else ""
    counted = suffix if suffix in _COUNTED and not unit else ""
    dropped = counted or (unit and suffix == unit and unit not in _RELATIVE)
    name = " ".join(words[:-1] if dropped else words) or raw
    if unit:
        shown = _UNITS[unit](value)
        exact = text.whole(value) if unit == "bytes" and abs(value) >= 1024 else ""
        return Readable(raw, name, shown, exact)
    shown = text.whole(value) if value == int(value) else text.significant(value)
    return Readable(raw, name, f"{shown} {_noun(counted, value)}".rstrip(), "")


def table(figures: dict[str, float]) -> list[Readable]:
    """In an order in which _p2 comes before _p16."""
    return [readable(name, figures[name]) for name in sorted(figures, key=_natural)]


def words_name(raw: str) -> str:
    return " ".join(word for word in raw.split("_") if word) or raw


def _unit(words: list[str]) -> str:
    """The last unit, or ""; not one that another word is put in relation to. A ratio of times is no
    time.
    """
    if words[-1:] in (["rounds"], ["repetitions"]):
        return ""
    found = [
        word
        for place, word in enumerate(words)
        if word in _UNITS and (place == 0 or words[place - 1] not in _PREPOSITIONS)
    ]
    relative = [word for word in found if word in _RELATIVE]
    return (relative or found or [""])[-1]


def _noun(counted: str, value: float) -> str:
    return counted[:-1] if value == 1 else counted


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"([0-9]+)", name)
        if part
    ]
