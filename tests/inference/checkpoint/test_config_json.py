"""config.json: typed getters, and every way in which a file may not be one."""

import json
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.json_text import parse_document
from inference.checkpoint.quantization_config import check_quantization
from inference.errors import CheckpointError, UnsupportedModelError


@pytest.fixture
def config(tmp_path):
    """config(text or values) → an open configuration."""

    def make(content):
        path = tmp_path / "config.json"
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(content)
        return JsonConfig.open(path)

    return make


SOUND = {
    "model_type": "qwen3",
    "layers": 28,
    "least": -(2**63),
    "most": 2**63 - 1,
    "theta": 1e6,
    "eps": 1e-06,
    "tied": False,
    "nothing": None,
    "rope_scaling": {"factor": 4.0, "inner": {"on": True}},
    "empty": {},
    "names": ["a", "é"],
    "ids": [1, -2],
    "none": [],
}


def test_every_kind_of_value_is_read(config):
    found = config(SOUND)
    assert found.string("model_type") == "qwen3"
    assert [found.integer(k) for k in ("layers", "least", "most")] == [28, -(2**63), 2**63 - 1]
    assert found.number("theta") == 1e6
    assert found.number("eps") == 1e-6
    assert found.number("layers") == 28.0
    assert isinstance(found.number("layers"), float)
    assert found.boolean("tied") is False
    assert found.strings("names") == ["a", "é"]
    assert found.integers("ids") == [1, -2]
    assert found.strings("none") == found.integers("none") == []
    assert found.keys() == frozenset(SOUND)
    assert found.name == "config.json"
    nested = found.section("rope_scaling")
    assert nested.number("factor") == 4.0
    assert nested.section("inner").boolean("on") is True
    assert nested.section("inner").name == "config.json: rope_scaling.inner"
    assert found.section("empty").keys() == frozenset()
    assert config("\ufeff {} \n").keys() == frozenset()


def test_null_counts_as_missing(config):
    found = config(SOUND)
    assert found.is_null("nothing")
    assert not found.is_null("absent")
    assert not found.is_null("layers")
    for key in ("nothing", "absent"):
        assert found.string(key, "x") == "x"
        assert found.integer(key, 0) == 0
        assert found.number(key, 0.5) == 0.5
        assert found.boolean(key, False) is False
        assert found.section(key) is None
        for getter in (
            found.string, found.integer, found.number, found.boolean, found.strings,
            found.integers,
        ):  # fmt: skip
            with pytest.raises(CheckpointError, match=f"config.json: {key}: this field is missing"):
                getter(key)


def test_what_is_of_another_kind_is_named(config):
    found = config(SOUND | {"mixed": ["a", 1], "flags": [True], "nulls": [None], "half": [1.5]})
    for getter, key, reason in (
        (found.string, "layers", "not a string"),
        (found.integer, "model_type", "not an integer"),
        (found.integer, "tied", "not an integer"),
        (found.integer, "theta", "not an integer"),
        (found.integer, "ids", "not an integer"),
        (found.number, "tied", "not a number"),
        (found.number, "model_type", "not a number"),
        (found.boolean, "layers", "not true or false"),
        (found.section, "layers", "not an object"),
        (found.section, "none", "not an object"),
        (found.strings, "model_type", "not a list of strings"),
        (found.strings, "mixed", "not a list of strings"),
        (found.integers, "mixed", "not a list of integers"),
        (found.integers, "flags", "not a list of integers"),
        (found.integers, "nulls", "not a list of integers"),
        (found.integers, "half", "not a list of integers"),
        (found.integers, "empty", "not a list of integers"),
    ):
        with pytest.raises(CheckpointError, match=reason) as caught:
            getter(key)
        assert (caught.value.file, caught.value.field) == ("config.json", key)
    inner = found.section("rope_scaling").section("inner")
    with pytest.raises(CheckpointError, match=r"config.json: rope_scaling\.inner\.on: it is not a"):
        inner.string("on")
    assert isinstance(inner.fail("x", "y"), CheckpointError)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("NaN", "NaN is not a usable number"),
        ("Infinity", "Infinity is not a usable number"),
        ("-Infinity", "-Infinity is not a usable number"),
        ("1e400", "1e400 is out of range"),
        ("-1e99999999", "out of range"),
        (str(2**63), "9223372036854775808 is out of range"),
        (str(-(2**63) - 1), "out of range"),
        ("9" * 33, "it has 33 digits"),
        ("9" * 1_000_000, "it has 1,000,000 digits"),
        ("0." + "1" * 1_000_000, "it has 1,000,002 characters"),
    ],
    ids=range(10),
)
def test_numbers_that_nobody_has_are_refused_where_they_are_used(config, number, reason):
    before = time.process_time()
    found = config(f'{{"good": 1, "bad": {number}, "list": [1, {number}]}}')
    assert found.integer("good") == 1
    for getter in (found.integer, found.number, found.string, found.section):
        with pytest.raises(CheckpointError, match=f"config.json: bad: .*{reason}"):
            getter("bad")
    with pytest.raises(CheckpointError, match="not a list of integers"):
        found.integers("list")
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"{", "not sound JSON"),
        (b"{'a': 1}", "not sound JSON"),
        (b'{"a": 1,}', "not sound JSON"),
        (b'{"a": 1} x', "not sound JSON"),
        (b'{"a": 01}', "not sound JSON"),
        (b'{"a": "\n"}', "not sound JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"1", "not a JSON object"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a": 1, "b": 2, "a": 3}', "the name “a” is there twice"),
        (b'{"s": {"%s": 1, "%s": 3}}' % (b"x" * 999, b"x" * 999), "is there twice"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
        (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "deeper than 32"),
        (b"[" * 1_000_000, "deeper than 32"),
        (b'{"a":' * 300_000, "deeper than 32"),
        (b'{"a":"' + b"x" * (2 << 20) + b'"}', "up to 2,097,152 are read"),
    ],
    ids=range(19),
)
def test_what_is_no_configuration_is_a_sentence_at_once(config, content, reason):
    before = time.process_time()
    with pytest.raises(CheckpointError, match=reason) as caught:
        config(content)
    assert time.process_time() - before < 1
    assert str(caught.value).startswith("config.json: ")
    assert len(str(caught.value)) < 300


