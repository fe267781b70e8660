"""Throughput against how much larger the data is than the memory: trials equal in everything but
the sizes of file and memory limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family, lines
from faultline_plots.run.comparisons import Judged
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import regime_text, title

NAME = "memory-ratio"
TITLE = "Throughput against data : memory"
_VARIED = ("records", "file_bytes", "memory_limit_bytes")


def make(run: Run, colours: style.Colours) -> family.Family:
    found = lines.sweeps(run, ratio, _VARIED)
    if not found:
        return family.Family(
            reason=(
                "No strategy ran with two or more ratios of the file's size to a memory limit while"
                " all else was equal."
            )
        )
    return family.Family([_draw(drawn, run, colours) for drawn in found])


def ratio(trial: Trial) -> float | None:
    """The file's size, in memory limits."""
    size, limit = trial.parameters.file_bytes, trial.parameters.memory_limit_bytes
    return size / limit if size and limit else None


def ratio_text(value: float) -> str:
    """0.25 -> "1/4", 4 -> "4"."""
    inverse = round(1 / value)
    if inverse > 1 and abs(value * inverse - 1) < 1e-9:
        return f"1/{inverse}"
    return style.tick_text(value, text.significant)


def _draw(drawn: list[lines.Series], run: Run, colours: style.Colours) -> family.Chart:
    measure = lines.throughput(drawn)
    label = "size of the data ÷ memory limit (bytes per byte)"
    figure = lines.draw(drawn, colours, label, ratio_text, measure=measure)
    places = lines.places(drawn)
    reading = family.joined(
        *(
            lines.answer_sentence(f"At {_times(place)}", lines.at(drawn, place), run)
            for place in dict.fromkeys((places[0], places[-1]))
        ),
        _change_sentence(drawn, run),
        family.points_sentence(lines.figures_of(drawn, measure)),
        family.interference_sentence(lines.trials_of(drawn)),
    )
    first = drawn[0].first
    return family.Chart(title(first, _VARIED), regime_text(first, _VARIED), figure, reading)


def _times(place: float) -> str:
    return f"{ratio_text(place)} of the memory" if place < 1 else f"{ratio_text(place)}x the memory"


@dataclass(frozen=True)
class _Leaders:
    """The strategies that are best at one ratio or may be: the leader, those tied with it, and
    those of which the comparison is inconclusive.
    """

    place: float
    names: tuple[str, ...]

    def words(self) -> str:
        return " or ".join(self.names)


def _leaders(drawn: list[lines.Series], run: Run) -> list[_Leaders]:
    """At each ratio, of the strategies that are ranked at every one: none leads by the absence of
    another.
    """
    places = lines.places(drawn)
    full = [line for line in drawn if len(line.points) == len(places)]
    groups: list[Judged] = []
    for place in places:
        trials = lines.at(full, place)
        titles = {trial.group for trial in trials}
        judged = run.judged.get(titles.pop()) if len(titles) == 1 else None
        if judged is None:
            return []
        groups.append(judged)
    whole = [judged.ranking(wording.ACCEPTED) for judged in groups]
    steady = [
        line.name for line in full if all(found and line.name in found.order for found in whole)
    ]
    if len(steady) < 2:
        return []
    found = []
    for place, judged in zip(places, groups):
        if ranking := judged.ranking(wording.ACCEPTED, steady):
            found.append(_Leaders(place, (*ranking.best, *ranking.inconclusive)))
    return found


def _changes(leaders: list[_Leaders]) -> list[tuple[_Leaders, _Leaders]]:
    """The nearest pairs of ratios whose leaders have no strategy in common."""
    found: list[tuple[_Leaders, _Leaders]] = []
    start = 0
    for index, later in enumerate(leaders):
        earlier = [one for one in leaders[start:index] if not set(one.names) & set(later.names)]
        if earlier:
            found.append((earlier[-1], later))
            start = index
    return found


def _change_sentence(drawn: list[lines.Series], run: Run) -> str:
    leaders = _leaders(drawn, run)
    if len(leaders) < 2:
        return (
            "Fewer than two strategies are compared at every ratio, so no change of the best one"
            " can be shown."
        )
    changes = _changes(leaders)
    if not changes:
        return (
            "The comparisons show no change of the best strategy among those compared at every"
            " ratio."
        )
    parts = [
        f"between {_times(before.place)} ({before.words()}) and {_times(after.place)}"
        f" ({after.words()})"
        for before, after in changes
    ]
    return f"The best strategy changes {'; '.join(parts)}."
