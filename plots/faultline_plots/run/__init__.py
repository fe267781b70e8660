"""The report of a run: run.json -> report.html."""

from faultline_plots.run.load import OLDER, SCHEMA, Run, is_partial
from faultline_plots.run.report import write

CONTENT = Run
FILE = "run.json"
__all__ = ["CONTENT", "FILE", "OLDER", "SCHEMA", "is_partial", "write"]
