"""Throughput against how much larger the data is than the memory: trials equal in everything but
the sizes of file and memory limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import family, lines
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
    return text.significant(value)


def _draw(drawn: list[lines.Series], run: Run, colours: style.Colours) -> family.Chart:
    measure = lines.throughput(drawn)
    label = "size of the data ÷ memory limit (bytes per byte)"
    figure = lines.draw(drawn, colours, label, ratio_text, measure=measure)
    places = lines.places(drawn)
    reading = family.joined(
        *(
            lines.best_sentence(f"At {_times(place)}", lines.at(drawn, place), run, measure)
            for place in (places[0], places[-1])
        ),
        _change_sentence(drawn, run),
        verdict.noise_sentence(run.noise_floor),
        family.disturbed_sentence(lines.trials_of(drawn)),
    )
    first = drawn[0].strategy
    return family.Chart(title(first, _VARIED), regime_text(first, _VARIED), figure, reading)


def _times(place: float) -> str:
    return f"{ratio_text(place)} of the memory" if place < 1 else f"{ratio_text(place)}× the memory"


@dataclass(frozen=True)
class _Winners:
    """The strategies that can't be told from the best at one ratio, the best median first."""

    place: float
    names: tuple[str, ...]

    def words(self) -> str:
        return " or ".join(self.names)


def _winners(drawn: list[lines.Series], run: Run) -> list[_Winners]:
    """At each ratio, of the strategies that were judged at every one: nobody wins by the absence
    of another.
    """
    places = lines.places(drawn)
    steady = [
        line
        for line in drawn
        if len(line.points) == len(places) and all(trial.judged for _, trial in line.points)
    ]
    if len(steady) < 2:
        return []
    found = []
    for place in places:
        trials = lines.at(steady, place)
        best = verdict.lead(trials, lines.THROUGHPUT.name, run.noise_floor, largest=True)
        if best:
            names = (best.best, *(trial for trial, _ in best.ties))
            found.append(_Winners(place, tuple(trial.strategy_spec for trial in names)))
    return found


def _changes(winners: list[_Winners]) -> list[tuple[_Winners, _Winners]]:
    """Neighbouring ratios, as near as can be told, whose winners have none in common."""
    found, start = [], 0
    for index, later in enumerate(winners):
        earlier = [w for w in winners[start:index] if not set(w.names) & set(later.names)]
        if earlier:
            found.append((earlier[-1], later))
            start = index
    return found


def _change_sentence(drawn: list[lines.Series], run: Run) -> str:
    winners = _winners(drawn, run)
    if len(winners) < 2:
        return (
            "Fewer than two strategies were judged at every ratio: a change of winner can't be"
            " told."
        )
    changes = _changes(winners)
    if not changes:
        return (
            "Of the strategies judged at every ratio, no change of the winner goes beyond the"
            " intervals."
        )
    parts = [
        f"between {_times(before.place)} ({before.words()}) and {_times(after.place)}"
        f" ({after.words()})"
        for before, after in changes
    ]
    return f"The winner changes {'; '.join(parts)}."
