"""Compiling the kernels for NVIDIA cards ahead of time, and telling what they are compiled to."""
