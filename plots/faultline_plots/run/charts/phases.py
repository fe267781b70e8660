"""Where the time went: seconds per phase, stacked, by strategy."""

from __future__ import annotations

from matplotlib.patches import Patch

from faultline_plots import stacks, style, text
from faultline_plots.run.charts import family
from faultline_plots.run.load import PHASES, Run, Trial
from faultline_plots.run.regime import Group, thinned

NAME = "phases"
TITLE = "Seconds by phase"
_MOST_NAMES = 8


def make(run: Run, _colours: style.Colours) -> family.Family:
    return family.per_group(
        run,
        lambda trial: any(value is not None for value in _phases(trial).values()),
        _draw,
        "No two strategies have phase times for the same workload and parameters in this run.",
    )


def _phases(trial: Trial) -> dict[str, float | None]:
    figures = {phase: trial.figure(f"{phase}.seconds") for phase in PHASES}
    return {phase: figure.median if figure else None for phase, figure in figures.items()}


def _sum(trial: Trial) -> float:
    return sum(value or 0 for value in _phases(trial).values())


def _draw(group: Group, trials: list[Trial]) -> family.Chart:
    trials, left_out = thinned(group, trials)
    # The strategy that does nothing shows how much of each bar is the harness itself.
    rows = trials + ([group.idle] if group.idle else [])
    labels = [family.row_name(trial) for trial in rows]
    sums = [_sum(trial) for trial in rows]
    written = [text.duration(1e9 * total) for total in sums]
    limit = stacks.magnified_limit([_sum(trial) for trial in trials])
    handles = [Patch(color=colour, label=phase) for phase, colour in style.PHASE_COLOURS.items()]
    figure, axes = style.new_figure(style.bar_height(len(rows)), 2 if limit else 1, handles)
    values = [_phases(trial) for trial in rows]
    greyed = [trial.with_interference for trial in rows]
    look = (style.PHASE_COLOURS, text.significant)
    stacks.draw(axes[0], labels, values, written, *look, greyed=greyed)
    axes[0].set_xlabel("seconds (s)")
    if limit:
        stacks.draw(axes[1], labels, values, written, *look, limit, greyed)
        axes[1].set_xlabel("seconds (s), magnified")
    reading = family.joined(
        family.left_out_sentence(left_out),
        "Medians of each phase, one after the other; the number is their sum.",
        "On the right the same, magnified: bars with ▶ go on beyond the edge." if limit else "",
        _flush(trials),
        family.interference_sentence(trials),
    )
    return family.Chart(group.title, group.regime, figure, reading)


def _flush(trials: list[Trial]) -> str:
    """How much of each strategy's time its accepted time hides."""
    shares = {}
    for trial in trials:
        flush = _phases(trial)["flush"]
        if flush is not None and _sum(trial) > 0:
            shares[trial.title] = flush / _sum(trial)
    if not any(shares.values()):
        return "Flushing took no time anywhere." if shares else ""
    parts = [f"{title} {text.share(share)}" for title, share in shares.items()]
    return (
        "The flush's share of the bar, which the accepted time leaves out:"
        f" {text.listing(parts, _MOST_NAMES)}."
    )
