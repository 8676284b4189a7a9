"""Tokenizer files that lie, bomb or overflow: each is refused with a sentence, fast and small.

They are loaded in a process with 1.5 GB of address space, one after another, in a few seconds
each. A file that hangs it or kills it is the first one without an outcome.
"""

import json
import resource
import shutil
import subprocess
import sys

import pytest

from inference.prompt.detokenizer import BYTE_OF_CHARACTER

ADDRESS_SPACE_BYTES = 1_500 * 2**20
TIME_LIMIT_S = 6
LOAD = """
import sys, time
from pathlib import Path
from inference.errors import InferenceError
from inference.prompt.tokenizer import Tokenizer
for folder in map(Path, sys.argv[1:]):
    began = time.process_time()
    try:
        Tokenizer.from_files(folder)
        outcome = "loaded"
    except InferenceError as error:
        outcome = f"{type(error).__name__}: {error}"
    print(folder.name, time.process_time() - began, outcome, sep="\\t", flush=True)
"""
BYTE_LEVEL = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": True,
    "use_regex": True,
}
VOCABULARY = {character: n for n, character in enumerate(sorted(BYTE_OF_CHARACTER))} | {"ab": 256}
MILLION = 1_000_000


def tokenizer(**changes):
    model = {"type": "BPE", "vocab": VOCABULARY, "merges": ["a b"]} | changes.pop("model", {})
    return {"added_tokens": [], "pre_tokenizer": BYTE_LEVEL, "model": model} | changes


def added(*contents, first_id=300):
    return [{"id": first_id + n, "content": text} for n, text in enumerate(contents)]


def cut_by(pattern, **changes):
    split = {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}
    return {"type": "Sequence", "pretokenizers": [split | changes, BYTE_LEVEL]}


def nested(inner, kind, depth):
    spec = inner
    for _ in range(depth):
        spec = {"type": "Sequence", kind: [spec]}
    return spec


def pre(spec):
    return json.dumps(tokenizer(pre_tokenizer=spec))


def normalized(spec):
    return json.dumps(tokenizer(normalizer=spec))


def with_added(entries):
    return json.dumps(tokenizer(added_tokens=entries))


