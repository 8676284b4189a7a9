"""Models on NVIDIA cards, on paper: the table of `models card` for RESULTS.md.

`python -m benchmarks.cards_on_paper`. Nothing in it was measured on a card: places are worked out
from sizes, speeds from what makers say of cards and from this machine's own measured speed.
"""

from __future__ import annotations

from app.library.catalogue import find
from app.library.mixes import Mix
from app.library.preflight import needs_of
from app.library.speed import measure_speed, stored_speed
from inference.gpu import CARDS
from inference.gpu.placement import Home, place
from inference.gpu.roofline import predict
from inference.gpu.sizes import sizes_of
from inference.gpu.speeds import host_speed
from inference.placement import Machine, work_bytes

MODELS = ("DeepSeek-V2-Lite Chat", "GLM-4.7-Flash", "R1-Distill-Qwen 32B", "DeepSeek-R1")
# 6, 8, 12, 16, 24, 48 and 80 GB, and those whose kernels are told of.
NAMES = (
    *("RTX 2060", "RTX 4060", "RTX 3060", "RTX 4070", "RTX 4080", "RTX 4090", "RTX 5090"),
    *("RTX 6000 Ada", "H100"),
)
MEMORY_BYTES = 512 * 10**9
CONTEXT_TOKENS = 8192
DEPTH_TOKENS = 1024


def main() -> None:
    speed = stored_speed() or measure_speed()
    host = host_speed(speed)
    print(
        f"On paper; beside the card {MEMORY_BYTES / 1e9:.0f} GB of memory read at "
        f"{host.read_bytes_per_s / 1e9:.0f} GB/s and {host.ops_per_s / 1e9:.0f} GOPS, "
        f"{CONTEXT_TOKENS:,} tokens of context of which {DEPTH_TOKENS:,} are read.\n"
    )
    print("| model | card | layers there | experts there | decode/s | prompt/s | it waits for |")
    print("|---|---|---|---|---|---|---|")
    for title in MODELS:
        needs = needs_of(find(title), Mix.Q4)
        sizes = sizes_of(needs.spec, needs.recipe)
        work = work_bytes(needs.spec, CONTEXT_TOKENS)
        for name in NAMES:
            plan = place(sizes, CARDS[name], Machine(MEMORY_BYTES), CONTEXT_TOKENS, work)
            paper = predict(sizes, plan, host, DEPTH_TOKENS)
            layers = sum(layer.always is Home.CARD for layer in plan.layers)
            experts = sum(len(layer.experts) for layer in plan.layers)
            there = sum(layer.count_at(Home.CARD) for layer in plan.layers)
            seen = [term for term in paper.decode_terms if not term.hidden]
            most = max(seen, key=lambda term: term.seconds)
            share = most.seconds * paper.decode_tokens_per_s
            told = f"{there:,} of {experts:,}" if experts else "–"
            print(
                f"| {title} | {name} | {layers} of {len(plan.layers)} | {told} "
                f"| {paper.decode_tokens_per_s:,.1f} | {paper.prefill_tokens_per_s:,.0f} "
                f"| {most.name}, {share:.0%} |"
            )


if __name__ == "__main__":
    main()
