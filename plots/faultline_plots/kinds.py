"""The kinds of documents that a page can be made of, distinguished by their schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faultline_plots import claims, crossover, document, powercut, run, text, trace
from faultline_plots.build import build
from faultline_plots.document import Json, LoadError
from faultline_plots.schema import Schema


@dataclass(frozen=True)
class Kind:
    """`schema`: the file of its schema; `file`: the document's usual name. `content`: the dataclass
    that it becomes. `write(content, notes, directory)` gives the path of the page, and raises
    OSError; `notes` are on the reading of the document. `older`: names of schemas that are refused,
    each with what to do about it; `partial`: whether a document is of an older version, so that it
    may lack members.
    """

    schema: str
    file: str
    content: type[Any]
    write: Callable[[Any, tuple[str, ...], Path], Path]
    older: dict[str, str]
    partial: Callable[[Json], bool]


@dataclass(frozen=True)
class Loaded:
    """A document that keeps its schema."""

    kind: Kind
    content: Any
    notes: tuple[str, ...]

    def write(self, directory: Path) -> Path:
        """Writes its page. Gives the path. Raises OSError."""
        return self.kind.write(self.content, self.notes, directory)


def _whole(_: Json) -> bool:
    return False


# In the order in which the pages of one folder are made: the run's comes last.
KINDS = tuple(
    Kind(
        room.SCHEMA,
        room.FILE,
        room.CONTENT,
        room.write,
        getattr(room, "OLDER", {}),
        getattr(room, "is_partial", _whole),
    )
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


def load(path: Path) -> Loaded:
    """Throws LoadError."""
    source = document.read(path)
    try:
        return _loaded(source)
    except LoadError as error:
        raise LoadError(f"{path}: {error}") from None
    except RecursionError:
        raise LoadError(f"{path}: nested too deep") from None


def _loaded(source: document.Document) -> Loaded:
    known = []
    for kind in KINDS:
        schema = Schema(kind.schema)
        if remedy := kind.older.get(source.schema or ""):
            raise LoadError(f'schema "{source.schema}": {remedy}')
        if source.schema == schema.name:
            wrong = schema.violation(source.content, kind.partial(source.content))
            if wrong:
                raise LoadError(wrong)
            return Loaded(kind, build(kind.content, source.content), source.notes)
        known.append(f'"{schema.name}"')
    found = (source.schema or "none")[:60]
    raise LoadError(
        f'schema: expected one of {text.listing(known[::-1])}, found "{found}"; draw it with the'
        " version that wrote it"
    )
