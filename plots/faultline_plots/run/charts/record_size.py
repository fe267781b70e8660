"""Cost against record size: trials equal in everything but the size of a record.

Two ways to vary it are known: with the number of records kept (the file grows), or with the file
kept (the records become fewer). File sizes are rounded to whole records, so "kept" allows for 5 %.
"""

from __future__ import annotations

from faultline_plots import style, text
from faultline_plots.run.charts import family, lines
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import collect, regime_text

NAME = "record-size"
TITLE = "Cost against record size"
_FILE_TOLERANCE = 1.05
_SIZED = ("record_size", "records", "file_bytes", "operations", "seed")


def make(run: Run, colours: style.Colours) -> family.Family:
    result = family.Family()
    usable = [t for t in run.trials if t.drawn and t.stores and t.figure(lines.ACCEPTED)]
    for alike in collect(usable, without=_SIZED):
        taken: list[set[str]] = []
        for trials, kept in _candidates(alike):
            drawn = lines.by_strategy(trials, lambda trial: trial.parameters.record_size)
            ids = {trial.id for trial in lines.trials_of(drawn)}
            if drawn and not any(ids <= other for other in taken):
                taken.append(ids)
                result.charts.append(_draw(drawn, kept, run, colours))
    if not result.charts:
        result.reason = "No strategy ran with two or more record sizes while all else was equal."
    return result


def _candidates(trials: list[Trial]) -> list[tuple[list[Trial], tuple[str, ...]]]:
    """Sets of trials that may form a chart, with the parameters that vary in them; the largest sets
    first.
    """
    found: list[tuple[list[Trial], tuple[str, ...]]] = [
        (same, ("record_size", "file_bytes"))
        for same in collect(trials, ("record_size", "file_bytes"))
    ]
    sized = sorted(trials, key=lambda trial: trial.parameters.file_bytes)
    cluster: list[Trial] = []
    for trial in sized:
        if (
            cluster
            and trial.parameters.file_bytes > _FILE_TOLERANCE * cluster[0].parameters.file_bytes
        ):
            found.append((cluster, ("record_size", "records", "operations")))
            cluster = []
        cluster = [*cluster, trial]
    if cluster:
        found.append((cluster, ("record_size", "records", "operations")))
    return sorted(found, key=lambda pair: -len({trial.parameters.record_size for trial in pair[0]}))


def _draw(
    drawn: list[lines.Series], varied: tuple[str, ...], run: Run, colours: style.Colours
) -> family.Chart:
    figure = lines.draw(drawn, colours, "record size (bytes)", text.size)
    first = drawn[0].first
    trials = lines.trials_of(drawn)
    sizes = lines.places(drawn)
    reading = family.joined(
        *(
            lines.answer_sentence(f"At {text.size(size)} a record", lines.at(drawn, size), run)
            for size in dict.fromkeys((sizes[0], sizes[-1]))
        ),
        lines.ends_sentences(drawn, lines.ACCEPTED, text.size, "Record sizes"),
        family.points_sentence(lines.figures_of(drawn)),
        family.interference_sentence(trials),
    )
    title = first.workload.spec + (
        ", file size kept" if "records" in varied else ", number of records kept"
    )
    return family.Chart(title, regime_text(first, varied), figure, reading)
