"""The answer on top of the page: for each workload, who is fastest, by how much, and under which
regime.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import text
from faultline_plots.run import verdict
from faultline_plots.run.load import Figure, Run
from faultline_plots.run.regime import Group, groups, largest

_KINDS = (
    ("accepted", "operations_per_second", "the calls had returned"),
    ("durable", "durable_operations_per_second", "everything was on stable storage"),
)


@dataclass(frozen=True)
class Answer:
    """One kind of one group: `words` is a true sentence; `ratio` compares with the baseline, or
    says why not.
    """

    kind: str
    meaning: str
    winner: str
    interval: str
    words: str
    ratio: str


@dataclass(frozen=True)
class Headline:
    title: str
    regime: str
    answers: tuple[Answer, ...]
    harness: str


def headlines(run: Run) -> list[Headline]:
    """One for each workload and regime in which at least two trials can be judged; of those that
    differ only in record size, passes or latency settings, the one with most strategies.
    """
    found = []
    judged = [(group, [trial for trial in group.trials if trial.judged]) for group in groups(run)]
    for group, _ in largest([pair for pair in judged if len(pair[1]) >= 2]):
        answers = [answer for kind in _KINDS if (answer := _answer(group, run, *kind))]
        if answers:
            found.append(Headline(group.title, group.regime, tuple(answers), harness_cost(group)))
    return found


def _answer(group: Group, run: Run, kind: str, name: str, meaning: str) -> Answer | None:
    found = verdict.lead(list(group.trials), name, run.noise_floor, largest=True)
    if found is None:
        return None
    best = found.best
    if found.ties:
        words = f"{best.strategy_spec} has the highest median. {verdict.tie_sentence(found)}"
    elif found.runner_up:
        other, comparison = found.runner_up
        words = (
            f"{best.strategy_spec} is the fastest, {comparison.interval()} the throughput of the"
            f" next, {other.strategy_spec}."
        )
    else:
        words = f"{best.strategy_spec} is the only one with such a figure."
    return Answer(
        kind=kind,
        meaning=meaning,
        winner=best.strategy_spec,
        interval=verdict.bracketed(best.figure(name), text.count) + " operations per second",
        words=words,
        ratio=_ratio(group, run, found, name),
    )


def _ratio(group: Group, run: Run, found: verdict.Lead, name: str) -> str:
    base = group.baseline
    if base is None:
        return "No baseline: read-write did not run here."
    if not base.judged or base.figure(name) is None:
        return f"No baseline: {base.strategy_spec} has no undisturbed, verified figure here."
    if base is found.best:
        return f"It is the baseline, {base.strategy_spec}, itself."
    comparison = verdict.compare_trials(found.best, base, name, run.noise_floor)
    if comparison.clear:
        return f"{comparison.interval()} the throughput of {base.strategy_spec}."
    return f"No difference from {base.strategy_spec} can be claimed: {comparison.kind.value}."


def harness_cost(group: Group) -> str:
    """What the strategy that does nothing costs in this regime, and what that is of the fastest's
    time.
    """
    idle = group.idle.figure("ns_per_operation") if group.idle else None
    if idle is None:
        return ""
    sentence = (
        f"The harness itself costs {_ns(idle)} per operation (strategy {group.idle.strategy_spec})"
    )
    timed = [t for t in group.trials if t.judged and t.figure("ns_per_operation")]
    timed = [t for t in timed if t.figure("ns_per_operation").median > 0]
    if timed:
        fastest = min(timed, key=lambda trial: trial.figure("ns_per_operation").median)
        share = 100 * idle.median / fastest.figure("ns_per_operation").median
        sentence += (
            f", which is {text.significant(share)} % of the time of {fastest.strategy_spec}, the"
            " quickest accepted"
        )
    return sentence + "."


def _ns(figure: Figure) -> str:
    return verdict.bracketed(figure, text.duration)
