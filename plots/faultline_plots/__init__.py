"""Draws the pages of Faultline's documents, each from its document and from nothing else."""
