"""Writes powercut.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.powercut import charts, wording
from faultline_plots.powercut.load import RECORD_VERDICTS, PowerCuts, Row

PAGE = "powercut.html"
# In the order of the page; others come behind them, by their own names.
_PARAMETERS = {
    "workload": "workload",
    "records": "records",
    "record_size": "record size",
    "operations": "operations of a run",
    "file_system": "file system",
    "image_bytes": "device",
    "cuts": "cuts during a run",
    "seconds": "such a run takes at least",
    "seed": "seed",
}


@dataclass(frozen=True)
class _Cell:
    """A strategy cut at an instant: its share in words, notes below it, and how to mark it."""

    share: str
    of: str
    promise: str
    mark: str
    damage: list[str]


def write(document: PowerCuts, directory: Path) -> Path:
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
        parameters=_parameters(document),
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


def _parameters(document: PowerCuts) -> list[tuple[str, str]]:
    given = document.parameters
    names = [name for name in _PARAMETERS if name in given]
    names += [name for name in given if name not in _PARAMETERS]
    return [
        (_PARAMETERS.get(name, name.replace("_", " ")), _value(name, given[name])) for name in names
    ]


def _value(name: str, value: str | float | None) -> str:
    if value is None:
        return "not known"
    if isinstance(value, str):
        return value
    if name == "seconds":
        return text.seconds(value)
    if name in ("image_bytes", "record_size"):
        return text.binary_size(value)
    return f"{value:.0f}" if name == "seed" else text.significant(value)


def _durability(document: PowerCuts, spec: str) -> str:
    return next((row.durability for row in document.rows if row.spec == spec), "")


def _definitions(document: PowerCuts) -> list[tuple[str, str]]:
    """Of the words, and of the instants that occur."""
    return [
        *wording.DEFINITIONS,
        *(
            (f"cut {wording.INSTANTS[instant]}", wording.INSTANT_MEANINGS[instant])
            for instant in document.instants
        ),
    ]


def _cells(document: PowerCuts, spec: str, instant: str) -> list[_Cell]:
    return [_cell(row) for row in document.rows if (row.spec, row.instant) == (spec, instant)]


def _cell(row: Row) -> _Cell:
    failure = row.status if row.status != "ok" else ""
    if failure and not row.counted:
        return _Cell(failure, "", "", "bad" if failure == "failed" else "soft", [])
    damage = [failure.upper()] if failure else []
    damage += [
        f"{text.whole(row.records[name])} {name}"
        for name in ("torn", "lost", "impossible", "unreadable")
        if row.records.get(name)
    ]
    promise, mark = {
        "kept": ("promise kept", "good"),
        "broken": ("PROMISE BROKEN", "broken"),
        "none made": ("no promise made", "soft"),
        None: ("", "soft"),
    }[row.promise]
    if row.promise == "broken" and row.acknowledged_missing is not None:
        promise += f": {text.whole(row.acknowledged_missing)} missing"
    if not row.counted:
        share, of = "n/a", "no updates" if row.updates == 0 else ""
    else:
        share, of = text.share(row.share), f"of {text.whole(row.updates)}"
    return _Cell(share, of, promise, mark, damage)


def _detail(row: Row) -> list[str]:
    counts = [
        row.cuts,
        row.updates,
        row.acknowledged,
        row.survived,
        row.acknowledged_missing,
        *(row.records.get(name) for name in RECORD_VERDICTS),
        row.straddling,
        row.straddling_torn,
    ]
    known = ["n/a" if count is None else text.whole(count) for count in counts]
    return [row.spec, wording.INSTANTS[row.instant], row.status, *known, row.promise or "n/a"]
