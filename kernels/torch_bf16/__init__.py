"""Prefill through torch's BF16 matrix products, on CPUs that have them in hardware."""

from kernels.torch_bf16.backend import TorchBf16Backend

__all__ = ["TorchBf16Backend"]
