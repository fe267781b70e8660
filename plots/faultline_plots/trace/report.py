"""Writes trace.html, which needs nothing else, and each chart as SVG and PNG."""

from __future__ import annotations

from pathlib import Path

from faultline_plots import page, style, text
from faultline_plots.trace import charts
from faultline_plots.trace.load import File, Summary

PAGE = "trace.html"
_FILES_SHOWN = 50


def write(summary: Summary, notes: tuple[str, ...], directory: Path) -> Path:
    """Draws everything into `directory`, which is made when missing. Gives the path of trace.html.
    Raises OSError.
    """
    saved = page.Charts(directory)
    drawn = []
    with style.settings():
        for make in (charts.events, charts.sizes, charts.working_set, charts.reuse_distances):
            if (chart := make(summary)) is not None:
                drawn.append(saved.save(chart))
    files = sorted(summary.files, key=lambda one: -(one.read_bytes + one.written_bytes))
    return page.write(
        directory,
        PAGE,
        "trace.html",
        facts=_facts(summary),
        notes=[*summary.notes, *notes],
        charts=drawn,
        files=[_file(one) for one in files[:_FILES_SHOWN]],
        more_files=max(0, summary.file_count - _FILES_SHOWN),
        region_bytes=text.size(summary.region_bytes),
        regions=[
            (one.file, text.size(one.offset), text.whole(one.accesses),
             text.share(one.accesses / max(1, summary.accesses)))
            for one in summary.hot_regions
        ],
        environment={"recorder": summary.recorder, "command": summary.command},
    )  # fmt: skip


def _facts(summary: Summary) -> list[tuple[str, str]]:
    reads = sum(one.reads for one in summary.files)
    writes = sum(one.writes for one in summary.files)
    facts = [
        ("time", text.seconds(summary.seconds) if summary.seconds is not None else "not kept"),
        ("processes", text.whole(summary.processes)),
        ("threads", text.whole(summary.threads)),
        ("files", text.whole(summary.file_count)),
        ("accesses", text.whole(summary.accesses)),
    ]
    if reads:
        facts.append(("sequential reads", text.share(summary.sequential.reads / reads)))
    if writes:
        facts.append(("sequential writes", text.share(summary.sequential.writes / writes)))
    writes_per_flush = summary.flushes.median_writes
    if writes_per_flush is not None:
        facts.append(("writes before a flush (median)", text.significant(writes_per_flush)))
    if summary.events["map"].count:
        recorded = "as page faults" if summary.faults_recorded else "not recorded"
        facts.append(("accesses through mappings", recorded))
    return facts


def _file(one: File) -> list[str]:
    return [
        one.path,
        text.binary_size(one.extent_bytes),
        text.whole(one.reads),
        text.binary_size(one.read_bytes),
        text.whole(one.writes),
        text.binary_size(one.written_bytes),
        text.whole(one.flushes),
    ]
