"""The panel schemes by name, and which one a file's scheme becomes.

For: prepared models and the backends that read them. F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q8_0,
MXFP4, IQ4_NL, Q4_K, Q5_K and Q6_K have panels of their own; the others are carried. FP8 tiles
have none: such models are quantized when they are prepared.
"""

from __future__ import annotations

from collections.abc import Mapping

from kernels.schemes.panel_base import LAYOUT_VERSION, PanelScheme
from kernels.schemes.panel_carriers import A8G16_P16, S8G16_P16
from kernels.schemes.panel_floats import BF16_P16, F16_P16, F32_P16
from kernels.schemes.panel_k import Q4_K_P16, Q5_K_P16, Q6_K_P16
from kernels.schemes.panel_lanes import ROWS
from kernels.schemes.panel_legacy import (
    IQ4_NL_P16,
    MXFP4_P16,
    Q4_0_P16,
    Q4_1_P16,
    Q5_0_P16,
    Q8_0_P16,
)

__all__ = ["LAYOUT_VERSION", "PANEL_SCHEMES", "ROWS", "PanelScheme", "panel_scheme_for"]

_ALL: tuple[PanelScheme, ...] = (
    *(F32_P16, F16_P16, BF16_P16),
    *(Q4_0_P16(), Q4_1_P16(), Q5_0_P16(), Q8_0_P16(), MXFP4_P16(), IQ4_NL_P16()),
    *(Q4_K_P16(), Q5_K_P16(), Q6_K_P16()),
    *(S8G16_P16(), A8G16_P16()),
)
PANEL_SCHEMES: Mapping[str, PanelScheme] = {scheme.name: scheme for scheme in _ALL}
_BY_SOURCE: Mapping[str, PanelScheme] = {
    source: scheme for scheme in _ALL for source in scheme.sources
}


def panel_scheme_for(source_name: str) -> PanelScheme | None:
    """The panels that hold a source scheme's values exactly; None where there are none."""
    return _BY_SOURCE.get(source_name)
