"""The report of a run: run.json -> report.html."""

from faultline_plots.run.load import OLDER, SCHEMA, load
from faultline_plots.run.report import write

FILE = "run.json"
__all__ = ["FILE", "OLDER", "SCHEMA", "load", "write"]
