"""A machine's speed as it might have been measured, for tests of what follows from it."""

from kernels.cpu.speed import MEASURED_SCHEMES, KernelSpeed, SchemeSpeed


def machine(gigabytes_per_s=20.0, gops=400.0):
    """One that reads so fast and multiplies so fast, whatever the scheme."""
    one = SchemeSpeed(gigabytes_per_s * 1e9, gops * 1e9, gigabytes_per_s * 0.8e9, gops * 0.5e9)
    return KernelSpeed(
        level="avx2",
        threads=2,
        read_bytes_per_s=gigabytes_per_s * 1e9,
        grouped_ops_per_s=gops * 0.1e9,
        latent_ops_per_s=gops * 0.2e9,
        phase_s=1e-6,
        value_s=1e-9,
        schemes=dict.fromkeys(MEASURED_SCHEMES, one),
    )
