"""The answer on top of the page: for each group, what the document's comparisons say of who is the
fastest, by how much, and under which regime.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import text
from faultline_plots.run import wording
from faultline_plots.run.comparisons import Ranking
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group, groups, largest

_CLOSED = (
    ("accepted", wording.ACCEPTED, "until the calls had returned"),
    ("durable", wording.DURABLE, "until everything was on stable storage"),
)
_OPEN = (
    ("latency p50", "latency.p50", "half of all operations, from when they were due"),
    ("latency p99", "latency.p99", "99 of 100 operations, from when they were due"),
)


@dataclass(frozen=True)
class Answer:
    """One figure of one group: `words` say what the comparisons say. `leaders`: those it names as
    best, "" where none is shown to be; `measured`: the figure of the first in the ranking.
    """

    kind: str
    meaning: str
    leaders: str
    measured: str
    words: str
    baseline: str


@dataclass(frozen=True)
class Headline:
    title: str
    regime: str
    answers: tuple[Answer, ...]
    harness: str


def headlines(run: Run) -> list[Headline]:
    """One for each group in which at least two strategies are ranked; of those that differ only in
    record size, passes or latency settings, the one with most strategies.
    """
    found = []
    ranked = [(group, _ranked(group)) for group in groups(run)]
    for group, _ in largest([pair for pair in ranked if len(pair[1]) >= 2]):
        answers = [answer for kind in _kinds(group) if (answer := _answer(group, *kind))]
        if answers:
            found.append(
                Headline(
                    group.title,
                    group.regime,
                    tuple(answers),
                    harness_cost(group),
                )
            )
    return found


def _kinds(group: Group) -> tuple[tuple[str, str, str], ...]:
    return _OPEN if group.first.open_load else _CLOSED


def _ranked(group: Group) -> list[Trial]:
    names: set[str] = set()
    for _, figure, _ in _kinds(group):
        ranking = group.judged.ranking(figure)
        names |= set(ranking.order if ranking else ())
    return [trial for trial in group.trials if trial.title in names]


def _answer(group: Group, kind: str, name: str, meaning: str) -> Answer | None:
    ranking = group.judged.ranking(name)
    if ranking is None:
        return None
    # One that is tied with nothing and faster than nothing is not shown to be the best.
    shown = len(ranking.order) == 1 or len(ranking.best) > 1 or bool(ranking.slower)
    figure = next((t.figure(name) for t in group.trials if t.title == ranking.order[0]), None)
    return Answer(
        kind=kind,
        meaning=meaning,
        leaders=_leaders(ranking) if shown else "",
        measured=f"{ranking.order[0]}: {wording.measured(figure, text.duration)}" if figure else "",
        words=wording.answer(group.judged, name),
        baseline=wording.with_baseline(group.judged, name),
    )


def _leaders(ranking: Ranking) -> str:
    best = text.listing(list(ranking.best))
    perhaps = text.listing(list(ranking.inconclusive))
    return f"{best}, perhaps {perhaps}" if perhaps else best


def pair_sentences(group: Group) -> list[str]:
    """What the document says of a strategy that ran twice, compared with itself."""
    found = []
    for second, first in group.pairs:
        parts = []
        for kind, name, _ in _kinds(group):
            comparison = group.judged.find(name, second.title, first.title)
            if comparison:
                parts.append(f"{kind} {wording.identical(comparison)}")
        if parts:
            found.append(f"Identical runs of {first.title}: {'; '.join(parts)}.")
    return found


def harness_cost(group: Group) -> str:
    """What the strategy that does nothing costs in this regime, and what that is of the leader's
    time.
    """
    trial = group.idle
    idle = trial.figure(wording.ACCEPTED) if trial else None
    if trial is None or idle is None:
        return ""
    sentence = (
        f"The harness itself costs {wording.measured(idle, text.duration)} per operation (strategy"
        f" {trial.title})"
    )
    ranking = group.judged.ranking(wording.ACCEPTED)
    leader = ranking.order[0] if ranking else ""
    figure = next((t.figure(wording.ACCEPTED) for t in group.trials if t.title == leader), None)
    if figure and figure.median > 0:
        share = text.share(idle.median / figure.median)
        sentence += f"; the median of {leader} is {text.duration(figure.median)}, and"
        sentence += f" {share} of that is the harness"
    return sentence + "."
