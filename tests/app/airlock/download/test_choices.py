"""What of a repository may be fetched: a whole model, or one quantization, and no code."""

from __future__ import annotations

import pytest

from app.airlock.download.choices import Choice, Kind, choices_of
from app.airlock.download.errors import (
    HubAnswerError,
    NothingToFetchError,
    RepositoryNameError,
    TokenError,
)
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import RepositoryName, folder_name, repository_name
from app.airlock.download.token import hub_token


def listed(*paths: str, name: str = "Chat-7B") -> Listing:
    files = tuple(HubFile(path, 100 + number, "0" * 64, None) for number, path in enumerate(paths))
    return Listing(RepositoryName("maker", name), "main", "c" * 40, files)


def names(choice: Choice) -> set[str]:
    return {file.name for file in choice.files}


BESIDE = {
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "merges.txt",
    "vocab.json",
    "chat_template.jinja",
    "LICENSE",
    "LICENSE-MODEL",
    "LICENCE.txt",
    "README.md",
}
CODE = {
    "modeling_chat.py",
    "config.json.py",
    "LICENSE.py",
    "pytorch_model.bin",
    "model.pt",
    "tokenizer.pkl",
    "run.sh",
    "training_args.bin",
    ".gitattributes",
    "img.png",
    "original/model.safetensors",
    "onnx/model.onnx",
    "config.yaml",
    "consolidated.safetensors",
    "adapter_model.safetensors",
    "LICENSE.exe",
}


def test_a_model_in_one_file_comes_with_all_that_it_needs_and_no_code() -> None:
    (choice,) = choices_of(listed("model.safetensors", *BESIDE, *CODE))
    assert names(choice) == {"model.safetensors", *BESIDE}
    assert (choice.kind, choice.label, choice.name) == (Kind.SAFETENSORS, "", "Chat-7B")
    assert choice.total_bytes == sum(file.size for file in choice.files)


def test_a_model_in_shards_comes_whole() -> None:
    shards = [f"model-{number:05}-of-000003.safetensors" for number in (1, 2, 3)]
    (choice,) = choices_of(listed("model.safetensors.index.json", "config.json", *shards))
    assert names(choice) == {"model.safetensors.index.json", "config.json", *shards}


@pytest.mark.parametrize(
    "shards",
    [
        ["model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors"],
        ["model-00001-of-00002.safetensors", "model-00002-of-00003.safetensors"],
        ["model-00001-of-99999.safetensors"],
        ["model-00000-of-00000.safetensors"],
    ],
)
def test_shards_that_are_not_a_whole_model_are_refused(shards: list[str]) -> None:
    with pytest.raises(HubAnswerError, match="are missing in the repository"):
        choices_of(listed("config.json", *shards))


def test_quantizations_are_choices_the_smallest_first() -> None:
    paths = (
        "Chat-7B-Q4_K_M.gguf Chat-7B-Q8_0.gguf Chat-7B.IQ2_XXS.gguf Chat-7B-BF16.gguf "
        "mmproj-Chat-7B-f16.gguf Chat.imatrix.gguf README.md LICENSE config.json x.py"
    )
    found = choices_of(listed(*paths.split()))
    assert [choice.label for choice in found] == ["Q4_K_M", "Q8_0", "IQ2_XXS", "BF16"]
    assert found[0].name == "Chat-7B-Q4_K_M"
    assert names(found[0]) == {"Chat-7B-Q4_K_M.gguf", "README.md", "LICENSE"}
    assert {choice.kind for choice in found} == {Kind.GGUF}


def test_parts_of_a_quantization_belong_together_wherever_they_lie() -> None:
    parts = [f"Q4_K_M/Chat-Q4_K_M-{number:05}-of-00002.gguf" for number in (1, 2)]
    whole, split = choices_of(listed("Chat-Q2_K.gguf", *parts))
    assert whole.label == "Q2_K"
    assert (split.label, names(split)) == ("Q4_K_M", {part.split("/")[1] for part in parts})


