"""Read and write amplification: bytes that the device moved for each byte that was asked for."""

from __future__ import annotations

from faultline_plots import style
from faultline_plots.run import wording
from faultline_plots.run.charts import bars, family
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group, thinned

NAME = "amplification"
TITLE = "Read and write amplification"
READ = (
    "read_amplification",
    "read amplification",
    "read from the device for each byte that the plan asked to read",
)
MARK_SENTENCE = (
    "The line marks 1: as many bytes as asked. The counters are the whole device's: what others"
    " caused is in them, so they give no verdict."
)
WRITE = (
    "write_amplification",
    "write amplification",
    "written to the device for each byte that the plan asked to change",
)
_KINDS = (READ, WRITE)
# What the kernel counts for the process itself is compared.
_OWN = (
    ("total.read_bytes", "Bytes that the process itself caused to be read from storage"),
    ("total.write_bytes", "Bytes that the process itself made dirty or sent to storage"),
)


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: any(trial.figure(name) for name, *_ in _KINDS),
        lambda group, trials: _draw(group, trials, colours),
        (
            "No two strategies have amplifications for the same workload and parameters: the"
            " device's traffic could not be counted, or nothing was asked to be read or changed."
        ),
    )


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    trials, left_out = thinned(group, trials)
    figure, axes = style.new_figure(style.bar_height(len(trials)), 2)
    for axis, (name, title, _) in zip(axes, _KINDS):
        rows = [bars.row(trial, trial.figure(name), colours) for trial in trials]
        bars.draw(axis, rows, title, "bytes per byte", mark=1)
    reading = family.joined(
        family.left_out_sentence(left_out),
        *(meaning_of(trials, *kind) for kind in _KINDS),
        MARK_SENTENCE,
        own_bytes(group, trials),
        family.points_sentence([trial.figure(name) for trial in trials for name, *_ in _KINDS]),
        family.interference_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def meaning_of(trials: list[Trial], name: str, title: str, meaning: str) -> str:
    """What the bars of amplification `name` are."""
    known = [figure for trial in trials if (figure := trial.figure(name))]
    if not known:
        return f"The {title} is not known in this run."
    if all(figure.median == 0 for figure in known):
        return f"The {title} is 0 everywhere: the device moved nothing for it."
    return f"{title.capitalize()}: bytes {meaning}, medians."


def own_bytes(group: Group, trials: list[Trial]) -> str:
    """What the document's comparisons of the process's own bytes say."""
    titles = [trial.title for trial in trials]
    return family.joined(
        *(wording.counted(group.judged, name, what, titles) for name, what in _OWN)
    )
