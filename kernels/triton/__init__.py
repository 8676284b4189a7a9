"""Kernels written in Triton: many rows at once, on tensor cores.

`bodies` holds the kernels themselves; what is launched over which grid stands beside it, in
Python that needs torch alone. At run time nothing imports triton: kernels are compiled ahead
of time, and `interpreter` runs the bodies on the processor for tests.
"""
