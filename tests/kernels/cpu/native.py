"""What tests of the native kernels share: builds, random panels, activations as kernels round."""

from functools import cache

import numpy as np
import torch

from kernels.cpu.backend import CpuBackend
from kernels.cpu.formats import is_float
from kernels.cpu.library import levels, load
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.panels import PANEL_SCHEMES, panel_scheme_for
from tests.kernels.schemes.test_panels import packed_source

# Every build that this machine can run.
LEVELS = [level.name for level in levels(load()) if not level.missing]
# Panels are made from the scheme of a file; carriers from one of theirs.
SOURCES = {name: scheme.sources[0] for name, scheme in PANEL_SCHEMES.items()}
FLOATS = [name for name in SOURCES if is_float(name)]
QUANTIZED = [name for name in SOURCES if not is_float(name)]


@cache
def backend(level, precise=False, threads=2):
    """One for all tests: a pool of threads each."""
    return CpuBackend(level, threads, precise=precise, row_ops=True)


@cache
def random_panels(name, rows, columns, seed=0):
    """A matrix of random codes under scales that keep values finite; the same at each call."""
    source = SOURCES[name]
    blocks = columns // BLOCK_SCHEMES[source].block_elements
    packed = packed_source(source, rows, blocks, seed)
    if source == "MXFP4":  # exponents within what a product of float32 can hold
        raw = packed.buffers["blocks"].view(rows, blocks, -1)
        raw[..., 0] = torch.from_numpy(
            np.random.default_rng(seed).integers(118, 128, raw.shape[:2])
        )
    return panel_scheme_for(source).pack_from(packed)


def copied(packed):
    """The same values in memory of their own, to be damaged."""
    buffers = {name: buffer.clone() for name, buffer in packed.buffers.items()}
    return PackedTensor(packed.scheme, buffers, packed.shape)


def rounded(x, precise):
    """x [..., columns] as the kernels keep it: whole numbers with a scale a block, where a block
    is the largest of 256, 128, 64, 32 and 16 that divides a row."""
    block = next(size for size in (256, 128, 64, 32, 16) if x.shape[-1] % size == 0)
    most = 127.0 * 128 if precise else 127.0
    blocks = x.unflatten(-1, (-1, block))
    largest = blocks.abs().amax(-1, keepdim=True)
    codes = torch.where(largest > 0, (blocks * (most / largest)).round(), 0)
    return (codes * (largest / most)).flatten(-2)
