"""Quantization schemes: one file each (the plain floats share one), and their table."""

from __future__ import annotations

from collections.abc import Mapping

from kernels.schemes.base import BlockScheme, Scheme
from kernels.schemes.floats import BF16, F16, F32
from kernels.schemes.fp8_e4m3_128 import FP8_E4M3_128
from kernels.schemes.iq1_m import IQ1_M
from kernels.schemes.iq1_s import IQ1_S
from kernels.schemes.iq2_s import IQ2_S
from kernels.schemes.iq2_xs import IQ2_XS
from kernels.schemes.iq2_xxs import IQ2_XXS
from kernels.schemes.iq3_s import IQ3_S
from kernels.schemes.iq3_xxs import IQ3_XXS
from kernels.schemes.iq4_nl import IQ4_NL
from kernels.schemes.iq4_xs import IQ4_XS
from kernels.schemes.mxfp4 import MXFP4
from kernels.schemes.q2_k import Q2_K
from kernels.schemes.q3_k import Q3_K
from kernels.schemes.q4_0 import Q4_0
from kernels.schemes.q4_1 import Q4_1
from kernels.schemes.q4_k import Q4_K
from kernels.schemes.q5_0 import Q5_0
from kernels.schemes.q5_1 import Q5_1
from kernels.schemes.q5_k import Q5_K
from kernels.schemes.q6_k import Q6_K
from kernels.schemes.q8_0 import Q8_0

_BLOCKS: tuple[BlockScheme, ...] = (
    *(F32, F16, BF16),
    *(Q4_0(), Q4_1(), Q5_0(), Q5_1(), Q8_0(), MXFP4()),
    *(Q2_K(), Q3_K(), Q4_K(), Q5_K(), Q6_K()),
    *(IQ1_S(), IQ1_M(), IQ2_XXS(), IQ2_XS(), IQ2_S(), IQ3_XXS(), IQ3_S(), IQ4_NL(), IQ4_XS()),
)

# Those whose tensors are one buffer of blocks, as every GGUF type is.
BLOCK_SCHEMES: Mapping[str, BlockScheme] = {scheme.name: scheme for scheme in _BLOCKS}
SCHEMES: Mapping[str, Scheme] = {**BLOCK_SCHEMES, FP8_E4M3_128.name: FP8_E4M3_128}
