"""A run document as plain objects (docs/documents.md, "Run document").

Each has the members that the page is made of. What may be null is None: an absent figure is
never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from faultline_plots.build import Inconsistent
from faultline_plots.document import Json
from faultline_plots.run.comparisons import Comparison, GroupEntry, Judged, by_title

SCHEMA = "run.schema.json"
# Documents of these schemas, and what to do with them.
OLDER = {
    "faultline-run/1": (
        "it holds no comparisons; judge it by 'faultline report', which draws its page as well"
    )
}
Status = Literal["ok", "interference", "failed", "unsupported", "cut off"]
STATUSES: tuple[Status, ...] = get_args(Status)
Cache = Literal["cold", "streamed", "paged", "written"]
PHASES = ("open", "first", "steady", "flush", "close")
# Of fewer rounds the harness gives no interval: low and high are the least and the greatest.
FEWEST_ROUNDS = 6


def is_partial(document: Json) -> bool:
    """Whether 'faultline report' made it of an older run, whose repetitions lack what that version
    did not measure.
    """
    return isinstance(document, dict) and document.get("judged_anew") is True


@dataclass(frozen=True)
class Figure:
    """A median with its interval. low <= median <= high in a sound document; drawn as found
    otherwise. `points`: the values themselves, ascending, where they are too few for an interval;
    else none.
    """

    low: float
    median: float
    high: float
    points: tuple[float, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """A figure of the summary. All are None where no repetition has it."""

    low: float | None
    median: float | None
    high: float | None


@dataclass(frozen=True)
class Summary:
    with_interference: bool
    figures: dict[str, Estimate | None]


@dataclass(frozen=True)
class Phase:
    seconds: float
    counters: dict[str, int | None]


@dataclass(frozen=True)
class Asked:
    """Bytes that the plan asked for."""

    read_bytes: int
    changed_bytes: int


@dataclass(frozen=True)
class CacheCheck:
    proved: bool
    why_not: str | None
    total_pages: int


@dataclass(frozen=True)
class Latency:
    """Latencies of one repetition: nanoseconds; bins of (lower, upper, count) in
    ascending order.
    """

    timer_ns: int
    bins: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class OpenLoop:
    """`rate_kept`: whether operations began at the rate intended; None where there is none."""

    rate_kept: bool | None


@dataclass(frozen=True)
class Timeline:
    """Samples of a trial while it ran: a row for each, of what every column held then."""

    columns: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]

    def __post_init__(self) -> None:
        for index, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                why = f"expected {len(self.columns)} numbers, one for each column, found {len(row)}"
                raise Inconsistent(why, "rows", index)

    def values(self, name: str) -> list[float | None]:
        """A column; all of it absent where the timeline has none of that name."""
        if name not in self.columns:
            return [None] * len(self.rows)
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Stage:
    """A part of a timeline; `operations_per_second`: the median of its intervals."""

    begin_seconds: float
    seconds: float
    operations_per_second: float
    totals: dict[str, int | None]


@dataclass(frozen=True)
class Repetition:
    """`phases`: those that were finished, by name. `stages`: by name, None for one that there was
    not; None altogether where nothing is known of them.
    """

    status: Status
    error: str | None
    verified: bool | None
    order: int
    round: int
    ns_per_operation: float | None
    durable_ns_per_operation: float | None
    steady_ns_per_operation: float | None
    asked: Asked
    phases: dict[str, Phase]
    cache: CacheCheck | None
    latency: Latency | None
    open_loop: OpenLoop | None
    timeline: Timeline | None
    stages: dict[str, Stage | None] | None

    def stage(self, name: str) -> Stage | None:
        return (self.stages or {}).get(name)

    def counter(self, phase: str, name: str) -> int | None:
        """None where it is not known, or the phase was not finished."""
        found = self.phases.get(phase)
        return found.counters.get(name) if found else None

    def value(self, figure: str) -> float | None:
        """Its own value of a figure of the summary; None where it has none, or none is known."""
        if figure in _TIMES:
            return self._time(figure)
        if figure in _RATES:
            cost = self._time(_RATES[figure])
            return 1e9 / cost if cost else None
        if figure in _AMPLIFICATIONS:
            return self._amplification(*_AMPLIFICATIONS[figure])
        part, _, name = figure.partition(".")
        if part == "total":
            return self._total(name)
        phase = self.phases.get(part)
        if phase is None:
            return None
        return phase.seconds if name == "seconds" else phase.counters.get(name)

    def waited_share(self) -> float:
        """Of the accepted time of the clock: for how much its worker waited for a processor."""
        phases = [self.phases[name] for name in ("open", "first", "steady") if name in self.phases]
        seconds = sum(phase.seconds for phase in phases)
        waited = sum(phase.counters.get("run_delay_ns") or 0 for phase in phases) * 1e-9
        return min(waited / seconds, 1) if seconds else 0

    def _time(self, figure: str) -> float | None:
        found: float | None = getattr(self, figure)
        return found

    def _amplification(self, counter: str, name: str) -> float | None:
        moved = self._total(counter)
        asked: int = getattr(self.asked, name)
        return moved / asked if moved is not None and asked else None

    def _total(self, counter: str) -> int | None:
        counts = [self.counter(phase, counter) for phase in PHASES]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


_TIMES = ("ns_per_operation", "durable_ns_per_operation", "steady_ns_per_operation")
_RATES = {
    "operations_per_second": "ns_per_operation",
    "durable_operations_per_second": "durable_ns_per_operation",
}
_AMPLIFICATIONS = {
    "read_amplification": ("device_read_bytes", "read_bytes"),
    "write_amplification": ("device_write_bytes", "changed_bytes"),
}


@dataclass(frozen=True)
class Parameters:
    """What a trial's regime is made of, besides its workload. Older runs have closed loads."""

    records: int
    record_size: int
    file_bytes: int
    operations: int
    passes: int
    threads: int
    processes: int
    cache: Cache
    memory_limit_bytes: int | None
    seed: int
    latency: Literal["off", "sampled", "all"] = "off"
    load: Literal["closed", "open"] = "closed"
    rate: float | None = None
    arrivals: Literal["even", "poisson"] = "even"


