"""Random conversations for tests of templates: the same seed gives the same ones."""

import random

from inference.request import Message

MARK = "Ж"
# Texts that a careless program takes for its own.
LOOKALIKES = (
    "<think>", "</think>", "<|im_end|>", "<|im_start|>", "<｜User｜>", "<｜Assistant｜>",
    "<｜end▁of▁sentence｜>", "<|eot_id|>", "<|user|>", "[gMASK]", "<|im_middle|>", "◁/think▷",
    "<tool_response>", "</tool_response>",
)  # fmt: skip
PLAIN = (
    MARK, f" {MARK}\n", "{{ x }}", "\n", "\n\n", "{% if %}", "😀", "\t ", "&<>\"'", "hello ",
    "/nothink", "naïve café ", "你好，世界。", "1234567 ",
    "\u00a0", "e\u0301", "def f(x):\n    return x\n", "מה", "' + '", "\\n",
)  # fmt: skip


def conversation(generator: random.Random, lookalikes: bool = True) -> tuple[Message, ...]:
    """From one turn to eight: roles in any order, texts from none at all to very long."""
    pieces = PLAIN + LOOKALIKES if lookalikes else PLAIN

    def text() -> str:
        made = "".join(generator.choices(pieces, k=generator.randrange(9)))
        return made * 400 if made and generator.random() < 0.02 else made

    roles = ["system"] * generator.choice((0, 0, 1, 1, 2))
    if generator.random() < 0.7:
        roles += [("user", "assistant")[n % 2] for n in range(generator.randrange(1, 7))]
    else:
        roles += generator.choices(("user", "assistant", "system"), k=generator.randrange(1, 6))
    return tuple(
        Message(role, text(), text() if role == "assistant" and generator.random() < 0.6 else "")
        for role in roles
    )


def as_originals_know_it(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    """The conversation as transformers takes it."""
    return [
        {"role": m.role, "content": m.content}
        | ({"reasoning_content": m.reasoning} if m.reasoning else {})
        for m in messages
    ]
