"""Builds what people install: the frozen program, and every artefact made of it."""