@dataclass(frozen=True)
class Strategy:
    """`title`: its name in the group, the spec with "#2" behind it for the second one of an A/A
    pair.
    """

    title: str
    name: str
    spec: str
    durability: Literal["never", "after-flush", "periodic"]
    effective: dict[str, str]


@dataclass(frozen=True)
class Workload:
    spec: str


@dataclass(frozen=True, eq=False)
class Trial:
    """`group`: the title of its group in the document. `net_of_waiting`: its times per operation
    are without the time that its worker waited for a processor, as those of its group.
    """

    id: str
    section: str
    group: str
    strategy: Strategy
    workload: Workload
    parameters: Parameters
    repetitions: tuple[Repetition, ...]
    summary: Summary
    net_of_waiting: bool = False

    @property
    def title(self) -> str:
        return self.strategy.title

    @property
    def with_interference(self) -> bool:
        """Whether rounds with interference are in its figures."""
        return self.summary.with_interference

    @property
    def wrong(self) -> bool:
        """Some repetition left a wrong file: its speed counts for nothing."""
        return any(repetition.verified is False for repetition in self.repetitions)

    @property
    def stores(self) -> bool:
        return self.strategy.durability != "never"

    @property
    def open_load(self) -> bool:
        """Its operations were due at given times: what they took in all is no cost."""
        return self.parameters.load == "open"

    @property
    def drawn(self) -> bool:
        """Whether its figures belong into a chart."""
        return bool(self.figures) and not self.wrong

    @cached_property
    def sources(self) -> tuple[Repetition, ...]:
        """The repetitions that the figures are from, one for each round: the last one without
        interference; where those with it are in the figures, else the last one of these.
        """
        chosen: dict[int, Repetition] = {}
        for each in self.repetitions:
            known = chosen.get(each.round)
            if each.status == "ok" or (
                self.with_interference
                and each.status == "interference"
                and (known is None or known.status == "interference")
            ):
                chosen[each.round] = each
        return tuple(chosen.values())

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Those of the summary that are known."""
        found = {}
        for name, each in self.summary.figures.items():
            if each is not None and each.median is not None:
                low = each.median if each.low is None else each.low
                high = each.median if each.high is None else each.high
                points = self._points(name, {low, each.median, high})
                found[name] = Figure(low, each.median, high, points)
        return found

    def _points(self, name: str, summary: set[float]) -> tuple[float, ...]:
        """The repetitions' own values; what the summary tells of them where they are not known."""
        if len(self.sources) >= FEWEST_ROUNDS:
            return ()
        values = [value for each in self.sources if (value := each.value(name)) is not None]
        return tuple(sorted(values)) or tuple(sorted(summary))

    def count(self, status: Status) -> int:
        return sum(repetition.status == status for repetition in self.repetitions)

    def figure(self, name: str) -> Figure | None:
        return self.figures.get(name)


@dataclass(frozen=True)
class Counter:
    """`column`: head of its column in tables of trials; empty for one that has none."""

    unit: Literal["", "bytes", "ns", "pages"]
    kind: Literal["total", "level", "peak"]
    column: str = ""


@dataclass(frozen=True)
class Run:
    complete: bool
    suite: str
    environment: dict[str, str | None]
    counters: dict[str, Counter]
    absent: dict[str, str]
    warnings: tuple[str, ...]
    groups: tuple[GroupEntry, ...]
    comparisons: tuple[Comparison, ...]
    trials: tuple[Trial, ...]
    judged_anew: bool = False

    @cached_property
    def judged(self) -> dict[str, Judged]:
        """The groups with their comparisons, by title."""
        return by_title(self.groups, self.comparisons)
