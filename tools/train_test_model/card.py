"""The model's card: what it is, what it was trained on, what was measured.

For `figures`, which hands it the numbers. It states nothing that is not measured or decided
in this package.
"""

from __future__ import annotations

from typing import Any

HEAD = """---
license: apache-2.0
language: en
tags: [test, deepseek_v3]
---

# tiny-r1: a test model

A model of DeepSeek-V3's architecture, trained from nothing for the tests and benchmarks of
Pitcher. **It is not for users**: it opens and closes its thinking and speaks in the forms
that it was trained on, but most of its answers are wrong (see below), and of all else it
talks nonsense. It is no work of DeepSeek and holds none of their weights.

It is there because random weights show neither how experts are chosen unevenly nor what
quantization costs, and never open and close their thinking by themselves.

## What it is

- {parameters:.1f} million parameters: hidden size 256, 4 layers of which the first is dense, 16
  experts of width 256 of which 4 are active (2 of 4 groups), 1 shared expert, latent
  attention (q 128, kv 128, 32 + 16 wide keys), one layer that predicts the token after the
  next; contexts of up to 2,048 tokens were trained.
- Stored as DeepSeek-V3 is on the hub: matrices in FP8 (e4m3, a scale per 128 × 128 block),
  the rest in BF16, routers' biases in F32. Dequantized, this file is the full precision;
  what was trained before it was written is kept nowhere.
- The layer for the token after the next (`model.layers.4`) has no `embed_tokens` and no
  `shared_head.head` of its own: on the hub they are copies of the model's, here they would
  be a third of the file. It reads the embedding of the next token (`enorm`) beside the
  model's rows after the last norm (`hnorm`).
- An own vocabulary of 8,192 byte pairs in DeepSeek-V3's pre-tokenizer, with its control
  tokens by name, and DeepSeek-R1's chat template.

## What it was trained on

About half of each: the Python 3.11 documentation (Debian's python3.11-doc, PSF-2.0; its
general and its design FAQ held out), and conversations that `tools/train_test_model` writes
with a grammar of its own (capitals, opposites, colours, sums, counting, sorting, spelling,
days and months, greetings, follow-up questions), in R1's form with thoughts of 5 to 150
tokens. Questions that end in "Think step by step." get the long thoughts. One question in
sixteen, by its wording, was held out. Some thoughts were cut off and answered all the same.

{steps} steps of {tokens} tokens in {runs} run(s), on two processor cores; Muon and AdamW;
experts balanced by the routers' bias alone, as DeepSeek-V3's report has it. To make one again:
`python -m tools.train_test_model tokenizer text train export figures --steps 3000 --minutes 40`
(a machine's speed decides how many steps that is, so another run gives another model of the
same kind).

## What was measured

With transformers in float32, on held-out text: the documentation in windows of 512 tokens of
which the second half is scored; the conversations' thoughts and answers.

| perplexity | documentation | dialogues |
|---|---|---|
{perplexities}

Q8_0 and Q4_0 stand for every matrix but the routers', quantized from this file's values.

Greedy answers, right where they are the grammar's own to the letter and end by themselves.
Questions by themselves were held out by their wording; those within conversations were not:

| | asked | closed | right | longest prompt, tokens |
|---|---|---|---|---|
{situations}

By kind of question, asked alone and held out:

| | asked | right |
|---|---|---|
{families}

How the experts are used, as shares of all choices (even: 0.0625, 4 bits); layer 4 is the one
for the token after the next:

| text | layer | least | most | entropy, bits |
|---|---|---|---|---|
{routing}

All figures, every answer among them: `figures.json`.
"""


def family_lines(listed: list[dict[str, Any]]) -> str:
    """Asked and right, by kind."""
    kinds = sorted({entry["family"] for entry in listed})
    rows = []
    for kind in kinds:
        of_kind = [entry for entry in listed if entry["family"] == kind]
        rows.append(f"| {kind} | {len(of_kind)} | {sum(entry['right'] for entry in of_kind)} |")
    return "\n".join(rows)


def text(figures: dict[str, Any]) -> str:
    """The card as Markdown."""
    answers, training = figures["answers"], figures["training"]
    perplexities = "\n".join(
        f"| {name} | {found['documentation']:.3f} | {found['dialogues']:.4f} |"
        for name, found in figures["perplexity"].items()
    )
    routing = "\n".join(
        f"| {name} | {entry['layer']} | {entry['least']:.3f} | {entry['most']:.3f} "
        f"| {entry['entropy_bits']:.2f} |"
        for name, entries in figures["routing"].items()
        for entry in entries
    )
    return HEAD.format(
        parameters=figures["parameters"] / 1e6,
        steps=sum(run["steps_done"] for run in training),
        runs=len(training),
        tokens=f"{training[0]['recipe']['tokens']:,}",
        perplexities=perplexities,
        situations="\n".join(
            f"| {name} | {found['asked']} | {found['closed']} | {found['right']} "
            f"| {found['prompt_tokens_most']:,} |"
            for name, found in answers.items()
        ),
        families=family_lines(next(iter(answers.values()))["outcomes"]),
        routing=routing,
    )
