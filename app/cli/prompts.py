"""`tokenize` and `template`: what a model is given to read."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, get_args

from app.airlock.report import LockReport
from app.cli.failure import CommandError
from app.cli.services import opened_texts, read_text, template_worker
from app.cli.terminal import show, show_json, typed
from inference.request import Message, Role

if TYPE_CHECKING:
    from inference.prompt.tokenizer import Tokenizer

_ROLES: tuple[Role, ...] = get_args(Role)


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Both commands; raises InferenceError, NoSuchModelError, CommandError."""
    return _tokenize(arguments) if arguments.command == "tokenize" else _template(arguments)


def _tokenize(arguments: argparse.Namespace) -> int:
    text = typed(arguments.text) if arguments.file is None else read_text(arguments.file)
    with opened_texts(arguments.model) as texts:
        tokenizer = texts.tokenizer()
        encode = tokenizer.encode_raw if arguments.raw else tokenizer.encode_typed
        token_ids = encode(text)
    if arguments.json:
        show_json({"token_ids": token_ids})
    else:
        show(" ".join(map(str, token_ids)))
    return 0


def _template(arguments: argparse.Namespace) -> int:
    messages = _messages(arguments.messages)
    with template_worker() as worker, opened_texts(arguments.model) as texts:
        from inference.prompting import template_job

        tokenizer, template = texts.tokenizer(), texts.chat_template()
        add_prompt = not arguments.no_generation_prompt
        switches = _switches(arguments.think, template, tokenizer, texts.name)
        job = template_job(template, tokenizer, messages, add_prompt, switches)
        rendered = worker.render(job)
        if arguments.json:
            token_ids = tokenizer.encode_prompt(rendered)
            show_json({"text": rendered.text, "token_ids": token_ids})
        else:
            # Exactly the rendered bytes: this output is made for comparing.
            sys.stdout.buffer.write(rendered.text.encode())
            sys.stdout.buffer.flush()
    return 0


def _switches(
    think: bool | None, template: str, tokenizer: Tokenizer, name: str
) -> dict[str, bool]:
    """The template's variable for thinking; raises CommandError where it has none."""
    if think is None:
        return {}
    from inference.prompting import family_for

    switch = family_for(template, tokenizer, name).thinking_switch
    if switch is None:
        raise CommandError("This model's template has no switch for thinking.")
    return {switch: think}


def _messages(path: str) -> tuple[Message, ...]:
    """A JSON list of {"role", "content"[, "reasoning_content"]}; raises CommandError."""
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}.") from None
    if not isinstance(found, list) or not found:
        raise CommandError(f"{path} must hold a list of messages.")
    return tuple(_message(path, index, entry) for index, entry in enumerate(found))


def _message(path: str, index: int, entry: object) -> Message:
    where = f"{path}: message {index}"
    if not isinstance(entry, dict):
        raise CommandError(f"{where} is not an object with role and content.")
    role, content = entry.get("role"), entry.get("content")
    reasoning = entry.get("reasoning_content", "")
    for known in _ROLES:
        if role == known:
            break
    else:
        raise CommandError(f"{where}: the role must be one of {', '.join(_ROLES)}.")
    if not isinstance(content, str) or not isinstance(reasoning, str):
        raise CommandError(f"{where}: content must be text.")
    return Message(known, content, reasoning)
