"""A decoder as one recorded plan on the native kernels."""
