import json
import os

import pytest
import tokenizers

from inference.errors import TokenizerError, UnsupportedModelError
from inference.prompt.detokenizer import BYTE_OF_CHARACTER
from inference.prompt.library import native_faults
from inference.prompt.tokenizer import Tokenizer

BYTE_LEVEL = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": True,
    "use_regex": True,
}


def write(folder, config=None, generation=None, **changes):
    vocabulary = {character: n for n, character in enumerate(sorted(BYTE_OF_CHARACTER))}
    vocabulary |= {"ab": 256, "<s>": 257}
    top = {
        "added_tokens": [
            {"id": 257, "content": "<s>", "special": True},
            {"id": 258, "content": "<tool>", "special": False, "normalized": True},
        ],
        "pre_tokenizer": BYTE_LEVEL,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": ["a b"]},
    }
    (folder / "tokenizer.json").write_text(json.dumps(top | changes))
    if config is not None:
        (folder / "tokenizer_config.json").write_text(json.dumps(config))
    if generation is not None:
        (folder / "generation_config.json").write_text(json.dumps(generation))
    return folder


def test_a_folder_is_read_with_what_lies_beside_the_vocabulary(tmp_path):
    config = {
        "bos_token": {"content": "<s>"},
        "eos_token": "<tool>",
        "add_bos_token": True,
        "chat_template": [{"name": "default", "template": "T"}],
    }
    tokenizer = Tokenizer.from_files(write(tmp_path, config, {"eos_token_id": [256, 258]}))
    assert (tokenizer.bos_id, tokenizer.eos_id, tokenizer.eos_ids) == (257, 258, (256, 258))
    assert tokenizer.adds_bos
    assert tokenizer.chat_template == "T"
    assert tokenizer.vocab_size == 259
    assert 257 not in tokenizer.encode_typed("<s>ab")
    assert tokenizer.encode_raw("<s>ab<tool>") == [257, 256, 258]


def test_a_template_file_wins_and_the_post_processor_tells_of_bos(tmp_path):
    processor = {"processors": [{"single": [{"SpecialToken": {"id": "<s>"}}]}, 3]}
    write(tmp_path, {"bos_token": "<s>"}, post_processor=processor)
    (tmp_path / "chat_template.jinja").write_text("J")
    tokenizer = Tokenizer.from_files(tmp_path / "tokenizer.json")
    assert tokenizer.adds_bos
    assert tokenizer.chat_template == "J"
    (tmp_path / "chat_template.jinja").write_text("J" * 300_000)
    with pytest.raises(TokenizerError, match="too long"):
        Tokenizer.from_files(tmp_path)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"model": None}, TokenizerError),
        ({"model": {"type": "Unigram"}}, UnsupportedModelError),
        ({"pre_tokenizer": {"type": "Metaspace"}}, UnsupportedModelError),
        ({"pre_tokenizer": None}, UnsupportedModelError),
        ({"model": {"vocab": {}, "merges": None}}, TokenizerError),
        ({"model": {"vocab": {"a": -1}, "merges": []}}, TokenizerError),
        ({"model": {"vocab": {"a": 1}, "merges": ["a b"]}}, TokenizerError),
        ({"model": {"vocab": {"a": 1}, "merges": [7]}}, TokenizerError),
        ({"added_tokens": [{"id": "x"}]}, TokenizerError),
        ({"added_tokens": 5}, TokenizerError),
        ({"normalizer": {"type": "Nonsense"}}, UnsupportedModelError),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, changes, error):
    with pytest.raises(error):
        Tokenizer.from_files(write(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 200_000])
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(TokenizerError, match="damaged"):
        Tokenizer.from_files(tmp_path)


def test_a_missing_or_huge_file_is_refused(tmp_path):
    with pytest.raises(TokenizerError, match="holds neither"):
        Tokenizer.from_files(tmp_path)
    with pytest.raises(TokenizerError, match="can't be read"):
        Tokenizer.from_files(tmp_path / "tokenizer.json")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TokenizerError, match="not a file"):
        Tokenizer.from_files(tmp_path / "pipe")
    with (tmp_path / "tokenizer.json").open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(TokenizerError, match="too long"):
        Tokenizer.from_files(tmp_path)


def test_a_single_letter_outside_bpe_may_be_typed(tmp_path):
    """DeepSeek V2's vocabulary lacks some characters and has them as added tokens."""
    flags = {"lstrip": False, "rstrip": False, "single_word": False}
    added = [
        flags | {"id": 257, "content": "<s>", "special": True, "normalized": False},
        flags | {"id": 258, "content": "ö", "special": False, "normalized": True},
        flags | {"id": 259, "content": "<tool>", "special": False, "normalized": True},
    ]
    model = json.loads((write(tmp_path) / "tokenizer.json").read_text())["model"]
    del model["vocab"]["<s>"]
    model["vocab"]["unused"] = model["vocab"].pop("ö")
    write(tmp_path, added_tokens=added, model=model)
    tokenizer = Tokenizer.from_files(tmp_path)
    library = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    text = "abö xööab ö"
    expected = library.encode(text, add_special_tokens=False).ids
    assert tokenizer.encode_typed(text) == tokenizer.encode_raw(text) == expected
    assert expected.count(258) == 4
    assert tokenizer.decode(expected) == text
    assert not {257, 259} & set(tokenizer.encode_typed("<s><tool>ö"))
    assert tokenizer.encode_raw("<s>ö<tool>") == [257, 258, 259]


def test_the_id_of_a_marker(tmp_path):
    tokenizer = Tokenizer.from_files(write(tmp_path))
    assert (tokenizer.id_of("<s>"), tokenizer.id_of("<tool>")) == (257, 258)
    assert tokenizer.id_of("ab") is None
    assert tokenizer.id_of("<s") is None


def test_a_panic_becomes_a_sentence_and_ctrl_c_passes():
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(TokenizerError, match="inside the tokenizers library"), native_faults("It"):
        raise panic
    with pytest.raises(KeyboardInterrupt), native_faults("It"):
        raise KeyboardInterrupt
    with pytest.raises(TokenizerError, match="It failed: why"), native_faults("It"):
        raise ValueError("why\nmore")
    with pytest.raises(MemoryError), native_faults("It"):
        raise MemoryError
