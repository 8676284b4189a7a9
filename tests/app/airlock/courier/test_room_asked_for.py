"""The second question says what a model takes on the disk in all, and what is missing there."""

from pathlib import Path

import pytest

from app.airlock.courier.asking import Room, Way, fetch_question
from app.airlock.download.choices import Choice, Kind
from app.airlock.download.hosts import hub_rules
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import repository_name
from inference.sentence import said

GB = 10**9


def rows(repository: str, kind: Kind, size_gb: float, free_gb: float, here_gb: float = 0) -> str:
    name = "model.gguf" if kind is Kind.GGUF else "model.safetensors"
    file = HubFile(name, round(size_gb * GB), "a" * 64, None)
    question = fetch_question(
        Listing(repository_name(repository), "main", "b" * 40, (file,)),
        [Choice(kind, "", "name", (file,))],
        Way(hub_rules(), None, None),
        Room(Path("/models"), round(free_gb * GB), {"name": round(here_gb * GB)}),
        said(""),
        wants_token=False,
    )
    return "\n".join(f"{row.what}: {row.value}" for row in question.options[0].rows)


@pytest.mark.parametrize("name", ["DeepSeek-R1-0528-Qwen3-8B", "deepseek-r1-0528-qwen3-8b"])
def test_a_model_of_the_catalogue_is_known_with_its_prepared_copy(name: str) -> None:
    told = rows(f"deepseek-ai/{name}", Kind.SAFETENSORS, 16.4, free_gb=100)
    assert "With its prepared copy: about 21.77 GB in 4 bits, more in 6 or 8" in told
    assert "Missing" not in told


def test_what_is_missing_is_said_before_anything_is_fetched() -> None:
    told = rows("deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", Kind.SAFETENSORS, 16.4, free_gb=20)
    assert "Missing there: about 1.77 GB" in told
    less = rows("deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", Kind.SAFETENSORS, 16.4, 20, here_gb=2)
    assert "Missing" not in less


def test_of_a_quantized_file_the_copy_is_about_as_large() -> None:
    assert "With its prepared copy: about 8.00 GB" in rows("some/one", Kind.GGUF, 4, 100)


def test_of_an_unknown_model_only_the_download_is_counted() -> None:
    told = rows("some/one", Kind.SAFETENSORS, 4, free_gb=3)
    assert "prepared" not in told
    assert "Missing there: about 1.00 GB" in told
