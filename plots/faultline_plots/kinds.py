"""The kinds of documents that a page can be made of, told apart by their schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faultline_plots import claims, crossover, document, powercut, run, text, trace
from faultline_plots.document import LoadError


@dataclass(frozen=True)
class Kind:
    """`load` throws LoadError. `write(loaded, directory)` gives the path of the page, and raises
    OSError. `older`: schemas that are refused, each with what to do about it.
    """

    schema: str
    file: str
    load: Callable[[document.Document], Any]
    write: Callable[[Any, Path], Path]
    older: dict[str, str]


# In the order in which the pages of one folder are made: the run's comes last.
KINDS = tuple(
    Kind(room.SCHEMA, room.FILE, room.load, room.write, getattr(room, "OLDER", {}))
    for room in (trace, crossover, powercut, claims, run)
)


def documents(place: Path) -> list[Path]:
    """The document at `place`, or those in the directory `place`. Throws LoadError."""
    if not place.is_dir():
        return [place]
    found = [place / kind.file for kind in KINDS if (place / kind.file).exists()]
    if not found:
        files = [kind.file for kind in reversed(KINDS)]
        names = text.listing(files, limit=len(files)).replace(" and ", " or ")
        raise LoadError(f"{place}: holds no {names}; name one, or the directory it is in")
    return found


def load(path: Path) -> tuple[Kind, Any]:
    """Throws LoadError."""
    source = document.read(path)
    try:
        for kind in KINDS:
            if source.schema == kind.schema:
                return kind, kind.load(source)
            if source.schema in kind.older:
                raise LoadError(f'schema "{source.schema}": {kind.older[source.schema]}')
        found = (source.schema or "none")[:60]
        known = text.listing([f'"{kind.schema}"' for kind in reversed(KINDS)])
        raise LoadError(
            f'schema: expected one of {known}, found "{found}"; draw it with the version that'
            " wrote it"
        )
    except LoadError as error:
        raise LoadError(f"{path}: {error}") from None
