"""Reads a run document (docs/documents.md, "faultline-run/2") into plain objects.

What the contract requires must be there, or LoadError names the place. What it allows to be null is
None here, and so is a figure that is missing or not finite: an absent figure is never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from faultline_plots.document import At, Document, LoadError
from faultline_plots.run import comparisons
from faultline_plots.run.comparisons import Judged

SCHEMA = "faultline-run/2"
# Documents of these schemas, and what to do with them.
_OLDER = "it holds no comparisons; judge it by 'faultline report', which draws its page as well"
OLDER = {"faultline-run/1": _OLDER}
PHASES = ("open", "first", "steady", "flush", "close")
STAGES = ("filling", "stall", "steady")
STATUSES = ("ok", "interference", "failed", "unsupported", "cut off")
# Of fewer rounds the harness gives no interval: low and high are the least and the greatest.
FEWEST_ROUNDS = 6


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
class Phase:
    seconds: float | None
    counters: dict[str, float | None]


@dataclass(frozen=True)
class Latency:
    """Latencies of one repetition: nanoseconds; bins of (lower, upper, count) in
    ascending order.
    """

    timer_ns: float | None
    bins: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Timeline:
    """Looks at a trial while it ran: a row for each, of what every column held then."""

    columns: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]

    def values(self, name: str) -> list[float | None]:
        """A column; all of it absent where the timeline has none of that name."""
        if name not in self.columns:
            return [None] * len(self.rows)
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Stage:
    """A part of a timeline; `operations_per_second`: the median of its intervals."""

    begin_seconds: float | None
    seconds: float | None
    operations_per_second: float | None
    totals: dict[str, float | None]


@dataclass(frozen=True)
class Repetition:
    status: str
    error: str | None
    verified: bool | None
    order: int | None
    round: int | None
    costs: dict[str, float | None]
    asked_read_bytes: float | None
    asked_changed_bytes: float | None
    phases: dict[str, Phase]
    cache_proved: bool | None
    cache_why_not: str | None
    total_pages: float | None
    latency: Latency | None
    # Whether an open load's operations began at the rate intended; None for a closed load.
    rate_kept: bool | None
    timeline: Timeline | None
    # Those of STAGES that there were; None where nothing is known of them.
    stages: dict[str, Stage] | None

    def stage(self, name: str) -> Stage | None:
        return (self.stages or {}).get(name)

    def value(self, figure: str) -> float | None:
        """Its own value of a figure of the summary; None where it has none, or none is known."""
        if figure in self.costs:
            return self.costs[figure]
        if figure in _RATES:
            cost = self.costs[_RATES[figure]]
            return 1e9 / cost if cost else None
        if figure in _AMPLIFICATIONS:
            counter, name = _AMPLIFICATIONS[figure]
            moved, asked = self._total(counter), getattr(self, name)
            return moved / asked if moved is not None and asked else None
        part, _, name = figure.partition(".")
        if part == "total":
            return self._total(name)
        phase = self.phases.get(part)
        if phase is None:
            return None
        return phase.seconds if name == "seconds" else phase.counters.get(name)

    def _total(self, counter: str) -> float | None:
        counts = [self.phases[phase].counters.get(counter) for phase in PHASES]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


_COSTS = ("ns_per_operation", "durable_ns_per_operation", "steady_ns_per_operation")
_RATES = {
    "operations_per_second": "ns_per_operation",
    "durable_operations_per_second": "durable_ns_per_operation",
}
_AMPLIFICATIONS = {
    "read_amplification": ("device_read_bytes", "asked_read_bytes"),
    "write_amplification": ("device_write_bytes", "asked_changed_bytes"),
}


@dataclass(frozen=True)
class Parameters:
    """What a trial's regime is made of, besides its workload. None: not stated."""

    records: int | None
    record_size: int | None
    file_bytes: int | None
    operations: int | None
    passes: int | None
    threads: int | None
    processes: int | None
    cache: str | None
    memory_limit_bytes: int | None
    seed: int | None
    latency: str | None
    load: str | None
    rate: float | None
    arrivals: str | None


