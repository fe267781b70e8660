"""Where the best strategy changes: crossover.json -> crossover.html."""

from faultline_plots.crossover.load import SCHEMA, load
from faultline_plots.crossover.report import write

FILE = "crossover.json"
__all__ = ["FILE", "SCHEMA", "load", "write"]
