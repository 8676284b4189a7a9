"""What Triton's and CUDA's kernels share: how one is named, compiled, loaded and launched."""
