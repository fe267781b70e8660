"""Reads a trace's summary (docs/documents.md, "faultline-trace/1") into plain objects, or throws
LoadError with the place of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots.document import At, Document

SCHEMA = "faultline-trace/1"


@dataclass(frozen=True)
class File:
    path: str
    extent_bytes: int
    reads: int
    read_bytes: int
    writes: int
    written_bytes: int
    flushes: int


@dataclass(frozen=True)
class Region:
    file: str
    offset: int
    accesses: int


@dataclass(frozen=True)
class Summary:
    """None: not known. `sizes`: (bytes, reads, writes); `distances`: (bytes, page accesses)."""

    recorder: str
    command: str
    notes: tuple[str, ...]
    seconds: float | None
    faults_recorded: bool
    processes: int
    threads: int
    accesses: int
    file_count: int
    files: tuple[File, ...]
    events: dict[str, tuple[int, int]]
    sizes: tuple[tuple[float, int, int], ...]
    sequential_reads: int
    sequential_writes: int
    flushes: int
    writes_per_flush: float | None
    working_set_bytes: float
    interval_seconds: float | None
    bytes_by_interval: tuple[float, ...]
    first_uses: float
    distances: tuple[tuple[float, float], ...]
    sampled_share: float
    region_bytes: int
    regions: tuple[Region, ...]

    @property
    def page_accesses(self) -> float:
        return self.first_uses + sum(count for _, count in self.distances)


def load(source: Document) -> Summary:
    """Throws LoadError."""
    root = source.root
    reuse, working = root.get("reuse"), root.get("working_set")
    sequential, flushes = root.get("sequential"), root.get("flushes")
    return Summary(
        recorder=root.get("recorder").text() or "",
        command=root.get("command").text() or "",
        notes=tuple(at.required_text() for at in root.get("notes").elements()) + source.notes,
        seconds=_amount(root.get("seconds")),
        faults_recorded=root.get("faults_recorded").truth() is True,
        processes=_count(root.get("processes")),
        threads=_count(root.get("threads")),
        accesses=_count(root.get("accesses")),
        file_count=_count(root.get("file_count")),
        files=tuple(_file(at) for at in root.get("files").required_elements()),
        events={
            kind: (_count(at.get("count")), _count(at.get("bytes")))
            for kind, at in root.get("events").items()
        },
        sizes=_sizes(root.get("read_sizes"), root.get("write_sizes")),
        sequential_reads=_count(sequential.get("reads")),
        sequential_writes=_count(sequential.get("writes")),
        flushes=_count(flushes.get("count")),
        writes_per_flush=_amount(flushes.get("median_writes")),
        working_set_bytes=_required(working.get("bytes")),
        interval_seconds=_amount(working.get("interval_seconds")),
        bytes_by_interval=tuple(_required(at) for at in working.get("bytes_by_interval").elements()),
        first_uses=_required(reuse.get("first_uses")),
        distances=tuple(sorted(_pair(at) for at in reuse.get("distances").elements())),
        sampled_share=_required(reuse.get("rate")),
        region_bytes=_count(root.get("region_bytes")),
        regions=tuple(
            Region(
                file=at.get("file").required_text(),
                offset=_count(at.get("offset")),
                accesses=_count(at.get("accesses")),
            )
            for at in root.get("hot_regions").elements()
        ),
    )


def _file(at: At) -> File:
    numbers = ("extent_bytes", "reads", "read_bytes", "writes", "written_bytes", "flushes")
    return File(
        path=at.get("path").required_text(), **{name: _count(at.get(name)) for name in numbers}
    )


def _sizes(reads: At, writes: At) -> tuple[tuple[float, int, int], ...]:
    sizes: dict[float, list[int]] = {}
    for place, bins in enumerate((reads, writes)):
        for at in bins.elements():
            size, count = _pair(at)
            sizes.setdefault(size, [0, 0])[place] += int(count)
    return tuple((size, *counts) for size, counts in sorted(sizes.items()))


def _pair(at: At) -> tuple[float, float]:
    elements = at.required_elements()
    if len(elements) != 2:
        at.fail("two numbers")
    size = _required(elements[0])
    if size <= 0:
        elements[0].refuse("not above 0")
    return size, _required(elements[1])


def _amount(at: At) -> float | None:
    value = at.drawable()
    if value is not None and value < 0:
        at.refuse("below 0")
    return value


def _required(at: At) -> float:
    value = _amount(at)
    if value is None:
        at.fail("a number")
    return value


def _count(at: At) -> int:
    return int(_required(at))
