"""A trace's summary as plain objects (docs/documents.md, "Trace summary")."""

from __future__ import annotations

from dataclasses import dataclass

from faultline_plots.scale import Drawable, DrawableCount

SCHEMA = "trace-summary.schema.json"


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
class Events:
    """Those of one kind."""

    count: DrawableCount


@dataclass(frozen=True)
class Sequential:
    """Accesses that begin where the one before ended."""

    reads: int
    writes: int


@dataclass(frozen=True)
class Flushes:
    """`median_writes`: before a flush; None where no flush had any."""

    count: int
    median_writes: float | None


@dataclass(frozen=True)
class WorkingSet:
    """`interval_seconds`: None where no time was kept."""

    bytes: float
    interval_seconds: Drawable | None
    bytes_by_interval: tuple[Drawable, ...]


@dataclass(frozen=True)
class Reuse:
    """`distances`: (bytes, page accesses), ascending. `rate`: share of the pages that were
    sampled.
    """

    first_uses: Drawable
    distances: tuple[tuple[DrawableCount, Drawable], ...]
    rate: float


@dataclass(frozen=True)
class Summary:
    """`seconds`: None where no time was kept. `read_sizes` and `write_sizes`: (largest bytes of an
    access, accesses). `files`: the first of `file_count`.
    """

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
    events: dict[str, Events]
    read_sizes: tuple[tuple[DrawableCount, DrawableCount], ...]
    write_sizes: tuple[tuple[DrawableCount, DrawableCount], ...]
    sequential: Sequential
    flushes: Flushes
    working_set: WorkingSet
    reuse: Reuse
    region_bytes: int
    hot_regions: tuple[Region, ...]

    @property
    def page_accesses(self) -> float:
        return self.reuse.first_uses + sum(count for _, count in self.reuse.distances)

    @property
    def sizes(self) -> list[tuple[int, int, int]]:
        """(largest bytes of an access, reads, writes), ascending."""
        reads, writes = dict(self.read_sizes), dict(self.write_sizes)
        return [
            (size, reads.get(size, 0), writes.get(size, 0)) for size in sorted({*reads, *writes})
        ]
