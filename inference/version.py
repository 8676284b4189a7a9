"""The engine's version, as an answer's provenance names it."""

ENGINE_VERSION = "0.1.0"
