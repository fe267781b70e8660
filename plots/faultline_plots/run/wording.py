"""The one place that puts a comparison of the document, or a measured figure, into words."""

from __future__ import annotations

from collections.abc import Iterable

from faultline_plots import text
from faultline_plots.run.comparisons import (
    FASTER,
    FEWER,
    INCONCLUSIVE,
    MORE,
    SLOWER,
    TIED,
    Comparison,
    Judged,
    Ratio,
)
from faultline_plots.run.load import Figure

ACCEPTED, DURABLE = "ns_per_operation", "durable_ns_per_operation"
_MOST_NAMES = 6


def parts(figure: Figure, formatted: text.Format) -> tuple[str, str]:
    """The median, and "[350 370]" or, of fewer repetitions than an interval takes, their range."""
    median = formatted(figure.median)
    if not figure.points:
        return median, f"[{formatted(figure.low)} {formatted(figure.high)}]"
    least, most = formatted(min(figure.points)), formatted(max(figure.points))
    return median, "" if least == most else f"{least} to {most}"


def measured(figure: Figure, formatted: text.Format) -> str:
    """As: 362 ns [350 370], or: 362 ns (3 repetitions, 350 ns to 370 ns)."""
    median, spread = parts(figure, formatted)
    if not figure.points:
        return f"{median} {spread}"
    count = len(figure.points)
    told = f"{count} repetition{'s' * (count != 1)}" + (f", {spread}" if spread else "")
    return f"{median} ({told})"


def ratio(found: Ratio) -> str:
    """As: 5.2x [4.6 5.9]; without an interval only the number."""
    return text.ratio(found.median, found.low, found.high)


def factor(comparison: Comparison) -> str:
    """How much the better of the two is better, or "" where no ratio is known."""
    if comparison.ratio is None:
        return ""
    worse = comparison.verdict in (SLOWER, MORE)
    return ratio(comparison.ratio.mirrored() if worse else comparison.ratio)


def against(comparison: Comparison, other: str = "") -> str:
    """What the strategy is, compared with its baseline or the words `other` for it: "5.2x [4.6
    5.9] faster than read-write", "tied with read-write, 1.01x [0.98 1.04]", "inconclusive against
    read-write, 1.70x [0.90 2.10] (why)".
    """
    other = other or comparison.baseline
    much = factor(comparison)
    if comparison.verdict in (FASTER, SLOWER, FEWER, MORE):
        return f"{much} {comparison.verdict} than {other}".strip()
    tail = f", {much}" if much else ""
    if comparison.verdict == TIED:
        return f"tied with {other}{tail}"
    return f"inconclusive against {other}{tail} ({why(comparison)})"


def short(comparison: Comparison | None) -> str:
    """The verdict for a cell of a table, without names."""
    if comparison is None:
        return ""
    much = factor(comparison)
    if comparison.verdict in (TIED, INCONCLUSIVE):
        return comparison.verdict + (f", {much}" if much else "")
    return f"{much} {comparison.verdict}".strip()


def why(comparison: Comparison) -> str:
    """Why it is inconclusive; the reason names the rounds needed, where they are known."""
    if comparison.reason:
        return comparison.reason
    if comparison.rounds_needed:
        return f"about {text.whole(comparison.rounds_needed)} rounds would settle it"
    return "no reason given"


def answer(judged: Judged, figure: str, among: Iterable[str] | None = None) -> str:
    """Who leads by a time, who is tied with it, and of whom nothing is known; "" where the document
    has no ranking of it.
    """
    ranking = judged.ranking(figure, among)
    if ranking is None:
        return ""
    leader = ranking.best[0] if ranking.best else ranking.order[0]
    if len(ranking.order) == 1:
        return f"{leader} is the only one with such a figure."
    sentences = []
    if len(ranking.best) > 1:
        names = text.listing(list(ranking.best), _MOST_NAMES)
        sentences.append(f"{names} are tied{_ties(judged, figure, ranking.best)}.")
    elif not ranking.slower:
        # No strategy is slower than the leader.
        sentences.append("Inconclusive: no strategy is shown to be the fastest.")
    elif not ranking.inconclusive:
        following = judged.find(figure, leader, ranking.slower[0])
        words = against(following, f"the next, {following.baseline}") if following else ""
        sentences.append(f"{leader} is the fastest{', ' + words if words else ''}.")
    else:
        following = judged.find(figure, leader, ranking.slower[0])
        words = against(following) if following else f"faster than {ranking.slower[0]}"
        sentences.append(f"{leader} leads: it is {words}.")
    if ranking.inconclusive:
        sentences.append(_inconclusive(judged, figure, leader, ranking.inconclusive))
    return " ".join(sentences)


