"""Draws the pages of Faultline's documents from a run.json, claims.json or powercut.json, and from
nothing else.
"""
