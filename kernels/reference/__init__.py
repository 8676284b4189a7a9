"""Plain torch: every op as its contract's formula, the oracle and the fallback."""

from kernels.reference.backend import ReferenceBackend

__all__ = ["ReferenceBackend"]
