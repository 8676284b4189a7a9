"""The C structs that ops take, declared again for ctypes (`csrc/core/args.h`, `matrix.h`).

For: `plan`. The native side checks each struct's size, so that a build of another version
refuses instead of reading nonsense. Pointers are plain addresses: `plan` keeps what they
point to alive.
"""

from __future__ import annotations

from ctypes import Structure, c_float, c_int32, c_int64, c_void_p

MAX_PARTS = 8


class Matrix(Structure):
    """A packed matrix [out, in]: panels of 16 rows, `panel_stride` bytes apart."""

    _fields_ = [
        ("panels", c_void_p),
        ("panel_stride", c_int64),
        ("out", c_int32),
        ("columns", c_int32),
        ("format", c_int32),
        ("padding", c_int32),
    ]


class LinearPart(Structure):
    """One product of an input."""

    _fields_ = [
        ("weight", Matrix),
        ("out", c_void_p),
        ("bias", c_void_p),
        ("residual", c_void_p),
        ("out_stride", c_int64),
        ("residual_stride", c_int64),
    ]


class LinearArgs(Structure):
    """Several products of one input."""

    _fields_ = [
        ("x", c_void_p),
        ("x_float", c_void_p),
        ("x_stride", c_int64),
        ("count", c_int32),
        ("wanted_only", c_int32),
        ("parts", LinearPart * MAX_PARTS),
    ]


class EmbeddingArgs(Structure):
    """Rows of a packed table."""

    _fields_ = [("table", Matrix), ("out", c_void_p), ("out_stride", c_int64)]


class NormArgs(Structure):
    """RMSNorm, quantization, or both."""

    _fields_ = [
        ("x", c_void_p),
        ("weight", c_void_p),
        ("y", c_void_p),
        ("q", c_void_p),
        ("x_stride", c_int64),
        ("y_stride", c_int64),
        ("width", c_int32),
        ("eps", c_float),
        ("wanted_only", c_int32),
        ("padding", c_int32),
    ]


class RouterArgs(Structure):
    """Choosing experts."""

    _fields_ = [
        ("logits", c_void_p),
        ("bias", c_void_p),
        ("chosen", c_void_p),
        ("weights", c_void_p),
        ("logits_stride", c_int64),
        ("num_experts", c_int32),
        ("top_k", c_int32),
        ("num_groups", c_int32),
        ("top_groups", c_int32),
        ("sigmoid", c_int32),
        ("sum_two", c_int32),
        ("normalise", c_int32),
        ("scaling_factor", c_float),
    ]


class ExpertWeights(Structure):
    """One expert's three matrices."""

    _fields_ = [("gate", Matrix), ("up", Matrix), ("down", Matrix)]


class ExpertsArgs(Structure):
    """A mixture of experts, or a dense feed-forward as one expert that every row uses."""

    _fields_ = [
        ("x", c_void_p),
        ("experts", c_void_p),
        ("always", c_void_p),
        ("chosen", c_void_p),
        ("weights", c_void_p),
        ("residual", c_void_p),
        ("out", c_void_p),
        ("residual_stride", c_int64),
        ("out_stride", c_int64),
        ("num_experts", c_int32),
        ("num_always", c_int32),
        ("top_k", c_int32),
        ("hidden", c_int32),
        ("width", c_int32),
        ("always_width", c_int32),
        ("parts", c_int32),
        ("padding", c_int32),
        ("x_float", c_void_p),
        ("x_float_stride", c_int64),
        ("work", c_void_p),
    ]
