"""CUDA C++ kernels: the decode path over packed weights, attention, and what goes row by row."""
