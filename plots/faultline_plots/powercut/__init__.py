"""What survived the power cuts: powercut.json -> powercut.html."""

from faultline_plots.powercut.load import SCHEMA, load
from faultline_plots.powercut.report import write

FILE = "powercut.json"
__all__ = ["FILE", "SCHEMA", "load", "write"]
