"""Writes the report: report.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from faultline_plots import page, style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import FAMILIES
from faultline_plots.run.headline import harness_cost, headlines, pair_sentences
from faultline_plots.run.load import STATUSES, Run, Trial
from faultline_plots.run.regime import Group, groups, largest, regime_text


@dataclass(frozen=True)
class _Section:
    id: str
    title: str
    charts: list[page.Drawn]
    reason: str
    notes: list[str]


@dataclass(frozen=True)
class _Row:
    """A trial in the table. `figures`: (median, what is known of its spread) or None; `verdicts`:
    those of _COMPARED against the group's baseline.
    """

    id: str
    strategy: str
    section: str
    group: str
    regime: str
    baseline: str | None
    repetitions: str
    verification: str
    mark: str
    verdicts: list[str]
    figures: list[tuple[str, str] | None]
    greyed: bool


@dataclass(frozen=True)
class _Incident:
    trial: str
    order: str
    status: str
    reason: str


_Column: TypeAlias = tuple[str, str, text.Format]
# Before those of the counters that have a column.
_COLUMNS: tuple[_Column, ...] = (
    ("accepted, per operation", "ns_per_operation", text.duration),
    ("durable, per operation", "durable_ns_per_operation", text.duration),
    ("steady, per operation", "steady_ns_per_operation", text.duration),
    ("minor faults", "total.minor_faults", text.whole),
)
_FORMATS: dict[str, text.Format] = {"bytes": text.binary_size, "ns": text.duration}
# In words, by the figure of a closed load, and by that of an open one.
_COMPARED = (
    ("accepted", wording.ACCEPTED, "latency.p50"),
    ("durable", wording.DURABLE, "latency.p99"),
)

# As the terminal: below, waiting is smaller than the margin of a verdict.
_SHOWN_WAITING = 0.05


def write(run: Run, notes: tuple[str, ...], directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of report.html.
    Raises OSError.
    """
    charts = page.Charts(directory)
    with style.settings():
        sections = _sections(run, charts)
    answers = headlines(run)
    grouped = groups(run)
    columns = _columns(run)
    return page.write(
        directory,
        "report.html",
        "run.html",
        run=run,
        warnings=[*run.warnings, *notes],
        headlines=answers,
        no_headline="" if answers else _no_headline(run),
        harness=_harness(run),
        waiting=_waiting(run),
        header=_header(run),
        pairs=[(group.regime, told) for group in grouped for told in pair_sentences(group)],
        compared=[title for title, *_ in _COMPARED],
        columns=[title for title, *_ in columns],
        rows=[_row(trial, group, columns) for group in grouped for trial in group.trials],
        incidents=_incidents(run),
        sections=sections,
        absent=sorted(run.absent.items()),
        environment=run.environment,
    )


def _sections(run: Run, charts: page.Charts) -> list[_Section]:
    colours = style.Colours(trial.strategy.name for trial in run.trials)
    # Under an open load only latencies say something of the strategy.
    closed = replace(run, trials=tuple(trial for trial in run.trials if not trial.open_load))
    result = []
    for family in FAMILIES:
        made = family.make(run if family.NAME == "latency" else closed, colours)
        drawn = []
        for chart in made.charts:
            name = f"{family.NAME}-{style.slug(chart.title)}"
            named = page.Chart(name, chart.title, chart.figure, chart.reading, chart.regime)
            drawn.append(charts.save(named, family.TITLE))
        result.append(_Section(family.NAME, family.TITLE, drawn, made.reason, made.notes))
    return result


def _header(run: Run) -> str:
    """When, where and by what the run was made, as far as the document says."""
    known = run.environment
    version = known.get("version")
    parts = [known.get("date"), page.machine(known), f"Faultline {version}" if version else None]
    return " · ".join(part for part in parts if part)


def _no_headline(run: Run) -> str:
    if not any(group.rankings for group in run.groups):
        return (
            "No trial has a repetition that could be compared: there is nothing to conclude. See"
            " the incidents."
        )
    return (
        "No two strategies were measured with the same workload and parameters: there is nothing to"
        " compare."
    )


