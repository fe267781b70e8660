"""What the run's document says of its strategies: comparisons and rankings, as the program that
made it judged them. Nothing here judges: figures are never held against each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Verdict = Literal["faster", "slower", "fewer", "more", "tied", "inconclusive"]
FASTER: Final = "faster"
SLOWER: Final = "slower"
FEWER: Final = "fewer"
MORE: Final = "more"
TIED: Final = "tied"
INCONCLUSIVE: Final = "inconclusive"
_MIRRORED: dict[Verdict, Verdict] = {FASTER: SLOWER, SLOWER: FASTER, FEWER: MORE, MORE: FEWER}


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
            1 / self.high if self.high else None,
            1 / self.low if self.low else None,
        )


@dataclass(frozen=True)
class Comparison:
    """`group`: a group's title; `strategy` and `baseline`: titles of its trials. `reason`: why it
    is inconclusive.
    """

    group: str
    figure: str
    strategy: str
    baseline: str
    verdict: Verdict
    ratio: Ratio | None
    rounds: int
    with_interference: bool
    rounds_needed: int | None
    reason: str | None

    def mirrored(self) -> Comparison:
        return replace(
            self,
            strategy=self.baseline,
            baseline=self.strategy,
            verdict=_MIRRORED.get(self.verdict, self.verdict),
            ratio=self.ratio.mirrored() if self.ratio else None,
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
class GroupEntry:
    """A group as the document lists it: trials that differ in nothing but their strategy."""

    title: str
    baseline: str | None
    rankings: dict[str, Ranking]


@dataclass(frozen=True)
class Judged:
    """A group with its comparisons, by figure, strategy and baseline."""

    title: str
    baseline: str | None = None
    rankings: dict[str, Ranking] = field(default_factory=dict)
    comparisons: dict[tuple[str, str, str], Comparison] = field(default_factory=dict)

    def find(self, figure: str, strategy: str, baseline: str | None) -> Comparison | None:
        """Of the two, whichever way round the document has it."""
        if baseline is None:
            return None
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

        def word(strategy: str, baseline: str) -> Verdict:
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
            inconclusive=tuple(t for t in order if words[t] not in (TIED, SLOWER, MORE)),
            slower=tuple(t for t in order if words[t] in (SLOWER, MORE)),
        )


def by_title(groups: Iterable[GroupEntry], comparisons: Iterable[Comparison]) -> dict[str, Judged]:
    """The document's groups with their comparisons."""
    found: dict[str, dict[tuple[str, str, str], Comparison]] = {}
    for one in comparisons:
        found.setdefault(one.group, {})[one.figure, one.strategy, one.baseline] = one
    return {
        each.title: Judged(each.title, each.baseline, each.rankings, found.get(each.title, {}))
        for each in groups
    }