HOSTILE = {
    "regex bomb": lambda: pre(cut_by({"Regex": "(a+)+$"})),
    "quadratic regex": lambda: pre(cut_by({"Regex": r"\s+\S|x"})),
    "regex that is none": lambda: pre(cut_by({"Regex": "["})),
    "endless regex": lambda: pre(cut_by({"Regex": "a" * MILLION})),
    "empty string to cut by": lambda: pre(cut_by({"String": ""})),
    "odd pattern": lambda: pre(cut_by(["a"])),
    "odd behavior": lambda: pre(cut_by({"Regex": "a"}, behavior=["Isolated"])),
    "odd invert": lambda: pre(cut_by({"Regex": "a"}, invert=1)),
    "odd step": lambda: pre({"type": ["ByteLevel"]}),
    "unknown step": lambda: pre({"type": "Sequence", "pretokenizers": [
        {"type": "Metaspace"}, BYTE_LEVEL]}),
    "deep steps": lambda: pre(nested(BYTE_LEVEL, "pretokenizers", 300)),
    "many steps": lambda: pre({"type": "Sequence", "pretokenizers": [BYTE_LEVEL] * 50_000}),
    "regex bomb in normalizer": lambda: normalized(
        {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": "b"}),
    "text that grows": lambda: normalized({"type": "Sequence", "normalizers": [
        {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}] * 10}),
    "text before text": lambda: normalized({"type": "Prepend", "prepend": "a" * MILLION}),
    "many normalizers": lambda: normalized(
        {"type": "Sequence", "normalizers": [{"type": "NFC"}] * 100_000}),
    "deep normalizers": lambda: normalized(nested({"type": "NFC"}, "normalizers", 300)),
    "a million added tokens": lambda: with_added(added(*map(str, range(MILLION)))),
    "too many added tokens": lambda: with_added(added(*map(str, range(20_001)))),
    "long added token": lambda: with_added(added("x" * 100_000)),
    "empty added token": lambda: with_added(added("")),
    "white added token": lambda: with_added(added(" \u3000\n")),
    "same added text": lambda: with_added(added("<a>", "<a>")),
    "same added id": lambda: with_added(added("<a>") + added("<b>")),
    "added token with the id of a word": lambda: with_added(added("<a>", first_id=256)),
    "added token with two ids": lambda: with_added(added("ab")),
    "huge id": lambda: with_added(added("<a>", first_id=2**63)),
    "id past the end": lambda: with_added(added("<a>", first_id=MILLION)),
    "negative id": lambda: with_added(added("<a>", first_id=-1)),
    "fractional id": lambda: with_added([{"id": 300.0, "content": "<a>"}]),
    "true id": lambda: with_added([{"id": True, "content": "<a>"}]),
    "odd flag": lambda: with_added([{"id": 300, "content": "<a>", "special": "yes"}]),
    "no text": lambda: with_added([{"id": 300, "content": 7}]),
    "huge word id": lambda: json.dumps(tokenizer(model={"vocab": VOCABULARY | {"q": 10**30}})),
    "same word id": lambda: json.dumps(tokenizer(model={"vocab": VOCABULARY | {"abc": 256}})),
    "half a character": lambda: json.dumps(tokenizer(model={"vocab": VOCABULARY | {"\ud800": 9}})),
    "merge of one": lambda: json.dumps(tokenizer(model={"merges": ["ab"]})),
    "merge of three": lambda: json.dumps(tokenizer(model={"merges": [["a", "b", "c"]]})),
    "merge of numbers": lambda: json.dumps(tokenizer(model={"merges": [[1, 2]]})),
    "merge of strangers": lambda: json.dumps(tokenizer(model={"merges": ["a c"]})),
    "prefix": lambda: json.dumps(tokenizer(model={"continuing_subword_prefix": "##"})),
    "chance": lambda: json.dumps(tokenizer(model={"dropout": 0.5})),
    "odd model": lambda: json.dumps(tokenizer(model={"type": ["BPE"]})),
    "deep JSON": lambda: '{"a":' * 100_000,
    "deep list": lambda: "[" * MILLION,
    "millions of lists": lambda: '{"a": [' + "[]," * (20 * MILLION) + "0]}",
    "millions of numbers": lambda: '{"a": [' + "0," * (25 * MILLION) + "0]}",
    "endless number": lambda: '{"a": ' + "9" * 20_000 + "}",
    "no UTF-8": lambda: b"\xff\xfe" * 100,
    "too long": lambda: b" " * (64 * 2**20 + 1),
}  # fmt: skip
BESIDE = {
    "deep config": ("tokenizer_config.json", "[" * MILLION),
    "long template": ("tokenizer_config.json", json.dumps({"chat_template": "x" * 300_000})),
    "long template file": ("chat_template.jinja", "x" * 300_000),
    "odd generation config": ("generation_config.json", '{"eos_token_id": [{}]}'),
}


SOUND = "the tokenizer that these are made of"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """name → how long the processor took to load it, and what came of it."""
    folders = []

    def folder(name, file, content):
        made = tmp_path_factory.mktemp("hostile") / name
        made.mkdir()
        raw = content if isinstance(content, bytes) else content.encode()
        (made / file).write_bytes(raw)
        folders.append(made)
        return made

    for name, content in HOSTILE.items():
        folder(name, "tokenizer.json", content())
    for name, (file, content) in BESIDE.items():
        made = folder(name, "tokenizer.json", json.dumps(tokenizer()))
        (made / file).write_text(content)
    folder("a million ranks", "tiktoken.model", b"YQ== 1\n" * MILLION)
    folder(SOUND, "tokenizer.json", json.dumps(tokenizer()))
    limit = (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES)
    child = subprocess.run(
        [sys.executable, "-c", LOAD, *map(str, folders)],
        capture_output=True,
        text=True,
        timeout=100,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
        env={"TOKENIZERS_PARALLELISM": "false", "PYTHONPATH": ":".join(sys.path)},
    )
    assert child.returncode == 0, child.stdout[-300:] + child.stderr[-1000:]
    lines = [line.split("\t", 2) for line in child.stdout.splitlines()]
    for made in folders:
        shutil.rmtree(made)
    return {name: (float(took_s), outcome) for name, took_s, outcome in lines}


@pytest.mark.parametrize("name", [*HOSTILE, *BESIDE, "a million ranks"])
def test_a_hostile_file_is_refused(outcomes, name):
    took_s, outcome = outcomes[name]
    assert outcome.startswith(("TokenizerError: ", "UnsupportedModelError: "))
    assert len(outcome) < 500
    assert took_s < TIME_LIMIT_S


def test_the_sound_one_loads(outcomes):
    assert outcomes[SOUND][1] == "loaded"
