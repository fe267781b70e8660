"""Throughput against the number of threads: trials equal in everything else."""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import style, text
from faultline_plots.run import verdict
from faultline_plots.run.charts import family, lines
from faultline_plots.run.load import Run
from faultline_plots.run.regime import regime_text, title

NAME = "threads"
TITLE = "Scaling with threads"
_VARIED = ("threads",)


def make(run: Run, colours: style.Colours) -> family.Family:
    found = lines.sweeps(run, lambda trial: trial.parameters.threads, _VARIED)
    if not found:
        return family.Family(
            reason="No strategy ran with two or more numbers of threads while all else was equal."
        )
    return family.Family([_draw(drawn, run, colours) for drawn in found])


def _draw(drawn: list[lines.Series], run: Run, colours: style.Colours) -> family.Chart:
    measure = lines.throughput(drawn)
    figure = lines.draw(drawn, colours, "threads (count)", text.whole, measure=measure)
    most = lines.places(drawn)[-1]
    reading = family.joined(
        _speed_up_sentence(drawn, run),
        lines.best_sentence(f"With {_threads(most)}", lines.at(drawn, most), run, measure),
        verdict.noise_sentence(run.noise_floor),
        family.disturbed_sentence(lines.trials_of(drawn)),
    )
    first = drawn[0].strategy
    return family.Chart(title(first, _VARIED), regime_text(first, _VARIED), figure, reading)


def _threads(count: float) -> str:
    return f"{text.whole(count)} thread{'s' * (count != 1)}"


@dataclass(frozen=True)
class _SpeedUp:
    name: str
    comparison: verdict.Comparison

    def words(self) -> str:
        tail = "" if self.comparison.clear else f" ({self.comparison.kind.value}: no verdict)"
        return f"{self.name} {self.comparison.interval()}{tail}"


def _speed_ups(drawn: list[lines.Series], fewest: float, most: float, run: Run) -> list[_SpeedUp]:
    """Of the strategies that were judged with both numbers of threads; the smallest first."""
    found = []
    for line in drawn:
        trials = dict(line.points)
        if all(place in trials and trials[place].judged for place in (fewest, most)):
            comparison = verdict.compare_trials(
                trials[most], trials[fewest], lines.THROUGHPUT.name, run.noise_floor
            )
            if comparison.ratio is not None:
                found.append(_SpeedUp(line.name, comparison))
    return sorted(found, key=lambda each: each.comparison.ratio)


def _speed_up_sentence(drawn: list[lines.Series], run: Run) -> str:
    fewest, *_, most = lines.places(drawn)
    found = _speed_ups(drawn, fewest, most, run)
    where = f"from {_threads(fewest)} to {text.whole(most)}"
    if not found:
        return f"No strategy was judged both ways {where}: no speed-up is known."
    worst, best = found[0], found[-1]
    if worst is best:
        return f"Speed-up {where}: {best.words()}."
    sentence = f"Speed-up {where}: best {best.words()}, worst {worst.words()}."
    if best.comparison.low <= worst.comparison.high:
        sentence += " Their intervals overlap: best and worst can't be told apart."
    return sentence
