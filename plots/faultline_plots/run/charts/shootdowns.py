"""What taking pages away from mapped memory costs other processors: interrupts that make them
forget a translation (TLB shootdowns), for each page that was taken.
"""

from __future__ import annotations

from faultline_plots import style, text
from faultline_plots.run.charts import bars, family, repeated
from faultline_plots.run.load import Repetition, Run, Trial
from faultline_plots.run.regime import Group

NAME = "shootdowns"
TITLE = "Shootdowns per evicted page"


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_every_group(
        run,
        lambda trial: trial.drawn and bool(repeated.measured([trial], per_page)),
        lambda group, trials: _draw(group, trials, colours),
        (
            "No trial has a steady stage in which pages were taken away from it and shootdowns"
            " counted (run with --timeline on and a memory limit)."
        ),
    )


def per_page(repetition: Repetition) -> float | None:
    """Of the steady stage; None where either count is not known, or nothing was taken away."""
    stage = repetition.stage("steady")
    counts: dict[str, int | None] = stage.totals if stage else {}
    shootdowns, pages = counts.get("tlb_shootdowns"), counts.get("reclaimed_pages")
    return shootdowns / pages if shootdowns is not None and pages else None


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    found = repeated.measured(trials, per_page)
    figure, (axes,) = style.new_figure(style.bar_height(len(found)))
    rows = [bars.row(each.trial, each.figure, colours) for each in found]
    bars.draw(axes, rows, "TLB shootdowns per page taken away", "count", formatted=text.significant)
    reading = family.joined(
        (
            "Of the steady stage; median of the repetitions, whiskers from the smallest to the"
            " largest (of fewer than six, a ring for each)."
        ),
        repeated.values_sentence(found, "Shootdowns per page", text.significant),
        _scope(group.first),
        family.interference_sentence(trials),
    )
    return family.Chart(group.sectioned, group.regime, figure, reading)


def _scope(trial: Trial) -> str:
    limited = trial.parameters.memory_limit_bytes is not None
    return "Shootdowns are counted for the whole machine: those of others are in them" + (
        "." if limited else ", and without a memory limit so are the pages taken from others."
    )
