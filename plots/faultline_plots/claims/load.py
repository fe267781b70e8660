"""Reads a claims document (docs/documents.md, "faultline-claims/1") into plain objects, or throws
LoadError with the place of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import scale
from faultline_plots.curves import Curve, Point
from faultline_plots.document import At, Document

SCHEMA = "faultline-claims/1"
VERDICTS = ("holds", "does not hold", "inconclusive", "not testable here", "failed")


@dataclass(frozen=True)
class Axis:
    label: str
    unit: str
    logarithmic: bool


@dataclass(frozen=True)
class Chart:
    """`curves`: those with a point at least. `absent`: points that had no figure, and are not in
    them.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    reading: str
    curves: tuple[Curve, ...]
    absent: int


@dataclass(frozen=True)
class Claim:
    """Texts that a document lacks are "". figures: None for one that is null or not finite."""

    id: str
    title: str
    source: str
    section: str
    published: str
    method: str
    verdict: str
    figure: str
    regime: str
    figures: dict[str, float | None]
    words: dict[str, str]
    charts: tuple[Chart, ...]
    why: str
    error: str
    seconds: float | None


@dataclass(frozen=True)
class Claims:
    complete: bool
    quick: bool
    environment: dict[str, str | None]
    notes: tuple[str, ...]
    claims: tuple[Claim, ...]

    def count(self, verdict: str) -> int:
        return sum(claim.verdict == verdict for claim in self.claims)


def load(source: Document) -> Claims:
    """Throws LoadError."""
    return Claims(
        complete=source.root.get("complete").truth() is True,
        quick=source.root.get("quick").truth() is True,
        environment=source.environment(),
        notes=source.notes,
        claims=tuple(_claim(at) for at in source.root.get("claims").required_elements()),
    )


def _claim(at: At) -> Claim:
    evidence = at.get("evidence")
    return Claim(
        id=at.get("id").required_text(),
        title=at.get("title").required_text(),
        source=at.get("source").text() or "",
        section=at.get("section").text() or "",
        published=at.get("published").text() or "",
        method=at.get("method").text() or "",
        verdict=at.get("verdict").one_of(VERDICTS),
        figure=at.get("figure").text() or "",
        regime=at.get("regime").text() or evidence.member("regime").text() or "",
        figures={name: value.number() for name, value in evidence.member("figures").items()},
        words={name: value.plain() or "" for name, value in evidence.member("words").items()},
        charts=tuple(_chart(chart) for chart in evidence.member("charts").elements()),
        why=at.get("why").text() or "",
        error=at.get("error").text() or "",
        seconds=at.get("seconds").number(),
    )


def _chart(at: At) -> Chart:
    curves, absent = [], 0
    for curve in at.get("curves").required_elements():
        points = [_point(point) for point in curve.get("points").required_elements()]
        known = tuple(sorted((p for p in points if p is not None), key=lambda point: point.x))
        absent += len(points) - len(known)
        label = curve.get("label").required_text()
        if known:
            curves.append(Curve(label, known))
    return Chart(
        name=at.get("name").required_text(),
        title=at.get("title").required_text(),
        x=_axis(at.get("x")),
        y=_axis(at.get("y")),
        reading=at.get("reading").text() or "",
        curves=tuple(curves),
        absent=absent,
    )


def _axis(at: At) -> Axis:
    return Axis(
        label=at.get("label").required_text(),
        unit=at.get("unit").one_of(tuple(scale.UNITS)),
        logarithmic=at.get("scale").one_of(scale.SCALES) == "log",
    )


def _point(at: At) -> Point | None:
    """None where the figure is null."""
    x, y = at.get("x").required_drawable(), at.get("y").drawable()
    low, high = at.get("low").drawable(), at.get("high").drawable()
    return None if y is None else Point(x, y, low, high)
