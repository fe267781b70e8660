"""The claims with their evidence: claims.json -> claims.html."""

from faultline_plots.claims.load import SCHEMA, Claims
from faultline_plots.claims.report import write

CONTENT = Claims
FILE = "claims.json"
__all__ = ["CONTENT", "FILE", "SCHEMA", "write"]
