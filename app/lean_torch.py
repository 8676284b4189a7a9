"""torch without what a model's answer never uses: more than half of its import's work.

For: the chat process (`app.roles`) and `benchmarks.ours`, before anything imports torch. Whoever
asks for a part that waits gets it, and the whole of torch with it (`app.deferred_imports`). What
registers itself and is never asked stays out: what tensors without memory (`meta`) would need to
compute, docstrings, and torch's own kernels in Triton. A torch of another version than the one
that the list was tried with is imported as it is.
"""

from __future__ import annotations

import sys

from app.deferred_imports import Deferral, Waiting


def _set_up_generators() -> None:
    """The one thing of `torch._prims.rng_prims` that an answer uses; it may be done twice."""
    from torch import _C
    from torch._opaque_base import OpaqueBaseMeta

    _C._set_generator_metaclass(OpaqueBaseMeta)


# Of what torch 2.13 imports, whatever is not asked for anything meanwhile, as far as it costs time.
# What another imports by `from … import` is asked: only a function can stand for itself.
TORCH = Waiting(
    library="torch",
    version="2.13.0",
    names=frozenset(
        {
            "torch._decomp",
            "torch._higher_order_ops",
            "torch._lobpcg",
            "torch._meta_registrations",
            "torch._native",
            "torch._prims",
            "torch._refs",
            "torch._size_docs",
            "torch._storage_docs",
            "torch._subclasses",
            "torch._tensor_docs",
            "torch.ao",
            "torch.compiler",
            "torch.distributed._meta_registrations",
            "torch.distributed.config",
            "torch.distributions",
            "torch.export",
            "torch.func",
            "torch.fx",
            "torch.hub",
            "torch.masked",
            "torch.nested",
            "torch.nn.intrinsic",
            "torch.nn.qat",
            "torch.nn.quantizable",
            "torch.nn.quantized",
            "torch.optim",
            "torch.profiler",
            "torch.quantization",
            "torch.quasirandom",
            "torch.testing",
            "torch.utils.data",
            "torchgen",
            "unittest.mock",  # and asyncio with it
        }
    ),
    # torch's own C++ asks for it with a lock in hand; for nothing else in the list that we use.
    needed=frozenset({"torch.fx.experimental.sym_node"}),
    functions={
        "torch._higher_order_ops": ("cond", "while_loop"),
        "torch._lobpcg": ("lobpcg",),
        "torch.func": ("vmap",),
    },
    complete=_set_up_generators,
)


def defer() -> Deferral:
    """From now on, in this process: to be called once, before torch is imported."""
    deferral = Deferral(TORCH)
    deferral.install()
    return deferral


def in_words() -> str:
    """How torch was imported in this process; empty where nobody asked for less than all."""
    deferral = next((each for each in sys.meta_path if isinstance(each, Deferral)), None)
    if deferral is None:
        return ""
    if deferral.waiting:
        return f"{len(deferral.waiting)} of its parts wait until something asks for one"
    if deferral.is_known:
        return "whole, as something asked for a part that waited"
    return f"imported whole; which parts may wait is known of {TORCH.version} alone"
