"""`logits`, `perplexity`, `popularity` and `bench`: numbers about a model."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from app.airlock.report import LockReport
from app.cli.failure import CommandError
from app.cli.machine import choice_facts, op_lines, why_build
from app.cli.services import decoder_of, model_to_measure, read_text
from app.cli.terminal import note, show, show_json


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """One of them; raises InferenceError, NoSuchModelError, CommandError, OSError."""
    commands = {
        "logits": _logits,
        "perplexity": _perplexity,
        "popularity": _popularity,
        "bench": _bench,
    }
    return commands[arguments.command](arguments)


def _logits(arguments: argparse.Namespace) -> int:
    from inference.measure.logits import logits_of, save_logits

    with model_to_measure(arguments.model, arguments.compute) as opened:
        decoder = decoder_of(opened, arguments.compute, arguments.threads)
        logits = logits_of(decoder, arguments.token_ids)
        save_logits(logits, Path(arguments.out))
    show(f"{arguments.out}: logits {list(logits.shape)}")
    return 0


def _perplexity(arguments: argparse.Namespace) -> int:
    from inference.measure.perplexity import perplexity

    text = read_text(arguments.file)
    with model_to_measure(arguments.model, arguments.compute) as opened:
        tokenizer = opened.tokenizer()
        bos = [tokenizer.bos_id] if tokenizer.adds_bos and tokenizer.bos_id is not None else []
        token_ids = bos + tokenizer.encode_typed(text)
        decoder = decoder_of(opened, arguments.compute, arguments.threads)
        found = perplexity(
            decoder,
            token_ids,
            bos[0] if bos else None,
            arguments.context,
            lambda done, total: note(f"window {done} of {total}") if not arguments.json else None,
        )
    if arguments.json:
        show_json(asdict(found))
    else:
        show(f"perplexity {found.perplexity:.4f} over {found.tokens_scored:,} tokens")
    return 0


def _popularity(arguments: argparse.Namespace) -> int:
    from inference.compute import compute_path
    from inference.gpu.popularity import keep, to_json
    from inference.loading import PREPARED
    from inference.measure.popularity import count_experts

    text = read_text(arguments.file)
    with model_to_measure(arguments.model, arguments.compute) as opened:
        folder = opened.checkpoint.path
        if arguments.out is None and opened.checkpoint.format != PREPARED:
            raise CommandError("This model is not prepared: say with --out where to write.")
        token_ids = opened.tokenizer().encode_typed(text)
        path = compute_path(arguments.compute, arguments.threads)
        counts = count_experts(
            opened.spec,
            opened.tensors(),
            path,
            token_ids,
            arguments.context,
            lambda done, total: note(f"window {done} of {total}"),
        )
    if arguments.out is None:
        written = str(keep(folder, counts))
    else:
        written = arguments.out
        Path(written).expanduser().write_text(to_json(counts), "utf-8")
    show(f"{written}: what {len(token_ids):,} tokens wanted of {sum(map(len, counts)):,} experts")
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from inference.measure.speed import SpeedPlan, measure_speed
    from inference.memory import peak_rss_bytes

    plan = SpeedPlan(arguments.prefill, arguments.decode, arguments.depth, arguments.repeat)
    started_s = time.perf_counter()
    with model_to_measure(arguments.model, arguments.compute) as opened:
        decoder = decoder_of(opened, arguments.compute, arguments.threads)
        load_s = time.perf_counter() - started_s
        speed = measure_speed(decoder, plan)
        cache_bytes_per_token = decoder.new_cache(1).bytes_per_token
        refused, native = opened.native_refusal(decoder.path), decoder.path.native
    why = refused or f"all ops in one plan; {why_build(native)}"
    choices = decoder.path.registry.choices() if refused else ()
    result = {
        **asdict(speed),
        "peak_rss_bytes": peak_rss_bytes(),
        "load_seconds": load_s,
        "cache_bytes_per_token": cache_bytes_per_token,
        "threads": decoder.path.threads,
        "compute": decoder.path.compute.value,
        "kernels": decoder.kernels,
        "why": str(why),
        "ops": [choice_facts(choice) for choice in choices],
    }
    if arguments.json:
        show_json(result)
        return 0
    for name in ("prefill_tokens_per_s", "decode_tokens_per_s"):
        rates = result[name]
        if isinstance(rates, dict):
            show(
                f"{name.split('_')[0]:8} {rates['median']:8.1f} tokens/s "
                f"({rates['min']:.1f} to {rates['max']:.1f})"
            )
    show(f"kernels  {decoder.kernels}, {decoder.path.threads} threads")
    for line in (str(why), *op_lines(choices)):
        show(f"{'':8} {line}")
    show(f"memory   {peak_rss_bytes() / 1e6:8.0f} MB, cache {cache_bytes_per_token:,} B/token")
    return 0