def test_brackets_in_strings_nest_nothing(config):
    assert config({"a": "[" * 100 + '"\\' + "{" * 100}).string("a").startswith("[[")
    assert config('{"a":' * 32 + "1" + "}" * 32).keys() == {"a"}


def test_lists_are_capped(config):
    found = config({"many": [1] * 65_537, "most": [1] * 65_536})
    assert len(found.integers("most")) == 65_536
    with pytest.raises(CheckpointError, match="65,537 elements"):
        found.integers("many")


def test_places_that_are_no_files_are_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError):
        JsonConfig.open(tmp_path / "config.json")
    with pytest.raises(CheckpointError, match="this is a folder"):
        JsonConfig.open(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CheckpointError, match="not an ordinary file"):
        JsonConfig.open(tmp_path / "pipe")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), _VALUES, max_size=6), st.booleans())
def test_sound_json_is_read_as_the_standard_library_reads_it(values, ascii_only):
    text = json.dumps(values, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        want = json.loads(text.decode("utf-8"))
    except UnicodeDecodeError:
        with pytest.raises(CheckpointError, match="not UTF-8"):
            parse_document(text, "x")
        return
    assert parse_document(text, "x") == want


FP8 = {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}


@pytest.mark.parametrize(
    "section",
    [
        FP8,
        {"quant_method": "fp8", "weight_block_size": [128, 128]},
        FP8 | {"activation_scheme": "dynamic", "scale_fmt": "ue8m0"},
        FP8 | {"modules_to_not_convert": ["lm_head"], "ignored_layers": None, "dequantize": False},
    ],
    ids=range(4),
)
def test_v3s_fp8_is_recognised(config, section):
    assert check_quantization(config({"quantization_config": section}))


def test_without_the_section_nothing_is_quantized(config):
    assert not check_quantization(config({}))
    assert not check_quantization(config({"quantization_config": None}))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        *(
            ({"quant_method": name}, f"weights quantized with “{name}” do not run here")
            for name in ("bitsandbytes", "gptq", "awq", "compressed-tensors", "mxfp4", "FP8")
        ),
        (FP8 | {"fmt": "e5m2"}, "fmt “e5m2” does not run here; e4m3 does"),
        (FP8 | {"activation_scheme": "static"}, "activation_scheme “static” does not run"),
        (FP8 | {"weight_block_size": [64, 128]}, r"weight_block_size \[64, 128\] does not run"),
        (FP8 | {"weight_block_size": [128]}, "does not run"),
        (FP8 | {"weight_block_size": None}, "without weight_block_size"),
        ({"quant_method": "fp8"}, "without weight_block_size"),
        (FP8 | {"scale_dtype": 1}, "the field scale_dtype is not known"),
    ],
    ids=range(13),
)
def test_every_other_quantization_is_refused_by_name(config, section, sentence):
    with pytest.raises(UnsupportedModelError, match=sentence) as caught:
        check_quantization(config({"quantization_config": section}))
    assert "config.json: quantization_config: " in str(caught.value)


@pytest.mark.parametrize(
    "section", [{}, {"quant_method": 1}, FP8 | {"fmt": 4}, FP8 | {"weight_block_size": 128}, 5]
)
def test_a_quantization_of_the_wrong_kind_is_named(config, section):
    with pytest.raises(CheckpointError, match=r"config.json: quantization_config"):
        check_quantization(config({"quantization_config": section}))
