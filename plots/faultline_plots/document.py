"""Reads a JSON document whose shape is only promised, and walks it: each value knows its place, and
says it when it is wrong.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
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

    def refuse(self, why: str):
        """Of a value of the right type that can't be."""
        raise LoadError(f"{self.place}: {str(self.value)[:40]} is {why}")

    def member(self, key: str) -> At:
        """The member of an object that may itself be null."""
        return self.get(key) if self.value is not None else At(None, f"{self.place}.{key}")

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

    def required_elements(self) -> list[At]:
        if self.value is None:
            self.fail("an array")
        return self.elements()

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

    def drawable(self) -> float | None:
        """A number that an axis has a place for."""
        value = self.number()
        if value and not 1e-30 <= abs(value) <= 1e30:
            self.refuse("beyond what can be drawn")
        return value

    def required_drawable(self) -> float:
        value = self.drawable()
        if value is None:
            self.fail("a number")
        return value

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

    def one_of(self, known: tuple[str, ...]) -> str:
        """A text that must be one of those known."""
        value = self.required_text()
        if value not in known:
            kind = self.place.rpartition(".")[2]
            raise LoadError(
                f'{self.place}: unknown {kind} "{value[:40]}"; known: {", ".join(known)}'
            )
        return value

    def plain(self) -> str | None:
        """Any value as text: facts are meant for eyes only."""
        if self.value is None or isinstance(self.value, str):
            return self.text()
        return text.clean(json.dumps(self.value))

    def truth(self) -> bool | None:
        if self.value is not None and not isinstance(self.value, bool):
            self.fail("true, false or null")
        return self.value


@dataclass(frozen=True)
class Document:
    """A JSON file as it was read. `notes`: what had to be read otherwise than written."""

    path: Path
    root: At
    notes: tuple[str, ...]

    @property
    def schema(self) -> str | None:
        """None where there is none, or none that is a text."""
        found = self.root.get("schema").value
        return text.clean(found) if isinstance(found, str) else None

    def environment(self) -> dict[str, str | None]:
        return {key: value.plain() for key, value in self.root.get("environment").items()}


def read(path: Path) -> Document:
    """Throws LoadError."""
    unknown: set[str] = set()
    try:
        root = json.loads(path.read_bytes().decode("utf-8"), parse_constant=unknown.add)
    except OSError as error:
        raise LoadError(
            f"{path}: cannot be read: {error.strerror}; give a run.json, claims.json,"
            " powercut.json, crossover.json or trace.json, or the directory it is in"
        ) from error
    except UnicodeDecodeError as error:
        raise LoadError(
            f"{path}: byte {error.start}: not UTF-8; is this a document of Faultline?"
        ) from error
    except json.JSONDecodeError as error:
        raise LoadError(
            f"{path}: line {error.lineno}, column {error.colno}: malformed JSON: {error.msg}; "
            "was the file cut off or edited?"
        ) from error
    except (RecursionError, ValueError) as error:
        raise LoadError(f"{path}: malformed JSON: nested too deep or a number too long") from error
    notes = tuple(
        f"{path.name} contains {name}, which JSON does not know; it was read as null. Run again"
        " with the current version."
        for name in sorted(unknown)
    )
    return Document(path, At(root, ""), notes)
