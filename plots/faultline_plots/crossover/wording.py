"""The sentences of the page on crossovers, all computed from its figures."""

from __future__ import annotations

from faultline_plots import text
from faultline_plots.crossover.load import FIGURES, Boundary, Crossovers, Range, Ratio, Row

_ENDS = {
    "narrow": "Search finished: this noise level allows no narrower boundary.",
    "budget": "The search ended when its budget was spent; a larger one may tell more.",
    "interrupted": "The search was interrupted: what follows rests on what was finished.",
    None: "The search had not come to its end: what follows rests on what was finished.",
}


def how_it_ended(document: Crossovers) -> str:
    if document.ended == "narrow" and not any(row.boundaries for row in document.rows):
        return "Search finished."
    return _ENDS[document.ended]


def answers(document: Crossovers, row: Row) -> list[str]:
    """Which strategy is best where, and where that changes."""
    found = [_range(document, one) for one in row.ranges]
    found += [_boundary(document, one) for one in row.boundaries]
    if not row.ranges:
        found.append("No point tells which strategy is best.")
    elif not row.boundaries:
        found.append(
            "No boundary was found: one strategy is best, or tied with the best, at every point"
            " that tells."
        )
    found += [
        f"At {document.x.text(point.x)} inconclusive: {point.inconclusive}."
        for point in row.points
        if point.inconclusive
    ]
    return found


def ratio_reading(document: Crossovers, row: Row) -> str:
    first = document.specs[0]
    sentences = [f"Above the dashed line a strategy is faster than {first}, below it slower."]
    for index, spec in enumerate(document.specs[1:], 1):
        known = [(point, speed) for point in row.points if (speed := point.speed(index))]
        if not known:
            continue
        least = min(known, key=lambda one: one[1].median)
        most = max(known, key=lambda one: one[1].median)
        parts = [
            f"{ratio(speed)} at {document.x.text(point.x)}"
            for point, speed in ((least, most) if least is not most else (least,))
        ]
        sentences.append(f"{spec} is from {' to '.join(parts)} as fast.")
    if row.boundaries:
        sentences.append(
            "A line marks each boundary; the band, where it may be: from the last point where the"
            " strategy that is best to its right is slower, to the first where the other is."
        )
    return " ".join(
        [
            *sentences,
            *_left_out(document, row),
            "Whiskers are intervals that hold together at 95 % for all comparisons of a point.",
        ]
    )


def costs_reading(document: Crossovers, row: Row) -> str:
    sentences = []
    for index, spec in enumerate(document.specs):
        known = [
            cost for point in row.points if (cost := point.results[index].figures[document.figure])
        ]
        if known:
            least = min(cost.median for cost in known)
            most = max(cost.median for cost in known)
            sentences.append(f"{spec}: {text.duration(least)} to {text.duration(most)}.")
    return " ".join([*sentences, *_left_out(document, row), "Whiskers are 95 % intervals."])


def map_reading(document: Crossovers, rows: list[Row]) -> str:
    """Of the rows that are drawn."""
    points = sum(len(row.points) for row in rows)
    crossed = [row for row in rows if row.boundaries]
    sentences = [
        f"Areas tell the best strategy, points what was measured: {points} in {len(rows)} rows."
        " Grey areas have several that are tied all over."
    ]
    if not crossed:
        sentences.append("No row has a boundary.")
    for row in crossed:
        where = " and ".join(
            f"{document.x.text(one.value)} [{document.x.text(one.low)}"
            f" {document.x.text(one.high)}]"
            for one in row.boundaries
        )
        sentences.append(f"At {document.place(row)}: {where}.")
    return " ".join(sentences)


def figure_words(document: Crossovers) -> str:
    return f"{FIGURES[document.figure]} nanoseconds per operation"


def ratio(speed: Ratio) -> str:
    """As: 5.2x [4.6 5.9]; without an interval only the number."""
    return text.ratio(speed.median, speed.low, speed.high)


def _range(document: Crossovers, one: Range) -> str:
    others = [document.specs[index] for index in one.others]
    tail = f"; tied with it all over: {text.listing(others)}" if others else ""
    return (
        f"{document.x.parameter} {document.x.text(one.low)} to {document.x.text(one.high)}:"
        f" {document.specs[one.strategy]} is best{tail}."
    )


def _boundary(document: Crossovers, one: Boundary) -> str:
    return (
        f"From {document.specs[one.start]} to {document.specs[one.to]} at"
        f" {document.x.parameter} {document.x.text(one.value)}, somewhere between"
        f" {document.x.text(one.low)} and {document.x.text(one.high)}."
    )


def _left_out(document: Crossovers, row: Row) -> list[str]:
    parts = []
    for index, spec in enumerate(document.specs):
        places = [
            document.x.text(point.x)
            for point in row.points
            if point.results[index].status == "cut off"
        ]
        if places:
            parts.append(f"{spec} at {', '.join(places)}, cut off as far behind")
    return [f"Not drawn: {'; '.join(parts)}."] if parts else []