@dataclass(frozen=True, eq=False)
class Trial:
    """`group`: the title of its group in the document. `title`: its strategy's name in there, the
    spec with "#2" behind it for the second one of an A/A pair.
    """

    id: str
    section: str
    group: str
    strategy: str
    strategy_spec: str
    title: str
    durability: str
    effective: dict[str, str]
    workload: str
    workload_spec: str
    parameters: Parameters
    repetitions: tuple[Repetition, ...]
    figures: dict[str, Figure]
    with_interference: bool

    def count(self, status: str) -> int:
        return sum(repetition.status == status for repetition in self.repetitions)

    @property
    def wrong(self) -> bool:
        """Some repetition left a wrong file: its speed counts for nothing."""
        return any(repetition.verified is False for repetition in self.repetitions)

    @property
    def stores(self) -> bool:
        return self.durability != "never"

    @property
    def open_load(self) -> bool:
        """Its operations were due at given times: what they took in all is no cost."""
        return self.parameters.load == "open"

    @property
    def drawn(self) -> bool:
        """Whether its figures belong into a chart."""
        return bool(self.figures) and not self.wrong

    @property
    def sources(self) -> tuple[Repetition, ...]:
        """The repetitions that the figures are from."""
        return _sources(self.repetitions, self.with_interference)

    def figure(self, name: str) -> Figure | None:
        return self.figures.get(name)


def _sources(
    repetitions: tuple[Repetition, ...], with_interference: bool
) -> tuple[Repetition, ...]:
    """One for each round: the last one without interference; where that is told to be in the
    figures, else the last one with it.
    """
    chosen: dict[object, Repetition] = {}
    for place, each in enumerate(repetitions):
        number = ("no round", place) if each.round is None else each.round
        known = chosen.get(number)
        if each.status == "ok" or (
            with_interference
            and each.status == "interference"
            and (known is None or known.status == "interference")
        ):
            chosen[number] = each
    return tuple(chosen.values())


@dataclass(frozen=True)
class Run:
    path: Path
    complete: bool
    suite: str
    environment: dict[str, str | None]
    counters: dict[str, dict[str, str]]
    absent: dict[str, str]
    warnings: tuple[str, ...]
    judged_anew: bool
    groups: dict[str, Judged]
    trials: tuple[Trial, ...] = field(default=())


def load(source: Document) -> Run:
    """Throws LoadError."""
    document = source.root
    if any(document.get(name).value is None for name in ("groups", "comparisons")):
        raise LoadError(_OLDER)
    return Run(
        path=source.path,
        complete=document.get("complete").truth() is True,
        suite=document.get("suite").text() or "",
        environment=source.environment(),
        counters={
            name: {key: value.plain() or "" for key, value in counter.items()}
            for name, counter in document.get("counters").items()
        },
        absent={name: why.text() or "" for name, why in document.get("absent").items()},
        warnings=tuple(w.required_text() for w in document.get("warnings").elements())
        + source.notes,
        judged_anew=document.get("judged_anew").truth() is True,
        groups=comparisons.load(document.get("groups"), document.get("comparisons")),
        trials=tuple(_trial(trial) for trial in document.get("trials").required_elements()),
    )


def _trial(at: At) -> Trial:
    strategy, workload, summary = at.get("strategy"), at.get("workload"), at.get("summary")
    repetitions = tuple(_repetition(r) for r in at.get("repetitions").elements())
    with_interference = summary.member("with_interference").truth() is True
    spec = strategy.get("spec").required_text()
    return Trial(
        id=at.get("id").required_text(),
        section=at.get("section").text() or "",
        group=at.get("group").required_text(),
        strategy=strategy.get("name").required_text(),
        strategy_spec=spec,
        title=strategy.get("title").text() or spec,
        durability=strategy.get("durability").text() or "",
        effective={key: value.plain() or "" for key, value in strategy.get("effective").items()},
        workload=workload.get("name").required_text(),
        workload_spec=workload.get("spec").required_text(),
        parameters=_parameters(at.get("parameters")),
        repetitions=repetitions,
        figures=_figures(summary.member("figures"), _sources(repetitions, with_interference)),
        with_interference=with_interference,
    )


