import json

import pytest

from inference.prompt.families import (
    FAMILIES,
    ThinkingMarkers,
    family_of,
    with_system_as_instructions,
)
from inference.prompt.recommended import Recommended
from inference.prompt.rendered import TemplateJob
from inference.prompt.sandbox import SandboxRenderer
from inference.request import Message, SamplerSettings
from tests.computed import for_less_than


def tokens(*texts):
    return frozenset(texts).__contains__


NONE = tokens()
DEEPSEEK = tokens("<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>")
QWEN = tokens("<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<think>", "</think>")
THINK = tokens("<think>", "</think>")


@pytest.mark.parametrize(
    ("name", "expected", "switch", "thinks"),
    [
        ("deepseek-r1", "deepseek-r1", None, True),
        ("deepseek-r1-671b", "deepseek-r1", None, True),
        ("deepseek-r1-0528", "deepseek-r1-0528", None, True),
        ("deepseek_v3", "deepseek-v3", None, False),
        ("deepseek-v3-0324", "deepseek-v3", None, False),
        ("deepseek-v3.1", "deepseek-v3.1", "thinking", True),
        ("glm-4.5", "glm", "enable_thinking", True),
        ("glm-4.7-flash", "glm", "enable_thinking", True),
        ("kimi-k2-thinking", "kimi-k2-thinking", None, True),
        ("moonlight", "moonlight", None, False),
        ("llama3_1", "llama3", None, False),
        ("llama3_2", "llama3", None, False),
        ("smollm2", "unknown", None, False),
    ],
)
def test_the_makers_templates_are_known_by_their_text_alone(
    template, name, expected, switch, thinks
):
    family = family_of(template(name), NONE, "")
    assert (family.name, family.thinking_switch) == (expected, switch)
    assert (family.markers == ThinkingMarkers()) is thinks


def test_qwen_is_known_by_its_vocabulary_or_its_name(template):
    source = template("qwen3")
    for family in (family_of(source, QWEN, ""), family_of(source, NONE, "Qwen3 8B")):
        assert (family.name, family.thinking_switch) == ("qwen3", "enable_thinking")
        assert family.sampling() == Recommended(0.6, 0.95, 20, 0.0)
        assert family.sampling(thinking=False) == Recommended(0.7, 0.8, 20, 0.0)
    chat_ml = "{% for m in messages %}<|im_start|>{{ m.content }}{% endfor %}"
    assert family_of(chat_ml, tokens("<|object_ref_start|>"), "").name == "qwen"
    assert family_of(chat_ml, NONE, "").name == "unknown"


def test_a_distill_is_r1_whatever_vocabulary_it_stands_on(template):
    for has_token in (QWEN, tokens("<|start_header_id|>", "<think>", "</think>")):
        family = family_of(template("deepseek-r1"), has_token, "DeepSeek-R1-Distill")
        assert family.name == "deepseek-r1"
    assert family_of(template("deepseek-r1-0528"), QWEN, "Qwen3-8B").name == "deepseek-r1-0528"


def test_kimi_has_markers_of_its_own(template):
    family = family_of(template("kimi-k2"), NONE, "")
    assert family.markers == ThinkingMarkers("◁think▷", "◁/think▷")
    assert family_of(template("moonlight"), NONE, "Kimi-VL").name == "kimi"


@pytest.mark.parametrize(
    ("has_token", "model_name", "expected"),
    [
        (DEEPSEEK, "DeepSeek-R1", "deepseek-r1"),
        (DEEPSEEK, "deepseek r1 0528", "deepseek-r1-0528"),
        (DEEPSEEK, "", "deepseek-v3"),
        (QWEN, "", "qwen3"),
        (tokens("[gMASK]", "<think>"), "", "glm"),
        (tokens("<|im_middle|>"), "", "moonlight"),
        (tokens("<|start_header_id|>"), "", "llama3"),
        (NONE, "DeepSeek-R1", "unknown"),
    ],
)
def test_without_a_template_the_vocabulary_tells(has_token, model_name, expected):
    assert family_of("", has_token, model_name).name == expected


