"""The charts of a trace: its events, the sizes of accesses, the working set over time, and how much
memory would answer how many accesses.
"""

from __future__ import annotations

from matplotlib.patches import Patch

from faultline_plots import scale, style, text
from faultline_plots.page import Chart
from faultline_plots.trace.load import Summary

_READ, _WRITE, _OTHER = "#0072B2", "#D55E00", "#7F8C99"
_COLOURS = {"read": _READ, "fault-read": _READ, "write": _WRITE, "fault-write": _WRITE}


def events(summary: Summary) -> Chart | None:
    """How many there are of each kind. None without any."""
    kinds = [(kind, events.count) for kind, events in summary.events.items() if events.count]
    if not kinds:
        return None
    kinds.sort(key=lambda one: -one[1])
    counts = [count for _, count in kinds]
    figure, (axes,) = style.new_figure(style.bar_height(len(kinds), 0.28))
    axis = scale.of("count", style.wide(counts), counts)
    left = axis.low / 2 if axis.logarithmic else 0
    for place, (kind, count) in enumerate(kinds):
        axes.barh(
            place, count - left, 0.7, left=left, color=_COLOURS.get(kind, _OTHER), linewidth=0
        )
    style.row_labels(axes, [kind for kind, _ in kinds])
    scale.apply(axes, "x", axis, "events")
    if axis.logarithmic:
        axes.set_xlim(left=left)
    most, count = kinds[0]
    share = text.share(count / sum(counts))
    return Chart(
        "trace-events",
        "What the program did",
        figure,
        f"{text.whole(sum(counts))} events; most are of kind {most}: {share}. Flushes:"
        f" {text.whole(summary.flushes.count)}.",
    )


def sizes(summary: Summary) -> Chart | None:
    """How long accesses are. None without any."""
    found = summary.sizes
    if not found:
        return None
    handles = [Patch(color=_READ, label="reads"), Patch(color=_WRITE, label="writes")]
    figure, (axes,) = style.new_figure(2.3, 1, handles)
    for place, (_, reads, writes) in enumerate(found):
        axes.bar(place - 0.2, reads, 0.4, color=_READ, linewidth=0)
        axes.bar(place + 0.2, writes, 0.4, color=_WRITE, linewidth=0)
    labels = [text.size(size) for size, _, _ in found]
    axes.set_xticks(range(len(labels)), labels, fontsize=7.5)
    axes.set_xlabel("bytes of an access, up to")
    counts = [float(max(reads, writes)) for _, reads, writes in found]
    scale.apply(axes, "y", scale.of("count", False, counts), "accesses")
    size, reads, writes = max(found, key=lambda one: one[1] + one[2])
    share = text.share((reads + writes) / max(1, sum(r + w for _, r, w in found)))
    return Chart(
        "trace-sizes",
        "How long reads and writes are",
        figure,
        f"Most have up to {text.size(size)}, and more than half of that: {share} of all.",
    )


def working_set(summary: Summary) -> Chart | None:
    """Pages used in each interval. None where no time was kept."""
    working = summary.working_set
    interval, used = working.interval_seconds, working.bytes_by_interval
    if not interval or not used:
        return None
    figure, (axes,) = style.new_figure(2.2)
    begins = [place * interval for place in range(len(used) + 1)]
    axes.stairs(used, begins, fill=True, color=_READ, alpha=0.35)
    axes.stairs(used, begins, color=_READ, linewidth=1.2)
    scale.apply(axes, "x", scale.of("seconds", False, begins), "time since the first event")
    scale.apply(axes, "y", scale.of("bytes", False, list(used)), "pages accessed")
    axes.grid()
    return Chart(
        "trace-working-set",
        f"Working set of each {text.seconds(interval)}",
        figure,
        f"At most {text.binary_size(max(used))} at a time; "
        f"{text.binary_size(working.bytes)} in all.",
    )


def reuse_distances(summary: Summary) -> Chart | None:
    """The share of page accesses that a cache of a size answers. None where none is used again."""
    reuse = summary.reuse
    if not reuse.distances or not summary.page_accesses:
        return None
    figure, (axes,) = style.new_figure(2.3)
    memory: list[int] = []
    shares: list[float] = []
    answered = 0.0
    for size, count in reuse.distances:
        answered += count
        memory.append(size)
        shares.append(answered / summary.page_accesses)
    axes.plot(memory, shares, "o-", color=_READ, markersize=4, linewidth=1.4, clip_on=False)
    scale.apply(axes, "x", scale.of("bytes", True, memory), "memory of a cache")
    scale.apply(axes, "y", scale.of("share", False, [0, 1]), "page accesses answered")
    axes.grid()
    half = next(size for size, share in zip(memory, shares) if share >= shares[-1] / 2)
    estimate = f" An estimate from {text.share(reuse.rate)} of the pages." if reuse.rate < 1 else ""
    return Chart(
        "trace-reuse",
        "How much memory answers how many page accesses",
        figure,
        "By a cache that drops the page used least recently, empty at the beginning. At most"
        f" {text.share(shares[-1])} can be answered; {text.binary_size(half)} answer half of"
        f" these.{estimate}",
    )
