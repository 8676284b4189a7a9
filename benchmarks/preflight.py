"""How near preflight's predictions come: predicted beside measured, a table to read.

For: `python -m benchmarks.preflight [--rounds 5] [CASE…]`. In every round the machine's speed is
tested as the program does it, and each model is then timed as `main.py bench` does: prefill of
512 tokens and decode behind an empty context. Cases: the starter and the generated shapes
(`benchmarks.models`), a file or a prepared folder, and made-up weights of the catalogue's models
(`3:q4`: number and mix) or of shapes that no file has (`third`).
"""

from __future__ import annotations

import argparse
import json
import statistics
from dataclasses import dataclass
from pathlib import Path

from app.cli.services import decoder_of
from app.library.catalogue import entry
from benchmarks.models import PREPARED, STARTER, our_path
from inference.checkpoint.config_json import JsonConfig
from inference.decoders import AnyDecoder
from inference.loading import open_model
from inference.machine import KernelSpeed, measure_machine_speed
from inference.measure.made_up import made_up_decoder
from inference.measure.prediction import Prediction, predict
from inference.measure.speed import SpeedPlan, measure_speed
from inference.models.base import ModelSpec
from inference.prepared.automatic import ready
from inference.prepared.foreseen import foreseen_recipe, foreseen_spec
from inference.prepared.opening import prepared_checkpoint
from inference.prepared.recipe import Recipe
from inference.request import Compute

_GENERATED = (STARTER, "v2lite12", "v3mini")
# A narrow mixture with groups of experts and many heads, as no published model has it.
_THIRD = {
    "hidden_size": 1536, "num_hidden_layers": 10, "num_attention_heads": 24,
    "num_key_value_heads": 24, "intermediate_size": 6144, "moe_intermediate_size": 768,
    "n_routed_experts": 96, "n_group": 4, "topk_group": 2, "num_experts_per_tok": 6,
    "q_lora_rank": 768, "vocab_size": 65536, "first_k_dense_replace": 2,
    "quantization_config": None,
}  # fmt: skip
_THIRD_OF = 12  # DeepSeek-R1's number
DEFAULT_CASES = (*_GENERATED, "third", "2:q4")
_PREFILL, _DECODE = 512, 48


@dataclass(frozen=True)
class Subject:
    """A model to predict and to time."""

    name: str
    spec: ModelSpec
    recipe: Recipe
    decoder: AnyDecoder


@dataclass(frozen=True)
class Pair:
    """Of one round, tokens a second."""

    predicted: Prediction
    decode_tokens_per_s: float
    prefill_tokens_per_s: float

    @property
    def decode_ratio(self) -> float:
        """Predicted over measured."""
        return self.predicted.decode_tokens_per_s / self.decode_tokens_per_s

    @property
    def prefill_ratio(self) -> float:
        """Predicted over measured."""
        return self.predicted.prefill_tokens_per_s / self.prefill_tokens_per_s


def subject(case: str, threads: int) -> Subject:
    """The model of a case, loaded."""
    number, _, mix = case.partition(":")
    if case == "third" or mix:
        values = json.loads(entry(int(number) if mix else _THIRD_OF).config_file.read_text())
        config = JsonConfig(case, values if mix else {**values, **_THIRD})
        spec = foreseen_spec(config)
        recipe = foreseen_recipe(spec, mix or "q8")
        return Subject(case, spec, recipe, made_up_decoder(spec, recipe, threads))
    path = our_path(case) if case in _GENERATED else Path(case)
    opened = open_model(ready(path, Compute.FAST, PREPARED).path)
    decoder = decoder_of(opened, Compute.FAST, threads)
    return Subject(path.name, opened.spec, prepared_checkpoint(opened).recipe, decoder)


def pair(found: Subject, speed: KernelSpeed) -> Pair:
    """One round of one model."""
    timed = measure_speed(found.decoder, SpeedPlan(_PREFILL, _DECODE, 0, 1))
    assert timed.decode_tokens_per_s is not None
    assert timed.prefill_tokens_per_s is not None
    return Pair(
        predict(found.spec, found.recipe, speed, _PREFILL),
        timed.decode_tokens_per_s.median,
        timed.prefill_tokens_per_s.median,
    )


def table(name: str, pairs: list[Pair]) -> str:
    """A row: medians, and the ratios of pairs with their extremes."""
    cells = [name]
    for kind in ("decode", "prefill"):
        predicted = [getattr(one.predicted, f"{kind}_tokens_per_s") for one in pairs]
        measured = [getattr(one, f"{kind}_tokens_per_s") for one in pairs]
        ratios = [getattr(one, f"{kind}_ratio") for one in pairs]
        cells += [f"{statistics.median(predicted):,.3g}", f"{statistics.median(measured):,.3g}"]
        cells.append(f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Prints the table, a case at a time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", default=DEFAULT_CASES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    print("| case | decode predicted | measured | ratio | prefill predicted | measured | ratio |")
    print("|---|---|---|---|---|---|---|")
    for case in arguments.cases:
        found = subject(case, arguments.threads)
        pairs = [
            pair(found, measure_machine_speed(arguments.threads)) for _ in range(arguments.rounds)
        ]
        print(table(found.name, pairs), flush=True)


if __name__ == "__main__":
    main()
