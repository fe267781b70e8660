"""Throughput against the number of threads: trials equal in everything else."""

from __future__ import annotations

from faultline_plots import style, text
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
        lines.answer_sentence(f"With {_threads(most)}", lines.at(drawn, most), run),
        lines.ends_sentences(
            drawn, measure.figures[0][0], _threads, "Numbers of threads", text.count
        ),
        family.points_sentence(lines.figures_of(drawn, measure)),
        family.interference_sentence(lines.trials_of(drawn)),
    )
    first = drawn[0].first
    return family.Chart(title(first, _VARIED), regime_text(first, _VARIED), figure, reading)


def _threads(count: float) -> str:
    return f"{text.whole(count)} thread{'s' * (count != 1)}"
