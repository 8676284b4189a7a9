"""The catalogue: what it lists, and that its figures follow from its configurations."""

import json
import subprocess
import sys
from math import prod

import pytest

from app.library import catalogue
from app.library.catalogue import CatalogueError, Family, NoSuchEntryError, entries, entry, find
from app.library.catalogue_words import NO_SMALL_R1, about
from app.library.preflight import needs_of
from inference.checkpoint.config_json import JsonConfig
from inference.models import architecture_of
from inference.models.base import MoeSpec, Source
from inference.models.names import GGUF, slots

# As the makers count them: to the last one, or rounded.
_PUBLISHED = {
    "HuggingFaceTB/SmolLM2-135M-Instruct": 134_515_008,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B": 1_777_088_000,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": 7_615_616_512,
    "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B": 8_190_735_360,
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": 8_030_261_248,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B": 14_770_033_664,
    "deepseek-ai/DeepSeek-V2-Lite-Chat": 15.7e9,
    "moonshotai/Moonlight-16B-A3B-Instruct": 16.0e9,
    "zai-org/GLM-4.7-Flash": 30.0e9,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B": 32_763_876_352,
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B": 70_553_706_496,
    "deepseek-ai/DeepSeek-R1": 671.03e9,
    "deepseek-ai/DeepSeek-V3": 671.03e9,
    "deepseek-ai/DeepSeek-V3.1": 671.03e9,
}  # fmt: skip
_ACTIVE = {
    "deepseek-ai/DeepSeek-V2-Lite-Chat": 2.4,
    "deepseek-ai/DeepSeek-R1": 37,
    "deepseek-ai/DeepSeek-V3": 37,
}


def spec_of(one):
    config = JsonConfig.open(one.config_file)
    return architecture_of(config).spec(config, Source({}, is_gguf=False))


def test_the_catalogue_has_the_makers_own_repositories_and_no_other():
    assert {one.repository for one in entries()} == set(_PUBLISHED)
    assert [one.number for one in entries()] == list(range(1, len(_PUBLISHED) + 1))
    assert sorted(one.rank for one in entries()) == [one.number for one in entries()]
    assert max(entries(), key=lambda one: one.rank).is_starter
    assert [one.name for one in entries() if one.is_starter] == ["SmolLM2-135M-Instruct"]


@pytest.mark.parametrize("one", entries(), ids=lambda one: one.name)
def test_an_entrys_figures_follow_from_its_configuration(one):
    spec = spec_of(one)
    shapes = {name: prod(slot.shape) for name, slot in slots(spec, GGUF).items()}
    assert one.parameters == sum(shapes.values())
    published = _PUBLISHED[one.repository]
    assert one.parameters == pytest.approx(
        published, rel=3e-3 if isinstance(published, float) else 0
    )
    mixture = next(
        (x.feed_forward for x in spec.layers if isinstance(x.feed_forward, MoeSpec)), None
    )
    share = mixture.rule.top_k / mixture.num_experts if mixture else 1
    looked_up = 0 if spec.tied_head else shapes.pop("embedding")
    active = sum(n * (share if ".experts." in name else 1) for name, n in shapes.items())
    assert one.active_parameters == round(active)
    assert one.is_mixture == (mixture is not None)
    assert looked_up < one.parameters
    assert one.active_parameters == pytest.approx(
        _ACTIVE.get(one.repository, one.active_parameters / 1e9) * 1e9, rel=0.03
    )
    assert one.family is Family(json.loads(one.config_file.read_text())["model_type"])
    assert one.context_tokens <= spec.context_tokens
    prepared = needs_of(one).prepared_bytes
    assert one.about_prepared_bytes == pytest.approx(prepared, rel=0.01, abs=6_000_000)


@pytest.mark.parametrize("one", entries(), ids=lambda one: one.name)
def test_an_entry_says_what_it_is_and_under_which_licence(one):
    assert one.repository.endswith(f"/{one.name}")
    assert len(about(one)) > 60
    assert one.licence
    for licence in one.licences:
        assert licence.address.startswith("https://")
        text = licence.text()
        if licence.name == "MIT":
            assert text.startswith("MIT License\n\nCopyright (c) 20")
        elif licence.name == "Apache-2.0":
            assert "Version 2.0, January 2004" in text
        elif licence.name == "DeepSeek Model License":
            assert text.startswith("DEEPSEEK LICENSE AGREEMENT\n\nVersion 1.0, 23 October 2023")
            assert "Attachment A" in text
        else:
            release = licence.name.split()[1]
            assert f"LLAMA {release} COMMUNITY LICENSE AGREEMENT" in text
            assert "Governing Law and Jurisdiction" in text


def test_a_distill_is_never_called_r1():
    for one in entries():
        if "Distill" in one.name or "Qwen3" in one.name:
            assert "not R1 itself" in about(one)
    assert "No official mixture-of-experts distill" in NO_SMALL_R1


@pytest.mark.parametrize(
    "words",
    ["7", " DeepSeek-V2-Lite-Chat ", "deepseek-v2-lite chat", "DEEPSEEK-AI/deepseek-v2-lite-chat"],
)
def test_an_entry_is_found_by_number_name_title_and_repository(words):
    assert find(words) == entry(7)
    assert catalogue.by_repository("deepseek-ai/DeepSeek-V2-Lite-CHAT") == entry(7)
    assert catalogue.by_repository("someone/else") is None


@pytest.mark.parametrize("words", ["0", "15", "-1", "", "R1 small", "７"])
def test_what_the_catalogue_does_not_have_is_said(words):
    with pytest.raises(NoSuchEntryError, match="models catalogue"):
        find(words)
    with pytest.raises(NoSuchEntryError):
        entry(99)


def test_the_words_of_somebody_else_are_cut():
    with pytest.raises(NoSuchEntryError) as caught:
        find("x" * 10_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "damage", ["", "{}", '{"licences": {}, "entries": [{}]}', "[]", "{", "\xff"]
)
def test_a_damaged_catalogue_is_said(tmp_path, monkeypatch, damage):
    (tmp_path / "catalogue.json").write_bytes(damage.encode("latin-1"))
    monkeypatch.setattr(catalogue, "_FOLDER", tmp_path)
    entries.cache_clear()
    try:
        with pytest.raises(CatalogueError, match="damaged"):
            entries()
    finally:
        entries.cache_clear()


def test_a_catalogue_with_an_unknown_licence_or_family_is_damaged(tmp_path, monkeypatch):
    whole = json.loads((catalogue._FOLDER / "catalogue.json").read_text())
    monkeypatch.setattr(catalogue, "_FOLDER", tmp_path)
    for key, wrong in (("licences", ["none"]), ("licences", "MIT"), ("family", "mamba")):
        changed = json.loads(json.dumps(whole))
        changed["entries"][0][key] = wrong
        (tmp_path / "catalogue.json").write_text(json.dumps(changed))
        entries.cache_clear()
        try:
            with pytest.raises(CatalogueError, match="damaged"):
                entries()
        finally:
            entries.cache_clear()


def test_the_catalogue_loads_nothing_heavy():
    code = (
        "import sys, app.library.catalogue, app.library.catalogue_words as w\n"
        "app.library.catalogue.entries()\n"
        "heavy = ('torch', 'PySide6', 'inference.', 'kernels.', 'psutil')\n"
        "light = ('inference.sentence', 'kernels.sentence')\n"
        "print([m for m in sys.modules if m.startswith(heavy) and m not in light])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
