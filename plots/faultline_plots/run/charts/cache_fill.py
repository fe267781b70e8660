"""First-touch faults per page of the file against how the page cache had been filled."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from faultline_plots import style, text
from faultline_plots.run.charts import family
from faultline_plots.run.load import Figure, Run, Trial
from faultline_plots.run.regime import collect, regime_text

NAME = "cache-fill"
TITLE = "Faults per page by how the cache was filled"
_TOUCHING = ("open", "first")
_MOST_PANELS = 4
_MOST_NAMES = 8


def make(run: Run, _colours: style.Colours) -> family.Family:
    result = family.Family()
    usable = [
        trial for trial in run.trials if trial.drawn and trial.stores and faults_per_page(trial)
    ]
    for trials in collect(usable, without=("cache", "workload", "seed")):
        workloads = [varied for own in _by_workload(trials) if (varied := _varied(own))]
        for start in range(0, len(workloads), _MOST_PANELS // 2):
            result.charts.append(_draw(workloads[start : start + _MOST_PANELS // 2]))
    if not result.charts:
        result.reason = (
            "No strategy ran with two or more of the cache states cold, streamed, paged and written"
            " while all else was equal, or faults are not counted here."
        )
    return result


def _by_workload(trials: list[Trial]) -> list[list[Trial]]:
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        found.setdefault(trial.workload.spec, []).append(trial)
    return list(found.values())


def _varied(trials: list[Trial]) -> list[Trial]:
    """Those of strategies that ran with two or more cache states."""
    states: dict[str, set[str]] = {}
    for trial in trials:
        states.setdefault(trial.title, set()).add(trial.parameters.cache)
    return [trial for trial in trials if len(states[trial.title]) >= 2]


def faults_per_page(trial: Trial) -> Figure | None:
    """Minor and major faults of opening and first pass, divided by the pages of the file: median of
    the repetitions, with the smallest and the largest of them.
    """
    values = []
    for repetition in trial.sources:
        counts = [
            repetition.counter(phase, counter)
            for phase in _TOUCHING
            for counter in ("minor_faults", "major_faults")
        ]
        known = [count for count in counts if count is not None]
        pages = repetition.cache.total_pages if repetition.cache else 0
        if pages and len(known) == len(counts):
            values.append(sum(known) / pages)
    return family.spread(values)


def touch(trials: list[Trial]) -> str:
    """Says reading or updating, or nothing when the run does not."""
    changed = [each.asked.changed_bytes for trial in trials for each in trial.sources]
    if not changed:
        return ""
    return "updating" if any(changed) else "reading"


@dataclass(frozen=True)
class _Cell:
    trial: Trial
    figure: Figure


def _cells(trials: list[Trial]) -> dict[tuple[str, str], _Cell]:
    """By strategy and cache state; the first trial of several stands for them."""
    found: dict[tuple[str, str], _Cell] = {}
    for trial in trials:
        if figure := faults_per_page(trial):
            found.setdefault((trial.title, trial.parameters.cache), _Cell(trial, figure))
    return found


def _draw(workloads: list[list[Trial]]) -> family.Chart:
    everything = [trial for trials in workloads for trial in trials]
    states = _ordered(everything)
    specs = list(dict.fromkeys(trial.title for trial in everything))
    handles = [Patch(color=style.CACHE_COLOURS[state], label=f"cache {state}") for state in states]
    height = style.bar_height(len(specs), 0.18 + 0.13 * len(states))
    figure, panels = style.new_figure(height, len(workloads), handles)
    for axes, trials in zip(panels, workloads):
        _panel(axes, trials, specs, states)
    reading = family.joined(
        (
            "Bars: minor and major faults while opening and in the first pass, divided by the pages"
            " of the file; median of the repetitions, whiskers from the smallest to the largest (of"
            " fewer than six, a ring for each)."
        ),
        *(_reading(trials) for trials in workloads),
        "Different states of the cache are different groups: the run doesn't compare them.",
        family.interference_sentence(everything),
    )
    names = text.listing([trials[0].workload.spec for trials in workloads])
    return family.Chart(names, regime_text(workloads[0][0], ("cache", "workload")), figure, reading)


def _ordered(trials: list[Trial]) -> list[str]:
    present = {trial.parameters.cache for trial in trials}
    return [state for state in style.CACHE_COLOURS if state in present]


def _panel(axes: Axes, trials: list[Trial], specs: list[str], states: list[str]) -> None:
    cells = _cells(trials)
    height = 0.8 / len(states)
    highest = max(cell.figure.high for cell in cells.values())
    for (spec, state), cell in cells.items():
        y = specs.index(spec) - 0.4 + (states.index(state) + 0.5) * height
        shown = cell.figure
        colour = style.CACHE_COLOURS[state]
        if cell.trial.with_interference:
            colour = style.greyed(colour)
        axes.barh(y, shown.median, height * 0.86, color=colour)
        family.whisker(axes, shown, y, 0.9)
        axes.annotate(
            text.significant(shown.median),
            (shown.high, y),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color="#333333",
        )
    axes.set_xlim(0, highest * 1.16 or 1)
    style.number_axis(axes.xaxis, text.significant, False, [highest])
    axes.grid(axis="x")
    style.row_labels(axes, specs)
    kind = touch(trials)
    name = text.label(trials[0].workload.spec + (f" ({kind})" if kind else ""), 48)
    axes.set_xlabel(f"faults per page of the file\n{name}")


def _reading(trials: list[Trial]) -> str:
    """Each strategy's faults by the filling."""
    cells = _cells(trials)
    parts = []
    for name in dict.fromkeys(place[0] for place in cells):
        own = [
            f"{text.significant(cell.figure.median)} {state}"
            for (title, state), cell in cells.items()
            if title == name
        ]
        parts.append(f"{name} {', '.join(own)}")
    return f"{trials[0].workload.spec}, faults per page: {'; '.join(parts[:_MOST_NAMES])}."
