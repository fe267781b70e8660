"""A claims document as plain objects (docs/documents.md, "Claims document")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from faultline_plots.curves import Curve
from faultline_plots.scale import Unit

SCHEMA = "claims.schema.json"
Verdict = Literal["holds", "does not hold", "inconclusive", "not testable here", "failed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Axis:
    label: str
    unit: Unit
    scale: Literal["linear", "log"]

    @property
    def logarithmic(self) -> bool:
        return self.scale == "log"


@dataclass(frozen=True)
class Chart:
    name: str
    title: str
    reading: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...]

    @property
    def drawn(self) -> list[Curve]:
        """The curves with a point at least."""
        return [curve for curve in self.curves if curve.points]


@dataclass(frozen=True)
class Evidence:
    figures: dict[str, float]
    words: dict[str, str]
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Claim:
    """`figure`: the one that decides, in words. `regime`: "" without evidence."""

    id: str
    title: str
    source: str
    section: str
    published: str | None
    method: str
    verdict: Verdict
    figure: str
    regime: str
    evidence: Evidence
    why: str
    error: str | None
    seconds: float


@dataclass(frozen=True)
class Claims:
    complete: bool
    quick: bool
    environment: dict[str, str | None]
    claims: tuple[Claim, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(claim.verdict == verdict for claim in self.claims)
