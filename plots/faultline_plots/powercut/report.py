"""Writes powercut.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.powercut import charts, wording
from faultline_plots.powercut.load import (
    BAD_VERDICTS,
    RECORD_VERDICTS,
    Instant,
    Parameters,
    PowerCuts,
    Promise,
    Row,
)

PAGE = "powercut.html"
# In words, and how to mark it.
_PROMISES: dict[Promise | None, tuple[str, str]] = {
    "kept": ("promise kept", "good"),
    "broken": ("PROMISE BROKEN", "broken"),
    "none made": ("no promise made", "soft"),
    None: ("", "soft"),
}


@dataclass(frozen=True)
class _Cell:
    """A strategy cut at an instant: its share in words, notes below it, and how to mark it."""

    share: str
    of: str
    promise: str
    mark: str
    damage: list[str]


def write(document: PowerCuts, notes: tuple[str, ...], directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of
    powercut.html. Raises OSError.
    """
    saved = page.Charts(directory)
    with style.settings():
        drawn = [
            saved.save(chart)
            for make in (charts.survival, charts.records)
            if (chart := make(document)) is not None
        ]
    return page.write(
        directory,
        PAGE,
        "powercut.html",
        document=document,
        notes=notes,
        parameters=_parameters(document.parameters),
        definitions=_definitions(document),
        promises=wording.promises(document),
        broken=wording.broken(document),
        outcomes=wording.outcomes(document),
        instants=[wording.INSTANTS[instant] for instant in document.instants],
        strategies=[
            (
                spec,
                _durability(document, spec),
                [_cells(document, spec, instant) for instant in document.instants],
            )
            for spec in document.specs
        ],
        charts=drawn,
        verdicts=[wording.RECORD_VERDICTS[name] for name in RECORD_VERDICTS],
        details=[_detail(row) for row in document.rows],
        troubles=[
            (row.spec, wording.INSTANTS[row.instant], row.status, row.error or "no reason given")
            for row in document.rows
            if row.status != "ok"
        ],
        machine=page.machine(document.environment),
        environment=document.environment,
    )


def _parameters(given: Parameters) -> list[tuple[str, str]]:
    return [
        ("workload", given.workload),
        ("records", text.whole(given.records)),
        ("record size", text.size(given.record_size)),
        ("operations of a run", text.whole(given.operations)),
        ("file system", given.file_system),
        ("device", text.size(given.image_bytes)),
        ("cuts during a run", text.whole(given.cuts)),
        ("such a run takes at least", text.seconds(given.seconds)),
        ("seed", str(given.seed)),
    ]


def _durability(document: PowerCuts, spec: str) -> str:
    return next(row.strategy.durability for row in document.rows if row.spec == spec)


def _definitions(document: PowerCuts) -> list[tuple[str, str]]:
    """Of the words, and of the instants that occur."""
    return [
        *wording.DEFINITIONS,
        *(
            (f"cut {wording.INSTANTS[instant]}", wording.INSTANT_MEANINGS[instant])
            for instant in document.instants
        ),
    ]


def _cells(document: PowerCuts, spec: str, instant: Instant) -> list[_Cell]:
    return [_cell(row) for row in document.rows if (row.spec, row.instant) == (spec, instant)]


def _cell(row: Row) -> _Cell:
    failure = row.status if row.status != "ok" else ""
    if failure and row.share is None:
        return _Cell(failure, "", "", "bad" if failure == "failed" else "soft", [])
    damage = [failure.upper()] if failure else []
    damage += [
        f"{text.whole(row.records[name])} {name}" for name in BAD_VERDICTS if row.records.get(name)
    ]
    promise, mark = _PROMISES[row.promise]
    if row.promise == "broken" and row.acknowledged_missing is not None:
        promise += f": {text.whole(row.acknowledged_missing)} missing"
    if row.share is None:
        share, of = "n/a", "no updates" if row.updates == 0 else ""
    else:
        share, of = text.share(row.share), f"of {text.whole(row.updates or 0)}"
    return _Cell(share, of, promise, mark, damage)


def _detail(row: Row) -> list[str]:
    counts = [
        row.cuts,
        row.updates,
        row.acknowledged,
        row.survived,
        row.acknowledged_missing,
        *(row.records.get(name) for name in RECORD_VERDICTS),
        row.straddling.records if row.straddling else None,
        row.straddling.torn if row.straddling else None,
    ]
    known = ["n/a" if count is None else text.whole(count) for count in counts]
    return [row.spec, wording.INSTANTS[row.instant], row.status, *known, row.promise or "n/a"]
