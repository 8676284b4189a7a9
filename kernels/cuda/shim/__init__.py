"""CUDA kernels compiled as C++ and run on the processor: for tests and developers alone."""
