"""A document of power cuts as plain objects (docs/documents.md, "Power cut document")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from faultline_plots.build import Inconsistent
from faultline_plots.scale import Drawable

SCHEMA = "powercut.schema.json"
Instant = Literal["during", "after-updates", "after-unmap", "after-close", "after-flush"]
INSTANTS: tuple[Instant, ...] = get_args(Instant)
Promise = Literal["kept", "broken", "none made"]
RecordVerdict = Literal["intact_new", "intact_old", "torn", "lost", "impossible", "unreadable"]
RECORD_VERDICTS: tuple[RecordVerdict, ...] = get_args(RecordVerdict)
# Those of a record that is not whole, or not what was promised.
BAD_VERDICTS: tuple[RecordVerdict, ...] = ("torn", "lost", "impossible", "unreadable")


@dataclass(frozen=True)
class Bin:
    """Updates of one age when the power was cut: older than the one and at most as old as the
    other.
    """

    age_low_seconds: Drawable
    age_high_seconds: Drawable
    updates: int
    survived: int

    def __post_init__(self) -> None:
        if self.age_high_seconds <= self.age_low_seconds:
            why = f"{self.age_high_seconds:g} is not above age_low_seconds"
            raise Inconsistent(why, "age_high_seconds")
        if self.survived > self.updates:
            raise Inconsistent(f"{self.survived} is more than updates, {self.updates}", "survived")

    @property
    def share(self) -> float:
        return self.survived / self.updates


@dataclass(frozen=True)
class Strategy:
    spec: str
    durability: str


@dataclass(frozen=True)
class Straddling:
    """Records that lie on two pages or more."""

    records: int
    torn: int


@dataclass(frozen=True)
class Row:
    """A strategy, cut at one instant, all cuts together. None: no cut was made. `records`: by
    RECORD_VERDICTS. `survival`: by age, the youngest first. A failed row may have counts: of the
    cuts before it failed, or with impossible records.
    """

    strategy: Strategy
    instant: Instant
    cuts: int
    status: Literal["ok", "failed", "unsupported"]
    error: str | None
    updates: int | None
    acknowledged: int | None
    survived: int | None
    records: dict[RecordVerdict, int]
    straddling: Straddling | None
    acknowledged_missing: int | None
    promise: Promise | None
    survival: tuple[Bin, ...]

    def __post_init__(self) -> None:
        if self.survived is not None and self.survived > (self.updates or 0):
            raise Inconsistent(f"{self.survived} is more than updates, {self.updates}", "survived")

    @property
    def spec(self) -> str:
        return self.strategy.spec

    @property
    def share(self) -> float | None:
        """Of the updates that survived; None where there were none, or that is not known."""
        return self.survived / self.updates if self.updates and self.survived is not None else None

    @property
    def all_records(self) -> int:
        return sum(self.records.values())


@dataclass(frozen=True)
class Parameters:
    workload: str
    records: int
    record_size: int
    operations: int
    cuts: int
    seconds: float
    seed: int
    file_system: str
    image_bytes: int


@dataclass(frozen=True)
class PowerCuts:
    complete: bool
    environment: dict[str, str | None]
    parameters: Parameters
    rows: tuple[Row, ...]

    @property
    def specs(self) -> list[str]:
        """The strategies in order of appearance."""
        return list(dict.fromkeys(row.spec for row in self.rows))

    @property
    def instants(self) -> list[Instant]:
        present = {row.instant for row in self.rows}
        return [instant for instant in INSTANTS if instant in present]
