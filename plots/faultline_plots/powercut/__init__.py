"""What survived the power cuts: powercut.json -> powercut.html."""

from faultline_plots.powercut.load import SCHEMA, PowerCuts
from faultline_plots.powercut.report import write

CONTENT = PowerCuts
FILE = "powercut.json"
__all__ = ["CONTENT", "FILE", "SCHEMA", "write"]
