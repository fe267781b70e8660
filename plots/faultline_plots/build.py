"""Makes frozen dataclasses of JSON that keeps its schema: a field takes the member of its name.

A dataclass has those members that a page is made of; a field's type says what a member is. A member
that is null or missing gives the field's default, None where that is allowed, or an empty list or
map. What no schema says of a value, a function checks that stands beside its type in Annotated;
what none says of members that belong together, the dataclass checks in __post_init__. Both raise
Inconsistent.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, Union, cast

from faultline_plots import schema, text
from faultline_plots.document import Json, LoadError

Built = TypeVar("Built")


class Inconsistent(ValueError):
    """What is wrong with a value. `path`: the steps to it from the object that found it."""

    def __init__(self, why: str, *path: str | int):
        super().__init__(why)
        self.path = path

    def within(self, step: str | int) -> Inconsistent:
        return Inconsistent(str(self), step, *self.path)


def build(kind: type[Built], content: Json) -> Built:
    """A dataclass of `content`. Throws LoadError."""
    try:
        built: Built = _builder(cast(Any, kind))(content)
    except Inconsistent as error:
        raise LoadError(f"{schema.place(error.path)}: {error}") from None
    return built


def member(field: dataclasses.Field[Any]) -> str:
    """The name in the document: the field's own, unless that is no name in Python."""
    name: str = field.metadata.get("member", field.name)
    return name


@functools.cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of type `kind` of JSON."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _object(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (each for each in arguments if each is not types.NoneType)
        return _optional(_builder(inner))
    if origin is tuple:
        if arguments[1:] == (...,):
            return _items(_builder(arguments[0]))
        return _row([_builder(each) for each in arguments])
    if origin is dict:
        return _map(_builder(arguments[1]))
    if origin is Annotated:
        return _checked(_builder(arguments[0]), arguments[1:])
    if origin is Literal:
        return lambda value: value
    scalar: Callable[[Any], Any] = text.clean if kind is str else kind
    return scalar


def _optional(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else inner(value)


def _checked(
    inner: Callable[[Any], Any], checks: tuple[Callable[[Any], None], ...]
) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        made = inner(value)
        for check in checks:
            check(made)
        return made

    return checked


def _items(item: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def items(values: list[Any]) -> tuple[Any, ...]:
        made = []
        for index, value in enumerate(values):
            try:
                made.append(item(value))
            except Inconsistent as error:
                raise error.within(index) from None
        return tuple(made)

    return items


def _row(cells: list[Callable[[Any], Any]]) -> Callable[[Any], tuple[Any, ...]]:
    def row(values: list[Any]) -> tuple[Any, ...]:
        made = []
        for index, (cell, value) in enumerate(zip(cells, values)):
            try:
                made.append(cell(value))
            except Inconsistent as error:
                raise error.within(index) from None
        return tuple(made)

    return row


def _map(item: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    def entries(values: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in values.items():
            try:
                made[text.clean(name)] = item(value)
            except Inconsistent as error:
                raise error.within(name) from None
        return made

    return entries


def _object(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = [
        (field.name, member(field), _builder(hints[field.name]), _absent(field, hints[field.name]))
        for field in dataclasses.fields(kind)
    ]

    def made(values: dict[str, Any]) -> Any:
        found = {}
        for name, step, value_of, absent in fields:
            value = values.get(step)
            try:
                found[name] = absent() if value is None else value_of(value)
            except Inconsistent as error:
                raise error.within(step) from None
        return kind(**found)

    return made


def _absent(field: dataclasses.Field[Any], hint: Any) -> Callable[[], Any]:
    """What a field is without a value in the document."""
    if field.default is not dataclasses.MISSING:
        return lambda: field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory
    origin = typing.get_origin(hint)
    if origin in (Union, types.UnionType):
        return lambda: None
    if origin is dict:
        return dict
    if origin is tuple and typing.get_args(hint)[1:] == (...,):
        return tuple
    return _missing


def _missing() -> Any:
    raise Inconsistent("is missing")
