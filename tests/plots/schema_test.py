"""The dataclasses of the pages are of the schemas: their members, with types that hold what a
schema allows.
"""

import dataclasses
import shutil
import subprocess
import sys
import tempfile
import types
import typing
import unittest
from pathlib import Path

from faultline_plots import build, kinds
from faultline_plots.schema import Schema

ROOT = Path(__file__).resolve().parents[2]
UNIONS = (typing.Union, types.UnionType)
SCALARS = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": types.NoneType,
}


def unlike(kind, schema, defs, place):
    """What a value of `schema` may be and `kind` is not."""
    schema = resolved(schema, defs)
    branches = schema.get("anyOf", [schema])
    for branch in (resolved(each, defs) for each in branches):
        if branch.get("type") == "null":
            continue
        yield from unlike_value(without_none(kind), branch, defs, place)


def resolved(schema, defs):
    return defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def without_none(kind):
    """The type, without None and without what Annotated adds."""
    if typing.get_origin(kind) in UNIONS:
        (kind,) = (each for each in typing.get_args(kind) if each is not types.NoneType)
    return typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind


def allows_null(schema, defs):
    schema = resolved(schema, defs)
    return (
        any(resolved(each, defs).get("type") == "null" for each in schema.get("anyOf", []))
        or "null" in schema.get("type", [])
        or None in schema.get("enum", [])
    )


def unlike_value(kind, schema, defs, place):
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        yield from unlike_members(kind, schema, defs, place)
    elif origin is tuple and "prefixItems" in schema:
        for index, (cell, inner) in enumerate(zip(arguments, schema["prefixItems"], strict=True)):
            yield from unlike_item(cell, inner, defs, f"{place}[{index}]")
    elif origin is tuple:
        yield from unlike_item(arguments[0], schema["items"], defs, f"{place}[]")
    elif origin is dict and "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from unlike_item(arguments[1], inner, defs, f"{place}.{name}")
    elif origin is dict:
        yield from unlike_item(arguments[1], schema["additionalProperties"], defs, f"{place}.*")
    elif origin is typing.Literal:
        if set(arguments) != set(schema["enum"]) - {None}:
            yield f"{place}: {arguments} are not {schema['enum']}"
    else:
        if not values_of(schema) <= ({int, float} if kind is float else {kind}):
            yield f"{place}: {kind} does not hold what the schema allows"


def values_of(schema):
    """The types of what the schema allows, but for null; object for what is no scalar."""
    if "const" in schema or "enum" in schema:
        found = {type(each) for each in schema.get("enum", [schema.get("const")])}
    else:
        allowed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        found = {SCALARS.get(each, object) for each in allowed}
    return found - {types.NoneType}


def unlike_item(kind, schema, defs, place):
    """Of an entry of a map or a list, which has no default: what may be null must be able to."""
    if allows_null(schema, defs) and typing.get_origin(kind) not in UNIONS:
        yield f"{place}: may be null"
    yield from unlike(kind, schema, defs, place)


def unlike_members(kind, schema, defs, place):
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in dataclasses.fields(kind):
        name = build.member(field)
        where = f"{place}.{name}"
        if name not in schema["properties"]:
            yield f"{where}: there is no such member"
            continue
        inner = schema["properties"][name]
        optional = allows_null(inner, defs) or name not in schema["required"]
        if optional and not may_be_absent(field, hints[field.name]):
            yield f"{where}: may be null or missing"
        yield from unlike(hints[field.name], inner, defs, where)


def may_be_absent(field, kind):
    return field.default is not dataclasses.MISSING or typing.get_origin(kind) in (*UNIONS, dict)


class Dataclasses(unittest.TestCase):
    def test_every_member_is_in_the_schema_and_may_be_what_the_schema_allows(self):
        for kind in kinds.KINDS:
            with self.subTest(kind.schema):
                content = Schema(kind.schema).content
                found = [*unlike(kind.content, content, content["$defs"], "")]
                self.assertEqual(found, [])

    def test_the_test_sees_what_is_unlike(self):
        @dataclasses.dataclass(frozen=True)
        class Odd:
            complete: str
            novelty: int
            figure: typing.Literal["beauty"]
            ended: typing.Literal["narrow", "budget", "interrupted"]

        content = Schema("crossover.schema.json").content
        found = "\n".join(unlike(Odd, content, content["$defs"], ""))
        for place in (".complete: ", ".novelty: ", ".figure: ", ".ended: may be null"):
            self.assertIn(place, found)


class Installed(unittest.TestCase):
    """As CMake installs them: the schemas in the package."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = Path(self._folder.name)
        shutil.copytree(ROOT / "plots/faultline_plots", self.folder / "faultline_plots")
        (self.folder / "run.json").write_text('{"schema": "faultline-run/2"}')

    def complaint(self):
        result = subprocess.run(
            [sys.executable, "-B", "-m", "faultline_plots", self.folder / "run.json"],
            env={"PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
        )
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result.stderr)
        return result.stderr

    def test_the_package_finds_the_schemas_in_itself(self):
        shutil.copytree(ROOT / "docs/schema", self.folder / "faultline_plots/schema")
        self.assertIn("run.json: complete: expected true or false, found nothing", self.complaint())

    def test_a_missing_schema_is_one_line(self):
        complaint = self.complaint()
        self.assertIn("faultline_plots/schema/", complaint)
        self.assertIn("is missing; install Faultline again", complaint)


if __name__ == "__main__":
    unittest.main()