def _waiting(run: Run) -> str:
    """What the times lack; empty where workers hardly waited for a processor."""
    shares = [
        repetition.waited_share()
        for trial in run.trials
        if trial.net_of_waiting
        for repetition in trial.sources
    ]
    share = statistics.fmean(shares) if shares else 0
    if share < _SHOWN_WAITING:
        return ""
    return (
        f"Others kept the processors busy: workers waited for {100 * share:.0f} % of the time."
        " Times per operation are without this waiting"
        + (
            ", except in groups where the counters can't separate it from other delays."
            if any(not trial.net_of_waiting for trial in run.trials if not trial.open_load)
            else "."
        )
    )


def _harness(run: Run) -> list[tuple[str, str]]:
    """(regime, sentence) where the strategy that does nothing ran."""
    found = largest([(group, list(group.trials)) for group in groups(run)])
    return [(group.regime, cost) for group, _ in found if (cost := harness_cost(group))]


def _columns(run: Run) -> list[_Column]:
    counters = [
        (counter.column, f"total.{name}", _FORMATS.get(counter.unit, text.whole))
        for name, counter in sorted(run.counters.items())
        if counter.column
    ]
    return [*_COLUMNS, *counters]


def _row(trial: Trial, group: Group, columns: list[_Column]) -> _Row:
    figures = []
    for _, name, formatted in columns:
        figure = trial.figure(name)
        figures.append(wording.parts(figure, formatted) if figure else None)
    counts = [(trial.count(status), status) for status in STATUSES]
    repetitions = ", ".join(f"{count} {status}" for count, status in counts if count) or "none"
    verification, mark = _verification(trial)
    if trial.with_interference:
        repetitions += "; in the figures"
    return _Row(
        trial.id,
        trial.title,
        trial.section,
        trial.group,
        regime_text(trial),
        group.judged.baseline,
        repetitions,
        verification,
        mark,
        [_verdict(trial, group, closed, open_) for _, closed, open_ in _COMPARED],
        figures,
        trial.with_interference,
    )


def _verdict(trial: Trial, group: Group, closed: str, open_: str) -> str:
    if trial.title == group.judged.baseline:
        return "baseline"
    if trial.open_load:
        percentile = open_.rpartition(".")[2]
        found = group.judged.find(open_, trial.title, group.judged.baseline)
        return f"{percentile}: {wording.short(found)}" if found else ""
    return wording.short(group.judged.find(closed, trial.title, group.judged.baseline))


def _verification(trial: Trial) -> tuple[str, str]:
    """In words, and how to mark it: good, bad, doubtful or plain."""
    proved = sum(repetition.verified is True for repetition in trial.repetitions)
    wrong = sum(repetition.verified is False for repetition in trial.repetitions)
    everything = len(trial.repetitions)
    if wrong:
        return f"WRONG RESULT in {wrong} of {everything}: its speed does not count", "bad"
    if not trial.stores:
        return "nothing to verify", "plain"
    if everything and proved == everything:
        words, mark = f"verified {proved} of {everything}", "good"
    elif proved:
        words, mark = f"verified {proved} of {everything}", "doubtful"
    else:
        words, mark = "not verified", "bad"
    unproved = sum(bool(each.cache and not each.cache.proved) for each in trial.sources)
    if unproved:
        return f"{words}; cache state unproved in {unproved}", (
            "doubtful" if mark == "good" else mark
        )
    return words, mark


def _incidents(run: Run) -> list[_Incident]:
    found = []
    for trial in run.trials:
        for repetition in trial.repetitions:
            cache, order = repetition.cache, str(repetition.order)
            if repetition.status != "ok":
                why = repetition.error or "no reason given"
                found.append(_Incident(trial.id, order, repetition.status, why))
            elif cache and not cache.proved:
                why = cache.why_not or "no reason given"
                found.append(_Incident(trial.id, order, "cache state unproved", why))
    return found
