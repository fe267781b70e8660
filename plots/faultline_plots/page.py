"""What the pages of all documents share: templates, and charts that are files as well as parts of
the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import markupsafe
from matplotlib.figure import Figure

from faultline_plots import style, text


@dataclass(frozen=True)
class Chart:
    """A figure that is still to be saved under `name`. `reading`: true sentences about what it
    shows; `regime`: what holds for all of that.
    """

    name: str
    title: str
    figure: Figure
    reading: str
    regime: str = ""


@dataclass(frozen=True)
class Drawn:
    """A chart on the page: its SVG is safe markup, all else is text yet to be escaped. `file`: its
    files' name without their suffix; "" for one that could not be drawn.
    """

    title: str
    reading: str
    regime: str = ""
    notes: tuple[str, ...] = ()
    svg: markupsafe.Markup | None = None
    file: str = ""


class Charts:
    """The folder charts/ in `directory`, which is made when missing. Raises OSError."""

    def __init__(self, directory: Path):
        self._directory = directory / "charts"
        self._directory.mkdir(parents=True, exist_ok=True)
        self._taken: set[str] = set()

    def save(self, chart: Chart, about: str = "", notes: Iterable[str] = ()) -> Drawn:
        """Saves it under its name, with a number behind it where that is taken. `about`: of what it
        is one, for those who see neither it nor what is around it. Raises OSError.
        """
        base = re.sub(r"[^A-Za-z0-9_]+", "-", chart.name).strip("-")[:120] or "chart"
        unique = numbered(base, self._taken)
        svg = style.save(chart.figure, self._directory / unique)
        described = f"{about + ': ' if about else ''}{chart.title}. {chart.reading}"
        inlined = markupsafe.Markup(style.inlined(svg, unique, described))
        return Drawn(chart.title, chart.reading, chart.regime, tuple(notes), inlined, unique)


def numbered(base: str, taken: set[str]) -> str:
    """`base`, or it with the first number that makes it new; then it is taken too. Upper and lower
    case count as the same: they are on some file systems.
    """
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.lower())
    return name


def machine(environment: dict[str, str | None]) -> str:
    """The machine in one line, of what is known of it."""
    known = {name: value for name, value in environment.items() if value}
    parts = [known[name] for name in ("system", "kernel") if name in known]
    if "processor" in known:
        count = known.get("processors")
        parts.append((f"{count} × " if count else "") + known["processor"])
    memory = text.parse_size(known.get("memory_bytes", ""))
    if memory:
        parts.append(f"{text.binary_size(memory)} of memory")
    if "file_system" in known:
        device = f" on {known['device']}" if "device" in known else ""
        parts.append(known["file_system"] + device)
    if known.get("virtualization", "none") != "none":
        parts.append(known["virtualization"])
    return " · ".join(parts)


def write(directory: Path, page: str, template: str, **values: Any) -> Path:
    """Fills the template and writes it as `page`. Gives its path. Raises OSError."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    content = environment.get_template(template).render(**values)
    # Renamed into place, so that a reader never meets half a page.
    target, unfinished = directory / page, directory / f"{page}.unfinished"
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(target)
    return target
