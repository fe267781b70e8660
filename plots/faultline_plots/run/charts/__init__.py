"""The chart families of the report, one module each, in the order of the page.

A family is a module with NAME, TITLE and make(run, colours) -> Family. It picks its trials by their
parameters, and says why it drew nothing where the run has nothing for it.
"""

from __future__ import annotations

import importlib

FAMILIES = tuple(
    importlib.import_module(f"faultline_plots.run.charts.{name}")
    for name in (
        "throughput",
        "faults",
        "cache_fill",
        "phases",
        "timeline",
        "memory_ratio",
        "threads",
        "record_size",
        "options",
        "latency",
        "amplification",
        "hints",
        "shootdowns",
    )
)
