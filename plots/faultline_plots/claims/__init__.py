"""The claims with their evidence: claims.json -> claims.html."""

from faultline_plots.claims.load import SCHEMA, load
from faultline_plots.claims.report import write

FILE = "claims.json"
__all__ = ["FILE", "SCHEMA", "load", "write"]
