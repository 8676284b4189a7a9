"""Compares our quantization of the trained test model with llama.cpp's Q4_K_M of the same weights.

Run by hand where the benchmark environment stands (`make bench` builds it):

    python -m tools.compare_quantizers --out tests/data/quantizers/llama_cpp.json

llama.cpp quantizes a float32 GGUF of the model; both results run in our engine with dequantized
weights, on the same held-out texts. Perplexity alone is too coarse to rank quantizers on few
thousand tokens, so the mean divergence from the unquantized model's own predictions is measured
beside it. The record holds llama.cpp's figures for the test that measures ours again.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from inference.compute import compute_path
from inference.layers.decoder import Decoder, Step
from inference.loading import OpenedModel, open_model
from inference.models.base import ModelSpec
from inference.prepared.mixes import MIXES, chooser
from inference.prepared.quantizing import quantize
from inference.request import Compute
from kernels.schemes.base import PackedTensor

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "tests" / "data" / "tiny-r1"
PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
WINDOW_TOKENS = 512
# Windows of documentation and conversations: all there are, and what a test has time for.
TEXTS = {"whole": (19, 60), "short": (4, 12)}
_PEER_PROGRAM = """
import sys, llama_cpp
settings = llama_cpp.llama_model_quantize_default_params()
settings.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M
source, target = (name.encode() for name in sys.argv[1:3])
if llama_cpp.llama_model_quantize(source, target, settings):
    sys.exit("llama.cpp could not quantize the file")
print(llama_cpp.__version__)
"""


@dataclass(frozen=True)
class Sample:
    """Tokens, and which of them are scored."""

    text: str
    ids: list[int]
    scored: list[bool]


@dataclass(frozen=True)
class Score:
    """On one text: perplexity, mean divergence (KL, nats) from the unquantized model, tokens."""

    perplexity: float
    divergence: float
    tokens: int


@dataclass(frozen=True)
class Said:
    """What a model says to one sample's scored places: log-probabilities float32 [tokens,
    vocab], and the tokens that came."""

    text: str
    logs: Tensor
    targets: Tensor


def samples(windows: int, talks: int) -> Iterator[Sample]:
    """Held-out documentation, the second half of each window scored, and held-out
    conversations, their thoughts and answers scored."""
    from tools.train_test_model import batches, dialogues
    from tools.train_test_model.documents import held_out_text
    from tools.train_test_model.figures import HELD_OUT_SEED

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    ids = tokenizer.encode(held_out_text(), add_special_tokens=False).ids
    half = WINDOW_TOKENS // 2
    for window in range(min(windows, len(ids) // WINDOW_TOKENS)):
        cut = ids[window * WINDOW_TOKENS : (window + 1) * WINDOW_TOKENS]
        yield Sample("documentation", cut, [i >= half for i in range(WINDOW_TOKENS)])
    rng = random.Random(HELD_OUT_SEED)
    for talk in dialogues.samples(HELD_OUT_SEED, talks, held_out=True):
        said = batches.encode(talk, tokenizer, rng)
        yield Sample("dialogues", said.ids, [w >= dialogues.ANSWERING for w in said.weights])


def predictions(
    spec: ModelSpec, tensors: Mapping[str, PackedTensor], texts: list[Sample]
) -> Iterator[Said]:
    """A model's words on each sample, with dequantized weights."""
    decoder = Decoder(spec, tensors, compute_path(Compute.REFERENCE))
    for sample in texts:
        ids = torch.tensor(sample.ids)
        logits = decoder.forward(Step(ids), decoder.new_cache(len(ids)), slice(0, len(ids) - 1))
        scored = torch.tensor(sample.scored[1:])
        yield Said(sample.text, logits[scored].float().log_softmax(-1), ids[1:][scored])


def score(found: list[Said], unquantized: list[Said]) -> Score:
    """Both of the same samples."""
    loss, divergence, tokens = 0.0, 0.0, 0
    for said, full in zip(found, unquantized, strict=True):
        loss -= float(said.logs.double().gather(1, said.targets[:, None]).sum())
        divergence += float((full.logs.exp() * (full.logs - said.logs)).double().sum())
        tokens += len(said.targets)
    return Score(math.exp(loss / tokens), divergence / tokens, tokens)