def test_a_quantization_of_which_parts_are_missing_is_no_choice() -> None:
    (choice,) = choices_of(listed("a-Q2_K.gguf", "a-Q4_0-00001-of-00002.gguf"))
    assert choice.label == "Q2_K"
    with pytest.raises(HubAnswerError, match="are missing"):
        choices_of(listed("a-Q4_0-00001-of-00002.gguf"))


def test_two_of_one_quantization_are_told_apart() -> None:
    found = choices_of(listed("a-Q4_0.gguf", "b-Q4_0.gguf", "notes.gguf"))
    assert [choice.label for choice in found] == ["Q4_0", "b-Q4_0", "notes"]
    assert len({choice.name for choice in found}) == 3


@pytest.mark.parametrize("paths", [(), ("README.md", "model.bin"), ("a/model.safetensors",)])
def test_a_repository_without_a_model_is_said_to_be(paths: tuple[str, ...]) -> None:
    with pytest.raises(NothingToFetchError, match="neither safetensors nor GGUF"):
        choices_of(listed(*paths))


@pytest.mark.parametrize("path", ["con.gguf", "a:b.gguf", "a*.gguf", "a .gguf ", "é.gguf"])
def test_names_that_are_none_everywhere_are_no_choice(path: str) -> None:
    with pytest.raises(NothingToFetchError):
        choices_of(listed(path))


def test_names_that_are_one_on_many_systems_are_refused() -> None:
    with pytest.raises(HubAnswerError, match="one name on many systems"):
        choices_of(listed("model.safetensors", "LICENSE", "license"))


def test_a_model_larger_than_any_is_refused() -> None:
    shards = [
        HubFile(f"model-{number:05}-of-00010.safetensors", 1 << 40, "0" * 64, None)
        for number in range(1, 11)
    ]
    listing = Listing(RepositoryName("maker", "Chat"), "main", "c" * 40, tuple(shards))
    with pytest.raises(HubAnswerError, match="larger than any model"):
        choices_of(listing)


def test_a_models_folder_is_never_taken_for_a_file() -> None:
    assert folder_name(RepositoryName("a", "Chat.gguf"), "") == "Chat.gguf-model"
    assert folder_name(RepositoryName("a", "Chat"), "Q4_0") == "Chat-Q4_0"
    (choice,) = choices_of(listed("x" * 100 + ".gguf", name="y" * 96))
    assert choice.name == "y" * 96 + "-model"


@pytest.mark.parametrize("text", ["gpt2", "a/b", "deepseek-ai/DeepSeek-R1", "_a/b_c.d", "a/1"])
def test_names_of_repositories(text: str) -> None:
    assert str(repository_name(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "/", "a/", "/b", "a/b/c", "../b", "a/..", "a/b..c", "a/b--c", "-a/b", "a/b-", ".a/b",
     "a/b.", "a/b.git", "a b/c", "a/b?c", "a/b#c", "a/b%2f", "a\\b", "a/b\n", "ä/b", "a" * 97,
     "a/" + "b" * 97, "https://huggingface.co/a/b"],
)  # fmt: skip
def test_what_is_no_name_of_a_repository(text: str) -> None:
    with pytest.raises(RepositoryNameError, match="Nothing was asked"):
        repository_name(text)


def test_a_token_shows_its_end_alone() -> None:
    token = hub_token("  hf_" + "a" * 30 + "WXYZ\n")
    assert token.shown == "hf_…WXYZ"
    assert repr(token) == str(token) == "Token(hf_…WXYZ)"
    assert token.authorization() == "Bearer hf_" + "a" * 30 + "WXYZ"


NO_TOKENS = [
    "",
    "hf_",
    "hf_" + "a" * 19,
    "hf_" + "a" * 61,
    "hf_" + "a" * 20 + "-",
    "xx_" + "a" * 30,
    "hf_" + "ä" * 30,
    "my words of a chat",
    "hf_" + "a" * 10 + " " + "a" * 10,
]


@pytest.mark.parametrize("text", NO_TOKENS)
def test_what_is_no_token_is_not_taken_and_not_repeated(text: str) -> None:
    with pytest.raises(TokenError) as raised:
        hub_token(text)
    assert len(text) < 5 or text not in str(raised.value)
