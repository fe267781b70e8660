"""Reads a document of power cuts (docs/documents.md, "faultline-powercut/1") into plain objects, or
throws LoadError with the place of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots.document import At, Document

SCHEMA = "faultline-powercut/1"
INSTANTS = ("during", "after-updates", "after-unmap", "after-close", "after-flush")
STATUSES = ("ok", "failed", "unsupported")
PROMISES = ("kept", "broken", "none made")
RECORD_VERDICTS = ("intact_new", "intact_old", "torn", "lost", "impossible", "unreadable")


@dataclass(frozen=True)
class Bin:
    """Updates of one age when the power was cut. high_seconds: None for no upper bound."""

    low_seconds: float
    high_seconds: float | None
    updates: int
    survived: int

    @property
    def share(self) -> float:
        return self.survived / self.updates


@dataclass(frozen=True)
class Row:
    """A strategy, cut at one instant, all cuts together. None: not known. `records`: by verdict. A
    failed row may have counts: of the cuts before it failed, or with impossible records.
    """

    strategy: str
    spec: str
    durability: str
    instant: str
    cuts: int | None
    status: str
    error: str
    updates: int | None
    acknowledged: int | None
    survived: int | None
    records: dict[str, int]
    straddling: int | None
    straddling_torn: int | None
    acknowledged_missing: int | None
    promise: str | None
    survival: tuple[Bin, ...]

    @property
    def counted(self) -> bool:
        """Whether it says what survived."""
        return bool(self.updates) and self.survived is not None

    @property
    def share(self) -> float:
        """Of a counted row."""
        return self.survived / self.updates

    @property
    def all_records(self) -> int:
        return sum(self.records.values())


@dataclass(frozen=True)
class PowerCuts:
    complete: bool
    environment: dict[str, str | None]
    notes: tuple[str, ...]
    parameters: dict[str, str | float | None]
    rows: tuple[Row, ...]

    @property
    def specs(self) -> list[str]:
        """The strategies in order of appearance."""
        return list(dict.fromkeys(row.spec for row in self.rows))

    @property
    def instants(self) -> list[str]:
        present = {row.instant for row in self.rows}
        return [instant for instant in INSTANTS if instant in present]


def load(source: Document) -> PowerCuts:
    """Throws LoadError."""
    root = source.root
    return PowerCuts(
        complete=root.get("complete").truth() is True,
        environment=source.environment(),
        notes=source.notes,
        parameters={
            name: at.text() if isinstance(at.value, str) else at.number()
            for name, at in root.get("parameters").items()
        },
        rows=tuple(_row(at) for at in root.get("rows").required_elements()),
    )


def _row(at: At) -> Row:
    strategy, straddling, records = at.get("strategy"), at.get("straddling"), at.get("records")
    promise = at.get("promise")
    counts = {name: _count(records.member(name)) for name in RECORD_VERDICTS}
    row = Row(
        strategy=strategy.get("name").required_text(),
        spec=strategy.get("spec").required_text(),
        durability=strategy.get("durability").text() or "",
        instant=at.get("instant").one_of(INSTANTS),
        cuts=_count(at.get("cuts")),
        status=at.get("status").one_of(STATUSES),
        error=at.get("error").text() or "",
        updates=_count(at.get("updates")),
        acknowledged=_count(at.get("acknowledged")),
        survived=_count(at.get("survived")),
        records={name: count for name, count in counts.items() if count is not None},
        straddling=_count(straddling.member("records")),
        straddling_torn=_count(straddling.member("torn")),
        acknowledged_missing=_count(at.get("acknowledged_missing")),
        promise=None if promise.value is None else promise.one_of(PROMISES),
        survival=_survival(at.get("survival")),
    )
    if row.counted and row.survived > row.updates:
        at.get("survived").refuse(f"more than updates, {row.updates}")
    return row


def _survival(at: At) -> tuple[Bin, ...]:
    """By age, the youngest first."""
    bins = [_bin(one) for one in at.elements()]
    known = [one for one in bins if one is not None]
    return tuple(sorted(known, key=lambda one: one.low_seconds))


def _bin(at: At) -> Bin | None:
    """None for a bin without updates: it says nothing."""
    low = at.get("age_low_seconds").required_drawable()
    high = at.get("age_high_seconds").drawable()
    updates, survived = _count(at.get("updates")), _count(at.get("survived"))
    if not updates or survived is None:
        return None
    if survived > updates:
        at.get("survived").refuse(f"more than updates, {updates}")
    if low < 0:
        at.get("age_low_seconds").refuse("below 0")
    if high is not None and high <= low:
        at.get("age_high_seconds").refuse("not above age_low_seconds")
    return Bin(low, high, updates, survived)


def _count(at: At) -> int | None:
    value = at.whole()
    if value is not None and value < 0:
        at.refuse("below 0")
    return value