def scores(found: list[Said], unquantized: list[Said], counts: tuple[int, int]) -> dict[str, Score]:
    """By text, of the first `counts` windows and conversations."""
    result = {}
    for text, count in zip(("documentation", "dialogues"), counts, strict=True):
        pair = ([said for said in all_ if said.text == text] for all_ in (found, unquantized))
        mine, full = (part[:count] for part in pair)
        result[text] = score(mine, full)
    return result


def quantized(opened: OpenedModel, mix_name: str) -> dict[str, PackedTensor]:
    """The model's tensors as our mix has them, by our names."""
    choose = chooser(MIXES[mix_name], opened.spec.tied_head)
    layers = len(opened.spec.layers)

    def packed(name: str, source: PackedTensor) -> PackedTensor:
        layer = int(name.split(".")[1]) if name.startswith("layers.") else None
        return quantize(source.dequantize(), choose(name, source.shape, layer, layers))

    return {name: packed(name, source) for name, source in opened.tensors().items()}


def bits_per_weight(tensors: Mapping[str, PackedTensor]) -> float:
    """Stored bits over values, of all tensors that run."""
    values = sum(math.prod(tensor.shape) for tensor in tensors.values())
    return 8 * sum(tensor.stored_bytes for tensor in tensors.values()) / values


def export_gguf(path: Path, work: Path) -> None:
    """The model's dequantized values as llama.cpp's converter would write them, in float32."""
    from tools.train_test_model import oracle
    from tools.train_test_model.export import unpacked_tensors
    from tools.train_test_model.settings import Sizes

    model = oracle.build(unpacked_tensors(MODEL / "model.safetensors"), Sizes())
    # The tests' own writer: a second author's view, by the names of the `gguf` package.
    import_module("tests.inference.gguf_oracle").save_gguf(model, path, work)


def quantized_by_peer(source: Path, target: Path) -> str:
    """llama.cpp's Q4_K_M of a file; returns the version that made it."""
    done = subprocess.run(
        [PEER_PYTHON, "-c", _PEER_PROGRAM, source, target], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"llama.cpp's quantizer failed: {done.stderr[-500:]}")
    return done.stdout.strip()


def compare() -> dict[str, Any]:
    """Everything: the unquantized model, llama.cpp's file, our mixes."""
    with open_model(MODEL) as opened, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        export_gguf(folder / "f32.gguf", folder)
        version = quantized_by_peer(folder / "f32.gguf", folder / "q4_k_m.gguf")
        with open_model(folder / "q4_k_m.gguf") as peer:
            contenders = {"llama.cpp": (peer.spec, peer.tensors())} | {
                name: (opened.spec, quantized(opened, name)) for name in MIXES
            }
            record = _measured(opened, contenders)
    return {
        "command": "python -m tools.compare_quantizers",
        "made_by": f"llama-cpp-python {version}, Q4_K_M",
        **record,
    }


def _measured(
    opened: OpenedModel, contenders: Mapping[str, tuple[ModelSpec, Mapping[str, PackedTensor]]]
) -> dict[str, Any]:
    texts = list(samples(*TEXTS["whole"]))
    unquantized = list(predictions(opened.spec, opened.tensors(), texts))
    record: dict[str, Any] = {"unquantized": _by_length(unquantized, unquantized)}
    for name, (spec, tensors) in contenders.items():
        found = list(predictions(spec, tensors, texts))
        size = round(bits_per_weight(tensors), 4)
        record[name] = {"bits_per_weight": size, **_by_length(found, unquantized)}
        print(f"{name}: {record[name]}")
    return record


def _by_length(found: list[Said], unquantized: list[Said]) -> dict[str, Any]:
    return {
        length: {
            text: _rounded(value) for text, value in scores(found, unquantized, counts).items()
        }
        for length, counts in TEXTS.items()
    }


def _rounded(score: Score) -> dict[str, float]:
    return {name: round(value, 6) for name, value in asdict(score).items()}


def main() -> None:
    """Measures, prints, and writes the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    if not PEER_PYTHON.exists():
        raise SystemExit("The benchmark environment is not here: `make bench` builds it.")
    record = compare()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
