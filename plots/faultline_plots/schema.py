"""The JSON Schemas of the documents, and what is said of a document that breaks its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from faultline_plots import text
from faultline_plots.document import Json, LoadError

_PACKAGE = Path(__file__).parent
# Installed, they lie in the package; in the source tree they are a part of the documentation.
_FOLDERS = (_PACKAGE / "schema", _PACKAGE.parent.parent / "docs" / "schema")
_KINDS = {
    "null": ["null"],
    "boolean": ["true", "false"],
    "integer": ["a whole number"],
    "number": ["a number"],
    "string": ["a text"],
    "array": ["an array"],
    "object": ["an object"],
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
_MOST_CHARACTERS = 40


class Schema:
    """The schema of one kind of document, by the name of its file. Throws LoadError where the file
    is missing. `content`: the schema itself. `name`: what such a document has as its member
    "schema", as "faultline-run/2".
    """

    def __init__(self, file: str):
        self.content: dict[str, Any] = _read(file)
        self.name: str = self.content["properties"]["schema"]["const"]

    def violation(self, content: Json, partial: bool = False) -> str | None:
        """The first place in `content` that breaks the schema and how it does, in one line; None
        without any. `partial`: of an older version, so that members may be missing or unknown.
        """
        schema = _partial(self.content) if partial else self.content
        # A document may have thousands; the first one is enough.
        error = next(Draft202012Validator(schema).iter_errors(content), None)
        return None if error is None else self._explained(_innermost(error))

    def _explained(self, error: ValidationError) -> str:
        """As: trials[0].id: expected a text, found 7."""
        path, keyword, wanted = list(error.absolute_path), error.validator, error.validator_value
        found = shown(error.instance)
        if keyword == "required":
            missing = next(name for name in wanted if name not in error.instance)
            path.append(missing)
            expected = self._words(error.schema.get("properties", {}).get(missing, {}))
            found = "nothing"
        elif keyword == "additionalProperties":
            known = error.schema.get("properties", {})
            unknown = next(name for name in error.instance if name not in known)
            return f"{place([*path, unknown])}: no such field in {self.name}"
        elif keyword in _BOUNDS:
            expected = f"{_BOUNDS[keyword]} {json.dumps(wanted)}"
        elif keyword in ("minItems", "maxItems"):
            bound = "at least" if keyword == "minItems" else "at most"
            expected = f"{bound} {wanted} item{'s' * (wanted != 1)}"
            found = str(len(error.instance))
        elif keyword == "pattern":
            expected = f"a {'name' if _is_name(error) else 'text'} that matches {wanted}"
        elif keyword == "uniqueItems":
            expected = "items that differ"
        else:
            expected = self._words(error.schema)
        return f"{place(path)}: expected {expected}, found {found}"

    def _words(self, schema: dict[str, Any]) -> str:
        """What `schema` describes, as: a text or null."""
        if "$ref" in schema:
            return self._words(self.content["$defs"][schema["$ref"].rpartition("/")[2]])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return _either([self._words(each) for each in schema[keyword]])
        if "enum" in schema:
            return "one of " + ", ".join(map(json.dumps, schema["enum"]))
        if "const" in schema:
            return json.dumps(schema["const"])
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        return _either([word for kind in kinds for word in _KINDS[kind]])


def place(path: Iterable[str | int]) -> str:
    """Steps into a document as "trials[0].id"; of none "the document"."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += ("." if words else "") + text.clean(step)[:_MOST_CHARACTERS]
    return words or "the document"


def shown(value: Json) -> str:
    """A value as a message has it: short, and on one line."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str):
        return f'"{text.clean(value)[:_MOST_CHARACTERS]}"'
    return json.dumps(value)[:_MOST_CHARACTERS]


def _either(words: list[str]) -> str:
    """Joins as: a, b or c."""
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _read(file: str) -> dict[str, Any]:
    for folder in _FOLDERS:
        if (folder / file).exists():
            content: dict[str, Any] = json.loads((folder / file).read_text(encoding="utf-8"))
            return content
    raise LoadError(f"{_FOLDERS[0] / file} is missing; install Faultline again")


def _partial(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without its demands that members be there and be known."""
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "required" or (keyword == "additionalProperties" and value is False):
            continue
        if keyword in ("properties", "$defs"):
            kept[keyword] = {name: _partial(each) for name, each in value.items()}
        elif keyword in ("anyOf", "oneOf", "prefixItems"):
            kept[keyword] = [_partial(each) for each in value]
        else:
            kept[keyword] = _partial(value) if isinstance(value, dict) else value
    return kept


def _innermost(error: ValidationError) -> ValidationError:
    """Of a value that may be of several kinds ("an object or null"): what is wrong with it as the
    one that it is.
    """
    while error.context:
        inside = (one for one in error.context if one.path or one.validator != "type")
        inner = next(inside, None)
        if inner is None:
            break
        error = inner
    return error


def _is_name(error: ValidationError) -> bool:
    """Whether it is about the name of a member, not about a value."""
    return "propertyNames" in error.absolute_schema_path
