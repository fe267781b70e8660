"""Throughput over time: a row of a chart for each strategy, with the stages that memory pressure
makes of a trial.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from faultline_plots import scale, style, text
from faultline_plots.run.charts import family, repeated
from faultline_plots.run.load import Repetition, Run, Stage, Timeline, Trial
from faultline_plots.run.regime import Group

NAME = "timeline"
TITLE = "Throughput over time"
_ROW_INCHES = 0.95
_MOST_NAMES = 12


def make(run: Run, colours: style.Colours) -> family.Family:
    return family.per_every_group(
        run,
        lambda trial: not trial.wrong and shown(trial) is not None,
        lambda group, trials: _draw(group, trials, colours),
        "No trial recorded a timeline (run with --timeline on).",
    )


def rates(repetition: Repetition) -> list[tuple[float, float]]:
    """The middle of each interval in seconds, and the operations per second in it."""
    timeline = repetition.timeline
    if timeline is None:
        return []
    samples = zip(timeline.values("seconds"), timeline.values("operations"))
    known = [(at, done) for at, done in samples if at is not None and done is not None]
    if known and known[0][0] > 0:
        known.insert(0, (0.0, 0.0))  # where the passes began
    return [
        ((begin + end) / 2, (after - before) / (end - begin))
        for (begin, before), (end, after) in zip(known, known[1:])
        if end > begin and after >= before
    ]


def shown(trial: Trial) -> Repetition | None:
    """The first good repetition with a timeline; without one, the first that has a timeline."""
    found = [repetition for repetition in trial.repetitions if rates(repetition)]
    return next((r for r in found if r.status == "ok"), found[0] if found else None)


def _draw(group: Group, trials: list[Trial], colours: style.Colours) -> family.Chart:
    drawn = {trial: found for trial in trials if (found := shown(trial))}
    handles = [
        Patch(color=colour, label=name)
        for name, colour in style.STAGE_COLOURS.items()
        if any(repetition.stage(name) for repetition in drawn.values())
    ]
    figure, rows = style.new_figure(0.5 + _ROW_INCHES * len(drawn), 1, handles, rows=len(drawn))
    values = [rate for repetition in drawn.values() for _, rate in rates(repetition)]
    axis_scale = scale.of("count", style.wide(values), values)
    for axes, (trial, repetition) in zip(rows, drawn.items()):
        _row(axes, trial, repetition, axis_scale, _colour(trial, repetition, colours))
    rows[0].set_xlim(0, max(_end(repetition.timeline) for repetition in drawn.values()))
    figure.supylabel(
        "operations per second" + (" (logarithmic)" if axis_scale.logarithmic else ""), fontsize=9.5
    )
    return family.Chart(group.sectioned, group.regime, figure, _reading(drawn))


def _end(timeline: Timeline | None) -> float:
    seconds = timeline.values("seconds") if timeline else []
    return max((second for second in seconds if second is not None), default=0.0)


def _row(
    axes: Axes, trial: Trial, repetition: Repetition, axis_scale: scale.Scale, colour: str
) -> None:
    # The stall lies within the steady stage and is drawn upon it.
    for name in ("filling", "steady", "stall"):
        if stage := repetition.stage(name):
            _span(axes, stage, style.STAGE_COLOURS[name])
    points = rates(repetition)
    axes.plot(
        [second for second, _ in points],
        [axis_scale.place(rate) for _, rate in points],
        color=colour,
        linewidth=1.3,
        marker="o",
        markersize=2,
    )
    scale.apply(axes, "y", axis_scale, "")
    axes.set_ylabel("")
    axes.tick_params(labelsize=7.5)
    axes.grid(axis="y")
    axes.set_xlabel("seconds since the first pass began")
    axes.set_title(
        text.label(trial.title + _mark(repetition), 100, 1),
        loc="left", fontsize=8.5, pad=2,
    )  # fmt: skip


def _span(axes: Axes, stage: Stage, colour: str) -> None:
    end = stage.begin_seconds + stage.seconds
    axes.axvspan(stage.begin_seconds, end, color=colour, linewidth=0, zorder=0)
    axes.axvline(stage.begin_seconds, color=style.GREY, linestyle=(0, (1, 2)), linewidth=0.8)


def _colour(trial: Trial, repetition: Repetition, colours: style.Colours) -> str:
    own = colours.of(trial.strategy.name)
    return own if repetition.status == "ok" else style.greyed(own)


def _mark(repetition: Repetition) -> str:
    return "" if repetition.status == "ok" else f" ({repetition.status})"


def _reading(drawn: dict[Trial, Repetition]) -> str:
    return family.joined(
        "The first good repetition of each trial, in intervals of about 100 ms.",
        _marked_sentence(drawn),
        _stall_sentence(drawn),
        _steady_sentence(list(drawn)),
    )


def _marked_sentence(drawn: dict[Trial, Repetition]) -> str:
    marked = [trial.title + _mark(r) for trial, r in drawn.items() if r.status != "ok"]
    if not marked:
        return ""
    names = text.listing(marked, _MOST_NAMES)
    return f"None is good, or has a timeline, of {names}: drawn as it is, greyed."


def _stall_sentence(drawn: dict[Trial, Repetition]) -> str:
    """How long each stall took, and who had none."""
    known = {trial: r for trial, r in drawn.items() if r.stages is not None}
    stalls = {trial: stall for trial, r in known.items() if (stall := r.stage("stall"))}
    parts = []
    if stalls:
        words = [f"{trial.title} {_stall(stall)}" for trial, stall in stalls.items()]
        parts.append(f"Stalls: {text.listing(words, _MOST_NAMES)}.")
    calm = [trial for trial in known if trial not in stalls]
    without = [trial.title for trial in calm if known[trial].stage("filling")]
    if without:
        parts.append(f"No stall in {text.listing(without, _MOST_NAMES)}.")
    # A stall is a small part of the rate while filling.
    untold = [trial.title for trial in calm if not known[trial].stage("filling")]
    if untold:
        parts.append(
            f"A stall can't be detected in {text.listing(untold, _MOST_NAMES)}: pages were taken"
            " away from the first sample on."
        )
    unknown = [trial.title for trial in drawn if trial not in known]
    if unknown:
        parts.append(f"No stages are known of {text.listing(unknown, _MOST_NAMES)}.")
    return " ".join(parts)


def _stall(stage: Stage) -> str:
    return f"for {text.seconds(stage.seconds)} from {text.seconds(stage.begin_seconds)} on"


def _steady_sentence(trials: list[Trial]) -> str:
    """The steady stages over all repetitions."""
    found = repeated.measured(trials, _steady_rate)
    if not found:
        return "No trial has a steady stage: memory never was short, or that is not known."
    what = "Operations per second while steady, medians (smallest to largest repetition)"
    return repeated.values_sentence(found, what, text.count)


def _steady_rate(repetition: Repetition) -> float | None:
    stage = repetition.stage("steady")
    return stage.operations_per_second if stage else None
