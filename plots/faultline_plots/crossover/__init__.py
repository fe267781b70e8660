"""Where the best strategy changes: crossover.json -> crossover.html."""

from faultline_plots.crossover.load import SCHEMA, Crossovers
from faultline_plots.crossover.report import write

CONTENT = Crossovers
FILE = "crossover.json"
__all__ = ["CONTENT", "FILE", "SCHEMA", "write"]