def _figures(at: At, sources: tuple[Repetition, ...]) -> dict[str, Figure]:
    figures = {}
    for name, figure in at.items():
        if figure.value is None:
            continue
        median = figure.get("median").number()
        low, high = figure.get("low").number(), figure.get("high").number()
        if median is not None:
            low, high = median if low is None else low, median if high is None else high
            figures[name] = Figure(low, median, high, _points(name, (low, median, high), sources))
    return figures


def _points(
    name: str, figure: tuple[float, ...], sources: tuple[Repetition, ...]
) -> tuple[float, ...]:
    """The repetitions' own values; what the summary tells of them where they are not known."""
    if len(sources) >= FEWEST_ROUNDS:
        return ()
    values = [value for each in sources if (value := each.value(name)) is not None]
    return tuple(sorted(values)) or tuple(sorted(set(figure)))


def _parameters(at: At) -> Parameters:
    texts = {"cache", "latency", "load", "arrivals"}
    if at.value is None:
        at.fail("an object")
    return Parameters(
        **{
            name: at.get(name).text() if name in texts else at.get(name).whole()
            for name in Parameters.__dataclass_fields__
            if name != "rate"
        },
        rate=at.get("rate").number(),
    )


def _repetition(at: At) -> Repetition:
    cache, asked, phases = at.get("cache"), at.get("asked"), at.get("phases")
    return Repetition(
        status=at.get("status").one_of(STATUSES),
        error=at.get("error").text(),
        verified=at.get("verified").truth(),
        order=at.get("order").whole(),
        round=at.get("round").whole(),
        costs={name: at.get(name).number() for name in _COSTS},
        asked_read_bytes=asked.member("read_bytes").number(),
        asked_changed_bytes=asked.member("changed_bytes").number(),
        phases={name: _phase(phases.member(name)) for name in PHASES},
        cache_proved=cache.member("proved").truth(),
        cache_why_not=cache.member("why_not").text(),
        total_pages=cache.member("total_pages").number(),
        latency=_latency(at.get("latency")),
        rate_kept=at.get("open_loop").member("rate_kept").truth(),
        timeline=_timeline(at.get("timeline")),
        stages=_stages(at.get("stages")),
    )


def _phase(at: At) -> Phase:
    return Phase(
        seconds=at.member("seconds").number(),
        counters={name: value.number() for name, value in at.member("counters").items()},
    )


def _latency(at: At) -> Latency | None:
    if at.value is None:
        return None
    bins = []
    for row in at.get("bins").elements():
        values = [cell.number() for cell in row.elements()]
        if len(values) != 3 or any(value is None or value < 0 for value in values):
            row.fail("[lower_ns, upper_ns, count]")
        bins.append(tuple(values))
    return Latency(timer_ns=at.get("timer_ns").number(), bins=tuple(sorted(bins)))


def _timeline(at: At) -> Timeline | None:
    if at.value is None:
        return None
    columns = tuple(name.required_text() for name in at.get("columns").required_elements())
    rows = []
    for row in at.get("rows").required_elements():
        cells = row.elements()
        if len(cells) != len(columns):
            row.fail(f"{len(columns)} numbers, one for each column")
        rows.append(tuple(cell.number() for cell in cells))
    return Timeline(columns, tuple(rows))


def _stages(at: At) -> dict[str, Stage] | None:
    if at.value is None:
        return None
    found = {name: at.get(name) for name in STAGES}
    return {name: _stage(stage) for name, stage in found.items() if stage.value is not None}


def _stage(at: At) -> Stage:
    return Stage(
        begin_seconds=at.get("begin_seconds").number(),
        seconds=at.get("seconds").number(),
        operations_per_second=at.get("operations_per_second").number(),
        totals={name: value.number() for name, value in at.get("totals").items()},
    )
