"""GGUF's numbers for tensor types, and the schemes that read them."""

from __future__ import annotations

from collections.abc import Mapping

from inference.sentence import said

SCHEME_BY_TYPE: Mapping[int, str] = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    6: "Q5_0",
    7: "Q5_1",
    8: "Q8_0",
    10: "Q2_K",
    11: "Q3_K",
    12: "Q4_K",
    13: "Q5_K",
    14: "Q6_K",
    16: "IQ2_XXS",
    17: "IQ2_XS",
    18: "IQ3_XXS",
    19: "IQ1_S",
    20: "IQ4_NL",
    21: "IQ3_S",
    22: "IQ2_S",
    23: "IQ4_XS",
    29: "IQ1_M",
    30: "BF16",
    39: "MXFP4",
}


def _removed(name: str) -> str:
    return said("{name} (removed from the format)", name=name)


# Numbers that the format gives or gave to types which this program does not read.
_OTHER_TYPES: Mapping[int, str] = {
    4: _removed("Q4_2"),
    5: _removed("Q4_3"),
    9: "Q8_1",
    15: "Q8_K",
    24: "I8",
    25: "I16",
    26: "I32",
    27: "I64",
    28: "F64",
    31: _removed("Q4_0_4_4"),
    32: _removed("Q4_0_4_8"),
    33: _removed("Q4_0_8_8"),
    34: "TQ1_0",
    35: "TQ2_0",
    40: "NVFP4",
    41: "Q1_0",
}


def type_name(number: int) -> str:
    """What to call a type that is not read."""
    name = _OTHER_TYPES.get(number)
    return (
        said("type {name}", name=name) if name else said("the unknown type {number}", number=number)
    )
