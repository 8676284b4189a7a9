"""A whole forward with every op on the kernels for NVIDIA cards, run on the processor: Triton's in
its interpreter, CUDA's through the shim. Nobody else may compute anything, and the logits are the
reference's."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from inference.compute import NOT_ASKED_FOR, ComputePath, compute_path
from inference.layers.decoder import Decoder, Step
from inference.layers.mla import absorbs
from inference.loading import open_model
from inference.prepared.preparing import prepare, quantizing_by
from inference.request import Compute
from kernels.cuda.backend import CudaBackend
from kernels.cuda.shim.launcher import ShimLauncher
from kernels.hardware import probe
from kernels.registry import Registry
from kernels.triton.backend import TritonBackend
from kernels.triton.interpreter import InterpreterLauncher
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import YARN, Case, make_oracle, some_tokens

# A dense layer and a mixture; queries in two steps; groups of experts, a bias on their scores and
# a shared expert; scaled rotary positions.
EVERY_BRANCH = Case(
    "deepseek_v3",
    {
        "num_hidden_layers": 2,
        "first_k_dense_replace": 1,
        "hidden_size": 64,
        "intermediate_size": 96,
        "moe_intermediate_size": 64,
        "q_lora_rank": 32,
        "n_group": 4,
        "topk_group": 2,
        "rope_scaling": {**YARN, "mscale": 1, "mscale_all_dim": 1},
    },
)
PROMPT, LATER, ONE_BY_ONE = 11, 9, 1


def path_over(backend):
    """Where any other backend would have to be asked, loading fails."""
    registry = Registry([backend], probe())
    return ComputePath(Compute.FAST, torch.float32, 1, registry, NOT_ASKED_FOR)


def logits(decoder, ids):
    """A prompt of more rows than decode has, a later one that is attended to in the latent space,
    then tokens one by one."""
    assert absorbs(decoder.spec.layers[0].attention, LATER, PROMPT + LATER)
    cache = decoder.new_cache(len(ids))
    read = PROMPT + LATER
    steps = [ids[:PROMPT], ids[PROMPT:read], *([token] for token in ids[read:])]
    found = [decoder.forward(Step(torch.tensor(step)), cache, slice(None)) for step in steps]
    return torch.cat(found)


@pytest.fixture(scope="module")
def every_branch(tmp_path_factory):
    """The prepared model, open."""
    folder = tmp_path_factory.mktemp("every-branch")
    source = save_gguf(make_oracle(EVERY_BRANCH), folder / "m.gguf", folder, "Q8_0")
    with open_model(prepare(source, folder / "prepared")) as opened:
        yield opened


@pytest.mark.skipif(find_spec("triton") is None, reason="triton is not installed")
def test_a_deepseek_with_every_branch_runs_on_tritons_kernels_alone(every_branch):
    ids = some_tokens(EVERY_BRANCH, PROMPT + LATER + ONE_BY_ONE)
    tensors = every_branch.tensors()
    reference = Decoder(every_branch.spec, tensors, compute_path(Compute.REFERENCE, 1))
    triton = Decoder(every_branch.spec, tensors, path_over(TritonBackend(InterpreterLauncher())))
    got, want = logits(triton, ids), logits(reference, ids)
    assert (got - want).abs().max() <= 1e-2 * want.abs().max()


TRAINED = Path(__file__).parents[1] / "data" / "tiny-r1"
TEXT = "<think>\nThe capital of France is Paris. The list type has a method sort().\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mix", "precise"), [("q4", True), ("q8", False)], ids=["14-bits", "8-bits"]
)
def test_the_trained_model_runs_on_the_shim_alone(tmp_path, mix, precise):
    """Dense and routed layers, latent attention both ways; 14 bits of activations, then 8."""
    with open_model(prepare(TRAINED, tmp_path / "m", quantizing_by(mix))) as opened:
        ids = opened.tokenizer().encode_raw(TEXT)[: PROMPT + LATER + ONE_BY_ONE]
        tensors = opened.tensors()
        reference = Decoder(opened.spec, tensors, compute_path(Compute.REFERENCE, 1))
        backend = CudaBackend(ShimLauncher(), precise=precise)
        got = logits(Decoder(opened.spec, tensors, path_over(backend)), ids)
        want = logits(reference, ids)
    assert (got - want).abs().max() <= (1e-2 if precise else 5e-2) * want.abs().max()
    assert torch.equal(got.argmax(-1), want.argmax(-1))
