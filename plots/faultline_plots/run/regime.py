"""Which trials belong together: the document's groups, which are compared, and sets of trials that
are equal in everything but what a chart varies, which are not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields

from faultline_plots import text
from faultline_plots.run.comparisons import Judged
from faultline_plots.run.load import Parameters, Run, Trial

_SHOWN_ELSEWHERE = (
    "record_size",
    "records",
    "file_bytes",
    "operations",
    "passes",
    "latency",
    "seed",
)


@dataclass(frozen=True)
class Group:
    """A group of the document: trials that differ in nothing but their strategy, and what it says
    of them. The two of an A/A pair are two of them.
    """

    trials: tuple[Trial, ...]
    judged: Judged

    @property
    def first(self) -> Trial:
        return self.trials[0]

    @property
    def title(self) -> str:
        return title(self.first)

    @property
    def sectioned(self) -> str:
        """The title behind the section's name: for charts of sections that differ in size only."""
        section = self.first.section
        return f"{section}: {self.title}" if section else self.title

    @property
    def regime(self) -> str:
        return regime_text(self.first)

    @property
    def contenders(self) -> list[Trial]:
        """Those with figures to draw that do store something."""
        return [trial for trial in self.trials if trial.drawn and trial.stores]

    @property
    def baseline(self) -> Trial | None:
        return next((t for t in self.trials if t.title == self.judged.baseline), None)

    @property
    def pairs(self) -> list[tuple[Trial, Trial]]:
        """The same strategy twice (an A/A pair): the second and the first one."""
        first = {trial.title: trial for trial in self.trials}
        return [
            (trial, first[trial.strategy.spec])
            for trial in self.trials
            if trial.stores and trial.title != trial.strategy.spec and trial.strategy.spec in first
        ]

    def ranked(self, trials: list[Trial], figure: str) -> list[Trial]:
        """In the document's order, the cheapest first; those that it doesn't rank come last."""
        ranking = self.judged.ranking(figure)
        order = ranking.order if ranking else ()
        place = {title: index for index, title in enumerate(order)}
        return sorted(trials, key=lambda trial: place.get(trial.title, len(place)))

    @property
    def idle(self) -> Trial | None:
        """The strategy that does nothing: the harness's own cost in this regime."""
        return next((trial for trial in self.trials if trial.drawn and not trial.stores), None)


def title(trial: Trial, without: tuple[str, ...] = ()) -> str:
    """The workload, and what of its regime isn't the ordinary, leaving out what a chart varies."""
    p = trial.parameters
    parts = [trial.workload.spec, f"cache {p.cache}"]
    if p.threads > 1 and "threads" not in without:
        parts.append(f"{p.threads} threads")
    if p.processes > 1:
        parts.append(f"{p.processes} processes")
    if trial.open_load:
        parts.append(_open_load(p))
    if p.memory_limit_bytes is not None and "memory_limit_bytes" not in without:
        parts.append(f"memory limit {text.size(p.memory_limit_bytes)}")
    return ", ".join(parts)


def key(trial: Trial, without: tuple[str, ...] = ()) -> Hashable:
    """Equal for trials that differ in nothing but strategy and the parameters `without` ("workload"
    is one too).
    """
    values: list[tuple[str, Hashable]] = [
        (field.name, getattr(trial.parameters, field.name))
        for field in fields(Parameters)
        if field.name not in without
    ]
    if "workload" not in without:
        values.append(("workload", trial.workload.spec))
    return tuple(values)


def collect(trials: Iterable[Trial], without: tuple[str, ...] = ()) -> list[list[Trial]]:
    """The trials by key, in the order of the run."""
    found: dict[Hashable, list[Trial]] = {}
    for trial in trials:
        found.setdefault(key(trial, without), []).append(trial)
    return list(found.values())


def groups(run: Run) -> list[Group]:
    found: dict[str, list[Trial]] = {}
    for trial in run.trials:
        found.setdefault(trial.group, []).append(trial)
    return [
        Group(tuple(trials), run.judged.get(title, Judged(title)))
        for title, trials in found.items()
    ]


def largest(found: list[tuple[Group, list[Trial]]]) -> list[tuple[Group, list[Trial]]]:
    """Of groups that differ only in what has charts of its own (record size, latency, passes): the
    one with most strategies. Each comes with those of its trials that matter; the order stays.
    """
    best: dict[Hashable, tuple[Group, list[Trial]]] = {}
    for group, trials in found:
        shape = key(group.first, _SHOWN_ELSEWHERE)
        if shape not in best or strategies(trials) > strategies(best[shape][1]):
            best[shape] = (group, trials)
    chosen = {id(group) for group, _ in best.values()}
    return [pair for pair in found if id(pair[0]) in chosen]


def strategies(trials: list[Trial]) -> int:
    return len({trial.strategy.name for trial in trials})


def thinned(group: Group, trials: list[Trial], limit: int = 3) -> tuple[list[Trial], str]:
    """At most `limit` settings of each strategy for a chart with a row per trial: the plain one (or
    the first) and those that the ranking by accepted time has first and last. Also a sentence on
    what was left out, or "".
    """
    kept: list[Trial] = []
    left: dict[str, int] = {}
    for name in dict.fromkeys(trial.strategy.name for trial in trials):
        own = [trial for trial in trials if trial.strategy.name == name]
        if len(own) > limit:
            ranked = group.ranked(own, "ns_per_operation")
            plain = next((trial for trial in own if trial.title == name), own[0])
            chosen = list(dict.fromkeys([plain, ranked[0], ranked[-1]]))
            left[name] = len(own) - len(chosen)
            own = chosen
        kept.extend(own)
    if not left:
        return kept, ""
    what = text.listing([f"{number} of {name}" for name, number in left.items()])
    return kept, f"Not drawn: {what}, with other option settings; the table has them."


def regime_text(trial: Trial, without: tuple[str, ...] = ()) -> str:
    """The regime in words, leaving out what a chart varies."""
    p = trial.parameters
    parts = [] if "workload" in without else [trial.workload.spec]
    shape = ""
    if "records" not in without:
        shape = f"{text.whole(p.records)} records"
    if "record_size" not in without:
        shape += f"{' of' if shape else 'records of'} {text.whole(p.record_size)} bytes"
    if "file_bytes" not in without:
        shape = (
            f"{shape} ({text.binary_size(p.file_bytes)})"
            if shape
            else f"a file of {text.binary_size(p.file_bytes)}"
        )
    parts.append(shape)
    if "operations" not in without:
        parts.append(f"{text.whole(p.operations)} operations" + _passes(p.passes))
    for name, number in (("thread", p.threads), ("process", p.processes)):
        plural = name + ("es" if name.endswith("s") else "s")
        if plural not in without:
            parts.append(f"{number} {name if number == 1 else plural}")
    if "cache" not in without:
        parts.append(f"cache {p.cache}")
    if "memory_limit_bytes" not in without:
        limit = p.memory_limit_bytes
        parts.append("no memory limit" if limit is None else f"memory limit {text.size(limit)}")
    if p.latency != "off":
        parts.append(f"latency {p.latency}")
    if trial.open_load:
        parts.append(_open_load(p))
    return ", ".join(part for part in parts if part)


def _open_load(parameters: Parameters) -> str:
    rate = parameters.rate
    if rate is None:
        return "open load"
    at = " at random times" if parameters.arrivals == "poisson" else ""
    return f"open load of {rate:,.12g} operations per second{at}"


def _passes(passes: int) -> str:
    return " in one pass" if passes == 1 else f" in each of {passes} passes"