def test_v2_is_known_by_its_words():
    source = "{{ 'User: ' + messages[0]['content'] + '\n\nAssistant:' }}"
    assert family_of(source, tokens("<｜end▁of▁sentence｜>"), "").name == "deepseek-v2"
    assert family_of(source, NONE, "").name == "unknown"


def test_whatever_names_the_tags_may_think():
    assert family_of("", THINK, "").markers == ThinkingMarkers()
    assert family_of("{{ '<think>' }}", NONE, "").close_text == "\n</think>\n\n"
    assert family_of("x", tokens("<think>"), "").markers is None
    assert family_of("", THINK, "").recommended == Recommended()


@pytest.mark.parametrize(
    ("source", "switch"),
    [
        ("{% if enable_thinking %}<think>{% endif %}", "enable_thinking"),
        ("{%- if not thinking is defined %}<think>{% endif %}", "thinking"),
        ("<think>{{ message.thinking }}", None),
        ("<think>{{ message['enable_thinking'] }}", None),
        ("<think> enable_thinking", None),
        ("<think>{{ 'say \\' enable_thinking' }}", None),
        ("<think>{% set thinking = true %}", None),
        ("<think>{{ 'x' if thinking == true }}", "thinking"),
    ],
)
def test_a_switch_is_a_variable_that_the_template_reads(source, switch):
    assert family_of(source, NONE, "").thinking_switch == switch


def test_what_keeps_earlier_thoughts_is_found_too(template):
    source = template("glm-4.7-flash")
    family = family_of(source, NONE, "")
    assert not family.keeps_thoughts
    messages = (
        Message("user", "a"), Message("assistant", "b", "because"), Message("user", "c"),
    )  # fmt: skip
    switched = {family.history_switch.name: family.history_switch.value}
    for variables, kept in (({}, False), (switched, True)):
        prompt = SandboxRenderer().render(TemplateJob(source, messages, variables))
        assert ("because" in prompt.text) is kept


def test_the_switch_does_what_it_says(template):
    for name, has_token in (("qwen3", QWEN), ("deepseek-v3.1", NONE), ("glm-4.7-flash", NONE)):
        source = template(name)
        family = family_of(source, has_token, "")
        texts = {}
        for thinking in (None, True, False):
            variables = {} if thinking is None else {family.thinking_switch: thinking}
            job = TemplateJob(source, (Message("user", "a"),), variables)
            texts[thinking] = SandboxRenderer().render(job).text
        assert texts[None] == texts[family.thinks_by_default]
        assert texts[True] != texts[False]
        assert texts[False].rstrip().endswith(family.markers.close)


def test_r1_takes_instructions_in_the_first_user_message(template):
    r1 = family_of(template("deepseek-r1"), NONE, "")
    messages = (
        Message("system", "Be brief."),
        Message("assistant", "Hello."),
        Message("user", "Why?"),
        Message("user", "And how?"),
    )
    assert r1.prepared(messages) == (
        Message("assistant", "Hello."),
        Message("user", "Be brief.\n\nWhy?"),
        Message("user", "And how?"),
    )
    assert family_of(template("deepseek-r1-0528"), NONE, "").prepared(messages) == messages


def test_instructions_are_never_dropped():
    two = (Message("system", "a"), Message("user", ""), Message("system", "b"))
    assert with_system_as_instructions(two) == (Message("user", "a\n\nb"),)
    alone = (Message("system", "a"), Message("assistant", "c", "why"))
    assert with_system_as_instructions(alone) == alone
    plain = (Message("user", "q"),)
    assert with_system_as_instructions(plain) == plain


def test_every_familys_values_are_in_range():
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    for family in FAMILIES:
        for thinking in (True, False, None):
            family.sampling(thinking=thinking).settings(SamplerSettings())
        if family.markers is not None:
            assert family.close_text.strip() == family.markers.close
            json.dumps(family.close_text)


@pytest.mark.parametrize("piece", ["{%", "{{'", "'\\", "{% '\\'", '{{ "', "enable_thinking{%'"])
def test_no_template_takes_long_to_recognise(piece):
    with for_less_than(2):
        family_of("enable_thinking<think>" + piece * 500_000, NONE, "")
