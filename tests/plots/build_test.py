"""Dataclasses of JSON: what a field takes, what it is without a value, and where an error is."""

import dataclasses
import unittest
from typing import Annotated, Literal

from faultline_plots.build import Inconsistent, build
from faultline_plots.document import LoadError


def even(value):
    if value % 2:
        raise Inconsistent(f"{value} is odd")


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    pair: tuple[int, float] = (0, 0.0)

    def __post_init__(self):
        if self.pair[0] > self.pair[1]:
            raise Inconsistent("falls", "pair")


@dataclasses.dataclass(frozen=True)
class Whole:
    start: int = dataclasses.field(metadata={"member": "from"})
    share: float | None
    word: Literal["one", "two"] | None
    parts: tuple[Part, ...]
    named: dict[str, Part | None]
    number: Annotated[int, even] = 4


class Building(unittest.TestCase):
    def refused(self, words, **content):
        with self.assertRaises(LoadError) as caught:
            build(Whole, {"from": 1, **content})
        self.assertEqual(str(caught.exception), words)

    def test_a_field_takes_the_member_of_its_name(self):
        whole = build(
            Whole,
            {
                "from": 3,
                "share": 1,
                "word": "two",
                "parts": [{"name": "a\u0000b", "pair": [1, 2]}],
                "named": {"x\u0000y": None, "z": {"name": "c"}},
                "number": 6,
                "unknown": [],
            },
        )
        self.assertEqual(
            whole,
            Whole(3, 1.0, "two", (Part("ab", (1, 2.0)),), {"xy": None, "z": Part("c")}, 6),
        )
        self.assertIs(type(whole.share), float)

    def test_what_is_null_or_missing_is_the_default_or_nothing(self):
        nothing = Whole(1, None, None, (), {}, 4)
        self.assertEqual(build(Whole, {"from": 1}), nothing)
        empty = dict.fromkeys(("share", "word", "parts", "named", "number"))
        self.assertEqual(build(Whole, {"from": 1, **empty}), nothing)

    def test_a_value_that_none_can_stand_for_is_missed_with_its_place(self):
        self.refused("from: is missing", **{"from": None})
        self.refused("parts[1].name: is missing", parts=[{"name": "a"}, {}])

    def test_what_is_inconsistent_is_told_with_its_place(self):
        self.refused("number: 5 is odd", number=5)
        self.refused("parts[0].pair: falls", parts=[{"name": "a", "pair": [2, 1]}])
        self.refused("named.z.pair: falls", named={"z": {"name": "a", "pair": [2, 1]}})


if __name__ == "__main__":
    unittest.main()
