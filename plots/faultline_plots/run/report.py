"""Writes the report: report.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import FAMILIES
from faultline_plots.run.headline import harness_cost, headlines
from faultline_plots.run.load import STATUSES, Run, Trial
from faultline_plots.run.regime import groups, largest, regime_text


@dataclass(frozen=True)
class _Section:
    id: str
    title: str
    charts: list[page.Drawn]
    reason: str
    notes: list[str]


@dataclass(frozen=True)
class _Row:
    """A trial in the table; figures as [low, median, high] texts or None."""

    id: str
    strategy: str
    section: str
    regime: str
    repetitions: str
    verification: str
    mark: str
    figures: list[tuple[str, str, str] | None]


@dataclass(frozen=True)
class _Incident:
    trial: str
    order: str
    status: str
    reason: str


_COLUMNS = (
    ("accepted, per operation", "ns_per_operation", text.duration),
    ("durable, per operation", "durable_ns_per_operation", text.duration),
    ("steady, per operation", "steady_ns_per_operation", text.duration),
    ("minor faults", "total.minor_faults", text.count),
    ("major faults", "total.major_faults", text.count),
)


def write(run: Run, directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of report.html.
    Raises OSError.
    """
    charts = page.Charts(directory)
    with style.settings():
        sections = _sections(run, charts)
    answers = headlines(run)
    return page.write(
        directory,
        "report.html",
        "run.html",
        run=run,
        headlines=answers,
        no_headline="" if answers else _no_headline(run),
        harness=_harness(run),
        noise=_noise(run),
        columns=[title for title, *_ in _COLUMNS],
        rows=[_row(trial) for trial in run.trials],
        incidents=_incidents(run),
        sections=sections,
        absent=sorted(run.absent.items()),
        environment=run.environment,
    )


def _sections(run: Run, charts: page.Charts) -> list[_Section]:
    colours = style.Colours(trial.strategy for trial in run.trials)
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


def _no_headline(run: Run) -> str:
    if not run.trials:
        return "The run has no trial."
    if not any(trial.judged for trial in run.trials):
        return (
            "No trial has an undisturbed and verified repetition: there is nothing to conclude. See"
            " the incidents."
        )
    if all(trial.open_load for trial in run.trials):
        return (
            "Every trial ran under an open load: what a given rate takes is no cost, so nobody is"
            " the fastest. The latencies tell the strategies apart."
        )
    return (
        "No two strategies can be judged for the same workload and parameters: there is nothing to"
        " compare."
    )


def _harness(run: Run) -> list[tuple[str, str]]:
    """(regime, sentence) where the strategy that does nothing ran."""
    found = largest([(group, list(group.trials)) for group in groups(run)])
    return [(group.regime, cost) for group, _ in found if (cost := harness_cost(group))]


def _noise(run: Run) -> str:
    floor = run.noise_floor
    if floor is None:
        return verdict.noise_sentence(None)
    pair = " and ".join(floor.trials)
    return (
        f"{verdict.noise_sentence(floor)} An A/A pair, one strategy measured twice, differs by a"
        f" ratio of {floor.ratio:.3f} [{floor.low:.3f} {floor.high:.3f}]"
        + (f": {pair}." if pair else ".")
    )


def _row(trial: Trial) -> _Row:
    figures = []
    for _, name, formatted in _COLUMNS:
        figure = trial.figure(name)
        figures.append(
            figure and tuple(formatted(value) for value in (figure.low, figure.median, figure.high))
        )
    counts = [
        (trial.count(status), status) for status in STATUSES
    ]
    repetitions = ", ".join(f"{count} {status}" for count, status in counts if count) or "none"
    verification, mark = _verification(trial)
    if trial.figures_disturbed:
        repetitions += " (figures of disturbed repetitions)"
    # The second of an A/A pair is told apart by the end of its id.
    strategy = trial.strategy_spec + (" #2" if trial.id.endswith("#2") else "")
    return _Row(
        trial.id,
        strategy,
        trial.section,
        regime_text(trial),
        repetitions,
        verification,
        mark,
        figures,
    )


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
    unproved = sum(repetition.cache_proved is False for repetition in trial.sources)
    if unproved:
        return f"{words}; cache state unproved in {unproved}", (
            "doubtful" if mark == "good" else mark
        )
    return words, mark


def _incidents(run: Run) -> list[_Incident]:
    found = []
    for trial in run.trials:
        for repetition in trial.repetitions:
            order = "" if repetition.order is None else str(repetition.order)
            if repetition.status != "ok":
                why = repetition.error or "no reason given"
                found.append(_Incident(trial.id, order, repetition.status, why))
            elif repetition.cache_proved is False:
                why = repetition.cache_why_not or "no reason given"
                found.append(_Incident(trial.id, order, "cache state unproved", why))
    return found
