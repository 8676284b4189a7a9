"""Mixes: which scheme each tensor of an unquantized model is quantized to. Data, not code.

For: `preparing` (`scheme_for` is what its recipe asks) and people who choose one by name. A
mix is a table of patterns over our tensor names, the first that fits decides. Not here: the
quantizing itself, and files that are quantized already: they keep their own schemes.

Where the bits go was measured on the trained test model (tools/compare_quantizers.py), as the
divergence from the full-precision model that a bit per weight takes away: most in the latents'
projection (kv_a), the head, attention's output and the dense layers; next to nothing in the
experts, which are nearly all of a mixture's bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from kernels.schemes import BLOCK_SCHEMES


class Layers(Enum):
    """Which layers a rule is for."""

    ALL = "all"
    FIRST = "first"  # the first eighth, at least one: dense in a mixture, and read by all others
    WORTHY = "worthy"  # the first and the last eighth, and every third between


@dataclass(frozen=True)
class Rule:
    """Tensors whose name, without `layers.N.`, fits `pattern`, in some layers → a scheme."""

    pattern: str
    scheme: str
    layers: Layers = Layers.ALL


@dataclass(frozen=True)
class Mix:
    """Rules in order, the first that fits decides; the last fits everything."""

    name: str
    about: str
    rules: tuple[Rule, ...]


# A router's product has to be exact, or other experts are chosen.
_EXACT = (Rule("router.*", "F32"),)
# Where a scheme needs longer rows than a tensor has: the next that is no worse.
_SHORTER_ROWS = {"Q4_K": "Q5_0", "Q5_K": "Q5_0", "Q6_K": "Q8_0"}
_LAST_RESORT = "BF16"

MIXES: Mapping[str, Mix] = {
    mix.name: mix
    for mix in (
        Mix(
            "q4",
            "about 5 bits a weight: 4 for nearly all, 6 where it matters",
            (
                *_EXACT,
                Rule("head", "Q6_K"),
                Rule("embedding", "Q5_K"),
                Rule("experts.*", "Q4_K"),
                Rule("kv_a.*", "Q6_K"),
                Rule("q_a.*", "Q6_K"),
                Rule("kv_b.*", "Q5_K"),
                Rule("k_b.*", "Q5_K"),
                Rule("v_b.*", "Q5_K"),
                Rule("o.*", "Q6_K"),
                Rule("v.*", "Q6_K"),
                Rule("shared.down.*", "Q6_K"),
                Rule("mlp.down.*", "Q6_K", Layers.WORTHY),
                Rule("mlp.*", "Q6_K", Layers.FIRST),
                Rule("*", "Q4_K"),
            ),
        ),
        Mix(
            "q6",
            "about 6.6 bits a weight",
            (*_EXACT, Rule("head", "Q8_0"), Rule("kv_a.*", "Q8_0"), Rule("*", "Q6_K")),
        ),
        Mix("q8", "8.5 bits a weight: hardly to be told from full precision",
            (*_EXACT, Rule("*", "Q8_0"))),
    )
}  # fmt: skip
DEFAULT_MIX = MIXES["q4"]

# (our name, shape, layer or None, layers of the model) → the scheme, as `recipe` wants it.
Chooser = Callable[[str, tuple[int, ...], int | None, int], str]


def chooser(mix: Mix, tied_head: bool = False) -> Chooser:
    """`scheme_for` with a mix; where the head is tied, the embedding gets what a head gets."""

    def choose(name: str, shape: tuple[int, ...], layer: int | None, num_layers: int) -> str:
        meant = "head" if tied_head and name == "embedding" else name
        return scheme_for(mix, meant, shape, layer, num_layers)

    return choose


def scheme_for(
    mix: Mix, tensor_name: str, shape: tuple[int, ...], layer: int | None, num_layers: int
) -> str:
    """The scheme for a tensor by our name (`layers.3.experts.17.down`), with its shape.

    `layer` is None for what belongs to none. Vectors stay F32. Rows that no block divides get
    a scheme of smaller blocks, at last BF16.
    """
    if len(shape) < 2:
        return "F32"
    name = tensor_name
    if layer is not None:
        name = name.removeprefix(f"layers.{layer}.")
    for rule in mix.rules:
        if fnmatchcase(name, rule.pattern) and _is_meant(rule.layers, layer, num_layers):
            return _fitting(rule.scheme, shape[-1])
    raise LookupError(f"the mix {mix.name} has no rule for {tensor_name}")


def _is_meant(layers: Layers, layer: int | None, num_layers: int) -> bool:
    if layers is Layers.ALL or layer is None:
        return layers is Layers.ALL
    eighth = max(1, num_layers // 8)
    if layer < eighth:
        return True
    inner = layer - eighth
    return layers is Layers.WORTHY and (layer >= num_layers - eighth or inner % 3 == 2)


def _fitting(scheme: str, columns: int) -> str:
    while columns % BLOCK_SCHEMES[scheme].block_elements:
        scheme = _SHORTER_ROWS.get(scheme, _LAST_RESORT)
    return scheme