def _ties(judged: Judged, figure: str, best: tuple[str, ...]) -> str:
    """The ratio of a pair; of more than two each against the first."""
    found = [judged.find(figure, other, best[0]) for other in best[1 : _MOST_NAMES + 1]]
    known = [one for one in found if one and one.ratio]
    if not known:
        return ""
    if len(best) == 2:
        return f", {factor(known[0])}"
    ratios = ", ".join(f"{one.strategy} {factor(one)}" for one in known)
    return f" (against {best[0]}: {ratios})"


def _inconclusive(judged: Judged, figure: str, leader: str, names: tuple[str, ...]) -> str:
    """A reason that several share, up to what would settle it, is told once."""
    whole: dict[str, list[str]] = {}
    parted: dict[str, list[str]] = {}
    for name in names:
        found = judged.find(figure, name, leader)
        shared, _, own = (why(found) if found else "not compared").partition("; ")
        if own:
            parted.setdefault(shared, []).append(f"{name} ({own})")
        else:
            whole.setdefault(shared, []).append(name)
    parts = [f"{text.listing(own, _MOST_NAMES)}, as {shared}" for shared, own in parted.items()]
    parts += [f"{text.listing(own, _MOST_NAMES)} ({reason})" for reason, own in whole.items()]
    return f"Against {leader} inconclusive: {'; '.join(parts)}."


def with_baseline(judged: Judged, figure: str) -> str:
    """The leader compared with the group's baseline; "" where answer() says that already, or they
    are not compared.
    """
    ranking = judged.ranking(figure)
    if ranking is None or judged.baseline is None:
        return ""
    leader = ranking.order[0]
    if leader == judged.baseline:
        return f"{leader} is the baseline itself."
    if judged.baseline in (*ranking.best, *ranking.inconclusive, *ranking.slower[:1]):
        return ""
    found = judged.find(figure, leader, judged.baseline)
    return f"{leader} is {against(found, f'the baseline, {found.baseline}')}." if found else ""


def counted(judged: Judged, figure: str, what: str, names: Iterable[str]) -> str:
    """What the comparisons of a count of the process's own say of these strategies against the
    baseline: "Minor faults against read-write: mmap-view 300x [..] more; …".
    """
    words: list[str] = []
    equal: list[str] = []
    unknown: dict[str, list[str]] = {}
    for name in names:
        found = judged.find(figure, name, judged.baseline)
        if found is None:
            continue
        if found.verdict == TIED:
            equal.append(name)
        elif found.verdict == INCONCLUSIVE:
            unknown.setdefault(why(found), []).append(name)
        else:
            words.append(f"{name} {short(found)}")
    parts = []
    if words:
        parts.append(text.listing(words, 8))
    if equal:
        parts.append(f"tied {text.listing(equal, _MOST_NAMES)}")
    for reason, own in unknown.items():
        parts.append(f"inconclusive {text.listing(own, _MOST_NAMES)} ({reason})")
    return f"{what} against {judged.baseline}: {'; '.join(parts)}." if parts else ""


def identical(comparison: Comparison) -> str:
    """Of the same strategy measured twice: "tied, 1.01x [0.98 1.04]". Where they differ, so may any
    others.
    """
    words = short(comparison)
    if comparison.verdict == INCONCLUSIVE:
        return f"{words} ({why(comparison)})"
    if comparison.verdict == TIED:
        return words
    return (
        f"{words}, though nothing differs: something else than the strategy moves the figures of"
        " this group"
    )
