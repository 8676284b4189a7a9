"""The kernels of csrc/ by name, with their parameters, as the launchers check them.

For: the ops beside this file. What a template fixes is a part of a kernel's name: the format of
its weights and how many rows share one reading of them.
"""

from __future__ import annotations

from functools import cache

from kernels.gpu.launching import Kernel, Kind, Parameter
from kernels.schemes.base import Scheme

# kernels/schemes/panels.py: groups of k that share one scale, in formats whose activations are
# rounded.
GROUPS = {
    **dict.fromkeys(("Q4_K_P16", "Q5_K_P16", "Q4_0_P16", "Q4_1_P16", "Q5_0_P16"), 32),
    **dict.fromkeys(("Q8_0_P16", "MXFP4_P16", "IQ4_NL_P16"), 32),
    **dict.fromkeys(("Q6_K_P16", "S8G16_P16", "A8G16_P16"), 16),
}
FLOATS = ("F32_P16", "F16_P16", "BF16_P16")
# k of a row that a lane reads at once, where activations are not rounded.
CHUNKS = {
    **dict.fromkeys(GROUPS, 8),
    **dict.fromkeys(("Q8_0_P16", "S8G16_P16", "A8G16_P16"), 4),
    **{"F32_P16": 1, "F16_P16": 1, "BF16_P16": 2},
}
# Formats of (gate and up, down) whose experts have a launch of their own (csrc/experts_fused.cu).
FUSED = frozenset(
    {
        *(("Q4_K_P16", f"{down}_P16") for down in ("Q4_K", "Q5_K", "Q6_K", "Q5_0", "Q8_0")),
        *(("Q5_K_P16", f"{down}_P16") for down in ("Q5_K", "Q6_K")),
        *(("Q6_K_P16", f"{down}_P16") for down in ("Q6_K", "Q8_0")),
        *((f"{both}_P16", f"{both}_P16") for both in ("Q8_0", "Q4_0", "MXFP4", "IQ4_NL")),
    }
)
FEW_PAIRS = 128  # csrc/pairs.h
MOST_EXPERTS = 1024  # csrc/experts.cu
ROWS = 16  # of a panel
TILE_TOKENS, TILE_WARPS = 64, 4  # csrc/many.cu

_WEIGHT = "panels:*u8 panel_bytes:i64 out_features:i32"
_ROUNDED = "codes:*i8 dx:*fp32 sums:*i32 rows:i32 k:i32 block:i32 parts:i32"
_RESULT = "bias:*fp32 has_bias:i32 out:*fp32 out_stride:i64"
_TABLE = "tables:*i64 panel_bytes:i64 out_features:i32 divide:i32"
_LISTS = "expert:*i32 count:*i32 pairs:*i32 lists:*i32"
_HEADS = "panels:*u8 head_bytes:i64 tables:*i64 has_tables:i32 panel_bytes:i64"
_X = "x:*fp32 x_stride:i64 x_head:i64 rows:i32"


def parameters(text: str) -> tuple[Parameter, ...]:
    """Of words `name:kind`, in order."""
    pairs = (word.split(":") for word in text.split())
    return tuple(Parameter(name, Kind(kind)) for name, kind in pairs)


def own_name(scheme: Scheme) -> str:
    """A scheme as kernels' names have it."""
    return scheme.name.lower()


QUANTIZE = Kernel(
    "pk_quantize",
    parameters(
        "x:*fp32 x_stride:i64 rows:i32 k:i32 block:i32 parts:i32 codes:*i8 dx:*fp32 sums:*i32"
    ),
)
SILU_MUL = Kernel(
    "pk_silu_mul",
    parameters(
        "gate:*fp32 gate_stride:i64 up:*fp32 up_stride:i64 width:i32 out:*fp32 out_stride:i64"
    ),
)
LIST_PAIRS = Kernel(
    "pk_list_pairs",
    parameters(
        "chosen:*i64 pairs:i32 experts:i32 most:i32 expert:*i32 count:*i32 listed:*i32 lists:*i32"
    ),
)
WEIGHTED_SUM = Kernel(
    "pk_weighted_sum",
    parameters("parts:*fp32 weights:*fp32 top_k:i32 width:i32 out:*fp32 out_stride:i64"),
)


@cache
def linear_few(name: str, rows: int) -> Kernel:
    """Up to 8 rows that share one reading of a quantized matrix."""
    own = next(most for most in (1, 4, 8) if rows <= most)
    return Kernel(f"pk_linear_{name}_r{own}", parameters(f"{_WEIGHT} {_ROUNDED} {_RESULT}"))


@cache
def linear_many(name: str) -> Kernel:
    """Any number of rows, on tensor cores."""
    return Kernel(f"pk_linear_many_{name}", parameters(f"{_WEIGHT} {_ROUNDED} {_RESULT}"))


@cache
def exact(name: str, rows: int) -> Kernel:
    """Activations as they are, 1 or 4 rows at once; a matrix for each head."""
    words = f"{_HEADS} out_features:i32 k:i32 {_X} {_RESULT} out_head:i64"
    return Kernel(f"pk_exact_{name}_r{rows_at_once(rows)}", parameters(words))


@cache
def across(name: str, rows: int) -> Kernel:
    """The same with each head's matrix [in, out] read the other way round."""
    words = f"{_HEADS} in_features:i32 columns:i32 {_X} out:*fp32 out_stride:i64 out_head:i64"
    return Kernel(f"pk_across_{name}_r{rows_at_once(rows)}", parameters(words))


def rows_at_once(rows: int) -> int:
    """Of `exact` and `across`."""
    return 1 if rows == 1 else 4


@cache
def embedding(name: str) -> Kernel:
    """Rows of a table."""
    words = "panels:*u8 panel_bytes:i64 columns:i32 token_ids:*i64 out:*fp32 out_stride:i64"
    return Kernel(f"pk_embedding_{name}", parameters(words))


@cache
def expert_product(name: str, many: bool) -> Kernel:
    """One matrix of each expert with the pairs that are listed for it."""
    form = "pk_expert_many" if many else "pk_expert"
    return Kernel(f"{form}_{name}", parameters(f"{_TABLE} {_LISTS} {_ROUNDED} out:*fp32"))


@cache
def float_expert_product(name: str) -> Kernel:
    """The same for float weights."""
    words = f"{_TABLE} {_LISTS} x:*fp32 x_stride:i64 k:i32 out:*fp32"
    return Kernel(f"pk_expert_{name}", parameters(words))


@cache
def fused_experts(gate: str, down: str, rows: int) -> Kernel:
    """All of a layer's experts in one launch."""
    words = (
        "x:*fp32 x_stride:i64 rows:i32 top_k:i32 hidden:i32 width:i32 chosen:*i64 weights:*fp32 "
        "gates:*i64 ups:*i64 downs:*i64 gate_bytes:i64 down_bytes:i64 x_block:i32 h_block:i32 "
        "parts:i32 x_codes:*i8 x_dx:*fp32 x_sums:*i32 h_codes:*i8 h_dx:*fp32 h_sums:*i32 h:*fp32 "
        "products:*fp32 out:*fp32 out_stride:i64 meeting:*i32"
    )
    suffix = "one" if rows == 1 else "few"
    return Kernel(f"pk_experts_{gate}_{down}_{suffix}", parameters(words))
