"""What a program was recorded doing: a trace's summary, trace.json -> trace.html."""

from faultline_plots.trace.load import SCHEMA, load
from faultline_plots.trace.report import write

FILE = "trace.json"
__all__ = ["FILE", "SCHEMA", "load", "write"]
