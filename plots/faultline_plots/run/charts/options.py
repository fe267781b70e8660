"""Cost against an option of a strategy: window size, flush interval, and whatever else a run
varies.

An option is found to be varied when trials are equal in all parameters and in all other options of
their strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots import style, text
from faultline_plots.run import wording
from faultline_plots.run.charts import family, lines
from faultline_plots.run.load import Run, Trial
from faultline_plots.run.regime import Group, groups

NAME = "options"
TITLE = "Cost against window size, flush interval and other options"
_EXPECTED = ("window size", "flush interval")


@dataclass(frozen=True)
class _Quantity:
    """What an option stands for: charts of one quantity share a panel across strategies."""

    name: str
    axis: str
    is_size: bool

    def value(self, x: float) -> str:
        return text.size(x) if self.is_size else text.whole(x)


def make(run: Run, colours: style.Colours) -> family.Family:
    result = family.Family()
    for group in groups(run):
        found: dict[_Quantity, list[lines.Series]] = {}
        for quantity, line in _varied(group):
            found.setdefault(quantity, []).append(line)
        for quantity, drawn in found.items():
            result.charts.append(_draw(group, quantity, drawn, colours))
    result.charts.sort(key=lambda chart: _rank(chart.title))
    missing = [
        name
        for name in _EXPECTED
        if not any(chart.title.startswith(name) for chart in result.charts)
    ]
    reasons = [
        f"No strategy ran with two or more settings of its {name} while all else was equal."
        for name in missing
    ]
    if result.charts:
        result.notes = reasons
    else:
        result.reason = " ".join(reasons)
    return result


def _rank(title: str) -> int:
    return next(
        (rank for rank, name in enumerate(_EXPECTED) if title.startswith(name)), len(_EXPECTED)
    )


def given(trial: Trial) -> dict[str, str]:
    """The options that the spec gives."""
    _, _, tail = trial.strategy.spec.partition(":")
    return dict(part.split("=", 1) for part in tail.split(",") if "=" in part)


def _quantity(strategy: str, option: str, values: list[str]) -> _Quantity:
    if strategy == "mmap-window" and option == "size":
        return _Quantity("window size", "window size (bytes)", True)
    if strategy.endswith("-flushed") and option == "every":
        return _Quantity("flush interval", "updates between two flushes (count)", False)
    is_size = any(value.endswith("iB") for value in values) or option in ("size", "buffer")
    unit = "bytes" if is_size else "count"
    return _Quantity(f"option {option} of {strategy}", f"{option} ({unit})", is_size)


def _varied(group: Group) -> list[tuple[_Quantity, lines.Series]]:
    """Every line that some option gives: same strategy, same other options, two or more numbers of
    it.
    """
    result = []
    trials = [trial for trial in group.contenders if trial.figure(lines.ACCEPTED)]
    for strategy in dict.fromkeys(trial.strategy.name for trial in trials):
        own = [trial for trial in trials if trial.strategy.name == strategy]
        for option in dict.fromkeys(name for trial in own for name in given(trial)):
            quantity = _quantity(strategy, option, [given(t).get(option, "") for t in own])
            for rest, points in _by_rest(own, option).items():
                line = lines.series(rest, points)
                if line:
                    result.append((quantity, line))
    return result


def _by_rest(trials: list[Trial], option: str) -> dict[str, list[tuple[float, Trial]]]:
    """Points (value of the option, trial) by the spec without the option. A spec that leaves the
    option out has the value that its effective settings tell, if they do.
    """
    found: dict[str, list[tuple[float, Trial]]] = {}
    for trial in trials:
        settings = trial.strategy.effective | given(trial)
        value = text.parse_size(settings.get(option, ""))
        if value is None or value <= 0:
            continue
        rest = ",".join(
            f"{name}={setting}" for name, setting in sorted(given(trial).items()) if name != option
        )
        spec = trial.strategy.name + (":" + rest if rest else "")
        found.setdefault(spec, []).append((value, trial))
    return found


def _draw(
    group: Group, quantity: _Quantity, drawn: list[lines.Series], colours: style.Colours
) -> family.Chart:
    level = group.baseline
    if level is not None and (
        not level.drawn or any(trial is level for line in drawn for _, trial in line.points)
    ):
        level = None
    figure = lines.draw(drawn, colours, quantity.axis, quantity.value, level)
    trials = [trial for line in drawn for _, trial in line.points]
    reading = family.joined(
        *(
            f"Accepted time of {line.name}: {told}"
            for line in drawn
            if (told := _settings(group, [trial for _, trial in line.points]))
        ),
        _against(group, level, trials),
        family.points_sentence(lines.figures_of(drawn)),
        family.interference_sentence(trials),
    )
    return family.Chart(f"{quantity.name}: {group.title}", group.regime, figure, reading)


def _settings(group: Group, trials: list[Trial]) -> str:
    return wording.answer(group.judged, wording.ACCEPTED, [trial.title for trial in trials])


def _against(group: Group, level: Trial | None, trials: list[Trial]) -> str:
    """The first of the points drawn against the line to compare with."""
    if level is None:
        return ""
    ranking = group.judged.ranking(wording.ACCEPTED, [trial.title for trial in trials])
    leader = ranking.order[0] if ranking else ""
    found = group.judged.find(wording.ACCEPTED, leader, level.title)
    return f"{leader} is {wording.against(found)}." if found else ""
