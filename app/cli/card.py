"""`models card`: what of a model would go to an NVIDIA card, and how fast that would be."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.cli.catalogue import asked, measured_speed
from app.cli.failure import CommandError
from app.cli.stopping import LEFT_BY_CTRL_C
from app.cli.terminal import note, show, show_json
from app.library.catalogue import CatalogueError
from app.library.mixes import Mix
from app.library.preflight import DEFAULT_CONTEXT_TOKENS, Needs
from inference.gpu import CARDS, Card
from inference.gpu.placement import CardPlan, Home, place
from inference.gpu.popularity import Popularity, even, from_json
from inference.gpu.roofline import PaperSpeed, Term, predict
from inference.gpu.sizes import ModelSizes, sizes_of
from inference.gpu.speeds import host_speed
from inference.machine import SpeedTestCancelledError, memory_bytes
from inference.placement import Machine, work_bytes

_GB = 1e9


def run(arguments: argparse.Namespace) -> int:
    """0 where it runs with every card that was asked about; raises CommandError, InferenceError,
    OSError."""
    cards = [_card(name) for name in arguments.card or CARDS]
    try:
        title, needs = asked(arguments.entry, Mix(arguments.mix or Mix.Q4))
        measured = measured_speed(anew=arguments.measure)
    except CatalogueError as error:
        raise CommandError(str(error)) from None
    except SpeedTestCancelledError:
        return LEFT_BY_CTRL_C
    sizes = sizes_of(needs.spec, needs.recipe)
    popularity = _popularity(arguments.popularity, sizes)
    context = min(arguments.context or DEFAULT_CONTEXT_TOKENS, needs.spec.context_tokens)
    machine = Machine(round((arguments.memory_gb or memory_bytes() / _GB) * _GB))
    if not arguments.json:
        note("On paper: nothing of this was measured on a card.")
        show(f"{title}, {context:,} tokens of context")
    runs = True
    for card in cards:
        plan = place(sizes, card, machine, context, _work(needs, context), popularity)
        speed = None
        if plan.runs and measured is not None:
            host = host_speed(measured)
            speed = predict(sizes, plan, host, arguments.depth, popularity=popularity)
        runs = runs and plan.runs
        if arguments.json:
            show_json(_facts(title, plan, speed))
        else:
            _show(plan, speed)
    return 0 if runs else 1


def _card(name: str) -> Card:
    found = [card for known, card in CARDS.items() if known.casefold() == name.casefold()]
    if not found:
        raise CommandError(f"There is no card “{name}” here: {', '.join(CARDS)}.")
    return found[0]


def _popularity(file: str | None, sizes: ModelSizes) -> Popularity:
    if file is None:
        return even(sizes.routing)
    text = Path(file).expanduser().read_text("utf-8", errors="replace")
    return from_json(text, sizes.routing)


def _work(needs: Needs, context_tokens: int) -> int:
    return work_bytes(needs.spec, context_tokens)


def _show(plan: CardPlan, speed: PaperSpeed | None) -> None:
    show("")
    show(f"{plan.card.name}, {plan.card.memory_bytes / _GB:,.1f} GB: {plan.sentence}")
    for row in plan.rows:
        show(f"  {row.row_bytes / _GB:>8,.2f} GB {row.home:7} {row.name}: {row.reason}")
    if speed is None:
        return
    for kind, per_s, terms in (
        ("a token written", speed.decode_tokens_per_s, speed.decode_terms),
        ("a prompt of 512 tokens", speed.prefill_tokens_per_s, speed.prefill_terms),
    ):
        show(f"  {kind}: {per_s:,.1f} tokens a second")
        for term in terms:
            beside = " (beside a longer one)" if term.hidden else ""
            show(f"    {term.seconds * 1e3:>9,.3f} ms {term.name}{beside}")


def _facts(title: str, plan: CardPlan, speed: PaperSpeed | None) -> dict[str, object]:
    return {
        "title": title,
        "card": plan.card.name,
        "on_paper": True,
        "runs": plan.runs,
        "context_tokens": plan.context_tokens,
        "card_usable_bytes": plan.card_usable_bytes,
        "memory_usable_bytes": plan.memory_usable_bytes,
        "places": {home.value: plan.bytes_at(home) for home in Home},
        "rows": [asdict(row) for row in plan.rows],
        "layers_on_card": sum(1 for layer in plan.layers if layer.always is Home.CARD),
        "experts_on_card": sum(layer.count_at(Home.CARD) for layer in plan.layers),
        "sentence": plan.sentence,
        "decode_tokens_per_s": speed and speed.decode_tokens_per_s,
        "decode_terms": [_term(term) for term in speed.decode_terms] if speed else [],
        "prefill_tokens_per_s": speed and speed.prefill_tokens_per_s,
        "prefill_terms": [_term(term) for term in speed.prefill_terms] if speed else [],
    }


def _term(term: Term) -> dict[str, object]:
    return {"name": term.name, "ms": term.seconds * 1e3, "hidden": term.hidden}
