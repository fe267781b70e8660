"""A document as a JSON file: reading it, and the error that every reader of documents throws."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from faultline_plots import text

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

# No double has more digits before its point.
_MOST_DIGITS = 308


class LoadError(Exception):
    """One line: which document, where in it, what is wrong, what to try."""


@dataclass(frozen=True)
class Document:
    """A JSON file as it was read. `notes`: what had to be read otherwise than written."""

    path: Path
    content: Json
    notes: tuple[str, ...]

    @property
    def schema(self) -> str | None:
        """The name of its schema; None where there is none, or none that is a text."""
        found = self.content.get("schema") if isinstance(self.content, dict) else None
        return text.clean(found) if isinstance(found, str) else None


class _Numbers:
    """Reads numbers; `odd` collects those that no finite number here stands for."""

    def __init__(self) -> None:
        self.odd: set[str] = set()

    def constant(self, written: str) -> None:
        self.odd.add(written[:20])

    def real(self, written: str) -> float | None:
        value = float(written)
        if math.isfinite(value):
            return value
        self.constant(written)
        return None

    def whole(self, written: str) -> int | None:
        if len(written) <= _MOST_DIGITS:
            return int(written)
        self.constant(written)
        return None


def read(path: Path) -> Document:
    """Throws LoadError."""
    numbers = _Numbers()
    try:
        content: Json = json.loads(
            path.read_bytes().decode("utf-8"),
            parse_constant=numbers.constant,
            parse_float=numbers.real,
            parse_int=numbers.whole,
        )
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
    except RecursionError as error:
        raise LoadError(f"{path}: malformed JSON: nested too deep") from error
    notes = tuple(
        f"{path.name} contains {written}, which is no finite number; it was read as null. Run again"
        " with the current version."
        for written in sorted(numbers.odd)
    )
    return Document(path, content, notes)
