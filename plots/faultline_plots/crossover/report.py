"""Writes crossover.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.crossover import charts, wording
from faultline_plots.crossover.load import Crossovers, Point, Ratio, Row, Verdict

PAGE = "crossover.html"


def write(document: Crossovers, notes: tuple[str, ...], directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of
    crossover.html. Raises OSError.
    """
    saved = page.Charts(directory)
    with style.settings():
        made = [charts.map_of(document)]
        for row in document.rows:
            made += [charts.ratio(document, row), charts.costs(document, row)]
        drawn = [saved.save(chart) for chart in made if chart is not None]
    return page.write(
        directory,
        PAGE,
        "crossover.html",
        document=document,
        notes=notes,
        figure=wording.figure_words(document),
        ended=wording.how_it_ended(document),
        rows=[
            (
                document.place(row),
                wording.answers(document, row),
                [_cells(document, point) for point in row.points],
            )
            for row in document.rows
        ],
        charts=drawn,
        troubles=_troubles(document),
        machine=page.machine(document.environment),
        environment=document.environment,
    )


def _cells(document: Crossovers, point: Point) -> list[str]:
    best = " = ".join(document.specs[index] for index in point.winners)
    if point.inconclusive:
        best = "inconclusive"
    cells = [document.x.text(point.x), best or "none"]
    for result in point.results:
        mark = "~" if result.status == "interference" else ""
        cost = result.figures[document.figure]
        cells.append(
            f"{mark}{text.duration(cost.median)} [{text.duration(cost.low)}"
            f" {text.duration(cost.high)}]"
            if cost
            else "n/a"
        )
    cells += [_speed(point.compared(index)) for index in range(1, len(point.results))]
    return [*cells, text.whole(point.rounds)]


def _speed(compared: tuple[Ratio, Verdict] | None) -> str:
    if compared is None:
        return "n/a"
    ratio, verdict = compared
    return f"{wording.ratio(ratio)} {verdict}"


def _troubles(document: Crossovers) -> list[tuple[str, str, str, str]]:
    return [
        (
            _place(document, row, point),
            result.spec,
            result.status,
            result.error or "no reason given",
        )
        for row in document.rows
        for point in row.points
        for result in point.results
        if result.status in ("failed", "unsupported", "cut off")
    ]


def _place(document: Crossovers, row: Row, point: Point) -> str:
    at = f"{document.x.parameter} {document.x.text(point.x)}"
    return ", ".join(part for part in (at, document.place(row)) if part)
