"""Native kernels for processors: a C++ core behind a C interface, and Python's door to it."""
