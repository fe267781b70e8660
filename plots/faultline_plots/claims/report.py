"""Writes claims.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.claims import chart, figures
from faultline_plots.claims.load import VERDICTS, Chart, Claim, Claims, Verdict

PAGE = "claims.html"
_MARKS = dict(zip(VERDICTS, ("✓", "✗", "≈", "–", "!")))
_MEANINGS = dict(
    zip(
        VERDICTS,
        (
            "the criterion is met",
            "the criterion is not met: a finding, not a failure",
            "the evidence reaches neither side of the criterion",
            "this machine lacks something that the experiment needs",
            "the experiment itself did not come to its end",
        ),
    )
)
# More than these are folded: the charts and the deciding figure say it first.
_MOST_FIGURES = 24


@dataclass(frozen=True)
class _Verdict:
    words: Verdict
    mark: str
    style: str
    meaning: str


@dataclass(frozen=True)
class _Entry:
    """A claim on the page. `deciding`: its figure, unless that is the error once more."""

    claim: Claim
    anchor: str
    verdict: _Verdict
    source: str
    deciding: str
    took: str
    charts: list[page.Drawn]
    figures: list[figures.Readable]
    folded: bool
    words: list[tuple[str, str]]


def write(document: Claims, notes: tuple[str, ...], directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of claims.html.
    Raises OSError.
    """
    charts, anchors = page.Charts(directory), {"claims", "environment"}
    with style.settings():
        entries = [_entry(claim, charts, anchors) for claim in document.claims]
    return page.write(
        directory,
        PAGE,
        "claims.html",
        document=document,
        notes=notes,
        counts=[(count, verdict(words)) for words in VERDICTS if (count := document.count(words))],
        entries=entries,
        machine=page.machine(document.environment),
        took=_took(document),
        environment=document.environment,
    )


def verdict(words: Verdict) -> _Verdict:
    return _Verdict(words, _MARKS[words], words.replace(" ", "-"), _MEANINGS[words])


def _took(document: Claims) -> str:
    return text.seconds(sum(claim.seconds for claim in document.claims)) if document.claims else ""


def _entry(claim: Claim, charts: page.Charts, anchors: set[str]) -> _Entry:
    anchor = page.numbered(re.sub(r"[^A-Za-z0-9_]+", "-", claim.id) or "claim", anchors)
    return _Entry(
        claim=claim,
        anchor=anchor,
        verdict=verdict(claim.verdict),
        source=_source(claim),
        deciding=claim.figure if claim.figure != claim.error else "",
        took=text.seconds(claim.seconds),
        charts=[_chart(claim, one, charts) for one in claim.evidence.charts],
        figures=figures.table(claim.evidence.figures),
        folded=len(claim.evidence.figures) > _MOST_FIGURES,
        words=[(figures.words_name(name), said) for name, said in claim.evidence.words.items()],
    )


def _source(claim: Claim) -> str:
    section = f"section {claim.section}" if claim.section else ""
    said = ", ".join(part for part in (claim.source, section) if part)
    return said[:1].upper() + said[1:] + "." if said else ""


def _chart(claim: Claim, one: Chart, charts: page.Charts) -> page.Drawn:
    figure = chart.draw(one)
    if figure is None:
        return page.Drawn(one.title, "Not drawn: it has no point.")
    named = page.Chart(f"{claim.id}-{one.name}", one.title, figure, one.reading)
    return charts.save(named, claim.id, chart.notes(one))
