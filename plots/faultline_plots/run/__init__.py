"""The report of a run: run.json -> report.html."""

from faultline_plots.run.load import SCHEMA, load
from faultline_plots.run.report import write

FILE = "run.json"
__all__ = ["FILE", "SCHEMA", "load", "write"]
