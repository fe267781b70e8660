"""Walks a JSON document whose shape is only promised: each value knows its place, and says it when
it is wrong.
"""

from __future__ import annotations

import math
from typing import Any

from faultline_plots import text


class LoadError(Exception):
    """One line: which document, where in it, what is wrong, what to try."""


class At:
    """A value of the document together with its place, for errors that say where."""

    def __init__(self, value: Any, place: str):
        self.value = value
        self.place = place

    def fail(self, expected: str):
        found = "null" if self.value is None else type(self.value).__name__
        raise LoadError(f"{self.place or 'the document'}: expected {expected}, found {found}")

    def get(self, key: str) -> At:
        if not isinstance(self.value, dict):
            self.fail("an object")
        return At(self.value.get(key), f"{self.place}.{key}" if self.place else key)

    def items(self) -> list[tuple[str, At]]:
        """The members of an object; none for null."""
        if self.value is None:
            return []
        if not isinstance(self.value, dict):
            self.fail("an object")
        return [(text.clean(key), self.get(key)) for key in self.value]

    def elements(self) -> list[At]:
        """The elements of an array; none for null."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.fail("an array")
        return [At(value, f"{self.place}[{index}]") for index, value in enumerate(self.value)]

    def number(self) -> float | None:
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            self.fail("a number or null")
        try:
            value = float(self.value)
        except OverflowError:
            return None
        return value if math.isfinite(value) else None

    def whole(self) -> int | None:
        value = self.number()
        return None if value is None else int(self.value)

    def text(self) -> str | None:
        if self.value is None:
            return None
        if not isinstance(self.value, str):
            self.fail("a text or null")
        return text.clean(self.value)

    def required_text(self) -> str:
        value = self.text()
        if value is None:
            self.fail("a text")
        return value

    def truth(self) -> bool | None:
        if self.value is not None and not isinstance(self.value, bool):
            self.fail("true, false or null")
        return self.value
