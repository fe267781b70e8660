"""What the run's document says of its strategies: comparisons and rankings, as the program that
made it judged them. Nothing here judges: figures are never held against each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from faultline_plots.document import At

FASTER, SLOWER, FEWER, MORE = "faster", "slower", "fewer", "more"
TIED, INCONCLUSIVE = "tied", "inconclusive"
VERDICTS = (FASTER, SLOWER, FEWER, MORE, TIED, INCONCLUSIVE)
_MIRRORED = {FASTER: SLOWER, SLOWER: FASTER, FEWER: MORE, MORE: FEWER}


@dataclass(frozen=True)
class Ratio:
    """The baseline's cost by the strategy's: above 1 the strategy is the cheaper one. `low` and
    `high` are None where there were too few rounds for an interval.
    """

    median: float
    low: float | None
    high: float | None

    def mirrored(self) -> Ratio:
        return Ratio(
            1 / self.median,
            None if self.high is None else 1 / self.high,
            None if self.low is None else 1 / self.low,
        )


@dataclass(frozen=True)
class Comparison:
    """`strategy` and `baseline` are titles of trials of one group."""

    figure: str
    strategy: str
    baseline: str
    verdict: str
    ratio: Ratio | None
    rounds: int
    with_interference: bool
    rounds_needed: int | None
    reason: str

    def mirrored(self) -> Comparison:
        return Comparison(
            self.figure,
            self.baseline,
            self.strategy,
            _MIRRORED.get(self.verdict, self.verdict),
            self.ratio.mirrored() if self.ratio else None,
            self.rounds,
            self.with_interference,
            self.rounds_needed,
            self.reason,
        )


@dataclass(frozen=True)
class Ranking:
    """Titles. `order`: the cheapest first; `best`: the leader and those tied with it;
    `inconclusive`: may be as good as the leader or not; `slower`: than the leader.
    """

    order: tuple[str, ...] = ()
    best: tuple[str, ...] = ()
    inconclusive: tuple[str, ...] = ()
    slower: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A group of the document: trials that differ in nothing but their strategy."""

    title: str
    baseline: str = ""
    rankings: dict[str, Ranking] = field(default_factory=dict)
    comparisons: dict[tuple[str, str, str], Comparison] = field(default_factory=dict)

    def find(self, figure: str, strategy: str, baseline: str) -> Comparison | None:
        """Of the two, whichever way round the document has it."""
        found = self.comparisons.get((figure, strategy, baseline))
        if found is None and (other := self.comparisons.get((figure, baseline, strategy))):
            found = other.mirrored()
        return found

    def ranking(self, figure: str, among: Iterable[str] | None = None) -> Ranking | None:
        """The document's; or, `among` some of the strategies, what its comparisons make of these:
        first is the first in its order that no other one beats. None where there is none.
        """
        whole = self.rankings.get(figure)
        if whole is None or not whole.order:
            return None
        if among is None:
            return whole
        chosen = set(among)
        order = [title for title in whole.order if title in chosen]
        if not order:
            return None

        def word(strategy: str, baseline: str) -> str:
            found = self.find(figure, strategy, baseline)
            return found.verdict if found else INCONCLUSIVE

        def beaten(title: str) -> bool:
            others = (other for other in order if other != title)
            return any(word(other, title) in (FASTER, FEWER) for other in others)

        leader = next((title for title in order if not beaten(title)), order[0])
        order.remove(leader)
        words = {title: word(title, leader) for title in order}
        return Ranking(
            order=(leader, *order),
            best=(leader, *(t for t in order if words[t] == TIED)),
            inconclusive=tuple(
                t for t in order if words[t] not in (TIED, SLOWER, MORE)
            ),
            slower=tuple(t for t in order if words[t] in (SLOWER, MORE)),
        )


def load(groups: At, comparisons: At) -> dict[str, Judged]:
    """The document's groups by their titles. Throws LoadError."""
    by_group: dict[str, dict[tuple[str, str, str], Comparison]] = {}
    for each in comparisons.required_elements():
        one = _comparison(each)
        place = (one.figure, one.strategy, one.baseline)
        by_group.setdefault(each.get("group").required_text(), {})[place] = one
    found = {}
    for each in groups.required_elements():
        title = each.get("title").required_text()
        found[title] = Judged(
            title=title,
            baseline=each.get("baseline").text() or "",
            rankings={name: _ranking(at) for name, at in each.get("rankings").items()},
            comparisons=by_group.get(title, {}),
        )
    return found


def _comparison(at: At) -> Comparison:
    return Comparison(
        figure=at.get("figure").required_text(),
        strategy=at.get("strategy").required_text(),
        baseline=at.get("baseline").required_text(),
        verdict=at.get("verdict").one_of(VERDICTS),
        ratio=_ratio(at.get("ratio")),
        rounds=at.get("rounds").whole() or 0,
        with_interference=at.get("with_interference").truth() is True,
        rounds_needed=at.get("rounds_needed").whole(),
        reason=at.get("reason").text() or "",
    )


def _ratio(at: At) -> Ratio | None:
    if at.value is None:
        return None
    median, low, high = (at.get(name).number() for name in ("median", "low", "high"))
    if median is None:
        return None
    if any(value is not None and value <= 0 for value in (median, low, high)):
        at.fail("positive numbers")
    return Ratio(median, *((low, high) if low is not None and high is not None else (None, None)))


def _ranking(at: At) -> Ranking:
    names = ("order", "best", "inconclusive", "slower")
    return Ranking(
        **{
            name: tuple(title.required_text() for title in at.get(name).elements())
            for name in names
        }
    )
