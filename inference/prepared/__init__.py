"""Prepared models: the same weights laid out once for the kernels and for the disk."""
