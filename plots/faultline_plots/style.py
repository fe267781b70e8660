"""How every chart looks: colours, axes and files that come out the same on every machine."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import matplotlib
from matplotlib import ticker
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from faultline_plots import text

# Okabe and Ito's colours without their yellow, then Tol's muted ones: distinct with any colour
# vision by hue or by lightness. Rows and lines carry names or markers as well.
_PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9",
    "#332288", "#882255", "#999933", "#444444", "#44AA99", "#AA4499",
)  # fmt: skip
_MARKERS = "osD^vPX<>*hp"
PHASE_COLOURS = {
    "open": "#BBBBBB",
    "first": "#56B4E9",
    "steady": "#0072B2",
    "flush": "#D55E00",
    "close": "#444444",
}
CACHE_COLOURS = {"cold": "#332288", "streamed": "#56B4E9", "paged": "#E69F00", "written": "#009E73"}
STAGE_COLOURS = {"filling": "#D6E8F5", "stall": "#F7C6AE", "steady": "#D9EFE4"}
GREY = "#666666"
_PALE = 0.72
WIDTH_INCHES = 9.6

_SETTINGS = {
    "svg.hashsalt": "faultline",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "savefig.dpi": 140,
    "figure.facecolor": "white",
}


@contextlib.contextmanager
def settings() -> Iterator[None]:
    """A context in which charts are made and saved, whatever the user's own matplotlib settings
    are.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


class Colours:
    """One colour and marker per name, the same in all charts of a page: by first appearance."""

    def __init__(self, names: Iterable[str]):
        self._index = {name: index for index, name in enumerate(dict.fromkeys(names))}

    def of(self, name: str) -> str:
        return _PALETTE[self._index[name] % len(_PALETTE)]

    def marker(self, name: str) -> str:
        return _MARKERS[self._index[name] % len(_MARKERS)]

    def line(self, position: int) -> str:
        """Line styles for several settings of one strategy."""
        return ("-", "--", ":", "-.")[position % 4]


def greyed(colour: str) -> str:
    """The colour, pale: of figures that interference is in."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (0xD0 - part) * _PALE):02X}" for part in parts)


def new_figure(
    height_inches: float,
    columns: int = 1,
    handles: Sequence[Artist] = (),
    handles_per_row: int = 5,
    rows: int = 1,
) -> tuple[Figure, list[Axes]]:
    """A figure with rows of axes that share their y axis and, of a column, their x axis, and a
    legend of `handles` above, across all of them. The axes by rows.
    """
    if handles and max(len(handle.get_label()) for handle in handles) > 34:
        handles_per_row = min(handles_per_row, 2)
    lines = -(-len(handles) // handles_per_row)
    legend_inches = 0.12 + 0.21 * lines if lines else 0.01
    figure = Figure(figsize=(WIDTH_INCHES, height_inches + legend_inches), constrained_layout=True)
    heights = (legend_inches, *([height_inches / rows] * rows))
    grid = figure.add_gridspec(1 + rows, columns, height_ratios=heights)
    above = figure.add_subplot(grid[0, :])
    above.axis("off")
    if handles:
        legend = above.legend(
            handles=handles, loc="center left", ncol=handles_per_row, borderaxespad=0
        )
        # Else the layout would shrink the axes to make room for a wide legend.
        legend.set_in_layout(False)
    axes: list[Axes] = []
    for place in range(rows * columns):
        row, column = divmod(place, columns)
        shared = {"sharey": axes[0] if axes else None, "sharex": axes[column] if row else None}
        axes.append(figure.add_subplot(grid[1 + row, column], **shared))
        if column:
            axes[-1].tick_params(axis="y", labelleft=False)
        if row < rows - 1:
            axes[-1].tick_params(axis="x", labelbottom=False)
            axes[-1].xaxis.label.set_visible(False)
    return figure, axes


def bar_height(rows: int, per_row: float = 0.36) -> float:
    """Height in inches of axes with this many horizontal rows."""
    return 0.75 + per_row * max(rows, 2)


def wide(values: Sequence[float], factor: float = 20) -> bool:
    """Whether positive values are so far apart that only a logarithmic axis shows them all."""
    positive = [value for value in values if value > 0]
    return bool(positive) and max(positive) > factor * min(positive)


def number_axis(
    axis: Axis, formatted: text.Format, logarithmic: bool, values: Sequence[float]
) -> None:
    """Ticks with readable numbers on an x or y axis that shows `values`."""
    if logarithmic:
        positive = [value for value in values if value > 0] or [1.0]
        # Few decades leave few labelled ticks; then 2 and 5 are labelled as well.
        narrow = max(positive) < 1000 * min(positive)
        axis.set_major_locator(
            ticker.LogLocator(base=10, subs=(1, 2, 5) if narrow else (1,), numticks=14)
        )
        axis.set_minor_locator(ticker.LogLocator(base=10, subs=range(1, 10), numticks=14))
        axis.set_minor_formatter(ticker.NullFormatter())
    elif max(values) > 0:
        axis.set_major_locator(ticker.MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    else:
        axis.set_major_locator(ticker.FixedLocator([0]))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: tick_text(value, formatted)))


def tick_text(value: float, formatted: text.Format) -> str:
    """2.00 k -> 2 k: a tick has no need of trailing zeros."""
    trimmed = re.sub(r"(\.\d*?)0+(?!\d)", r"\1", formatted(value))
    return re.sub(r"\.(?!\d)", "", trimmed)


def log_limits(values: Sequence[float]) -> tuple[float, float]:
    positive = [value for value in values if value > 0] or [1.0]
    return min(positive) / 1.6, max(positive) * 1.6


def save(figure: Figure, path_without_suffix: Path) -> str:
    """Writes NAME.svg and NAME.png; gives the SVG's text. Raises OSError."""
    svg = path_without_suffix.with_name(path_without_suffix.name + ".svg")
    png = path_without_suffix.with_name(path_without_suffix.name + ".png")
    # No dates and no version: equal figures make equal files.
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": "Faultline"})
    if hasattr(figure, "set_layout_engine"):
        # The layout is done; doing it again for the second file takes as long as drawing.
        figure.set_layout_engine("none")
    figure.savefig(png, format="png", metadata={"Software": "Faultline"})
    return svg.read_text(encoding="utf-8")


def inlined(svg: str, name: str, description: str) -> str:
    """The <svg> element for use inside a page: without prolog, metadata and comments, with ids of
    its own, so that charts on one page don't refer into each other, and with `description` for
    those who don't see it.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'href="#', f'href="#{name}-', body)
    body = re.sub(r"url\(#", f"url(#{name}-", body)
    spoken = description.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    body = re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", body, count=1)
    body = re.sub(r'<svg([^>]*?) height="[^"]*"', r"<svg\1", body, count=1)
    return body.replace("<svg", f'<svg role="img" aria-label="{spoken}"', 1)


def slug(value: str) -> str:
    """A text as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:60] or "chart"


def row_labels(axes: Axes, labels: list[str]) -> None:
    """Names of horizontal rows, the first on top."""
    axes.set_yticks(range(len(labels)))
    axes.set_yticklabels([text.label(value) for value in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
