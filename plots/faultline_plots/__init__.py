"""Draws the report of one Faultline run from its run.json, and from nothing else."""
