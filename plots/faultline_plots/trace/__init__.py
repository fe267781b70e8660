"""The page of a trace's summary: trace.json -> trace.html."""

from faultline_plots.trace.load import SCHEMA, Summary
from faultline_plots.trace.report import write

CONTENT = Summary
FILE = "trace.json"
__all__ = ["CONTENT", "FILE", "SCHEMA", "write"]
