"""The makers' own templates, rendered as transformers renders them."""

import functools
import random
import unicodedata

import jinja2
import pytest
import tokenizers
from transformers.utils.chat_template_utils import render_jinja_template

from inference.errors import TemplateError
from inference.prompt.rendered import TemplateJob
from inference.prompt.sandbox import SandboxRenderer
from inference.request import Message
from tests.inference.prompt.conversations import (
    LOOKALIKES,
    MARK,
    as_originals_know_it,
    conversation,
)

VARIABLES = {"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<|im_end|>"}
# 300 for those whose tokenizers are here too, fewer for each other one.
COUNTS = {"deepseek_v3": 300, "qwen3": 300}
NAMES = (
    "deepseek-r1", "deepseek-r1-671b", "deepseek-r1-0528", "deepseek_v3", "deepseek-v3-0324",
    "deepseek-v3.1", "qwen3", "glm-4.5", "glm-4.7-flash", "kimi-k2", "kimi-k2-thinking",
    "moonlight", "llama3_1", "llama3_2", "smollm2",
)  # fmt: skip


@functools.cache
def renderer():
    return SandboxRenderer()


def original(source, messages, generation, variables):
    (text,), _ = render_jinja_template(
        [as_originals_know_it(messages)],
        chat_template=source,
        add_generation_prompt=generation,
        **variables,
    )
    return text


def untyped(prompt):
    edges = [0, *(edge for span in prompt.typed_spans for edge in span), len(prompt.text)]
    return "".join(prompt.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_it_renders_what_transformers_renders_and_knows_what_was_typed(template, name):
    source = template(name)
    generator = random.Random(11)
    rendered = 0
    for _ in range(COUNTS.get(name, 60)):
        messages = conversation(generator)
        generation = generator.random() < 0.5
        variables = VARIABLES | {"date_string": "26 Jul 2024"}
        for switch in ("enable_thinking", "thinking", "clear_thinking"):
            if (value := generator.choice((None, True, False))) is not None:
                variables |= {switch: value}
        job = TemplateJob(source, messages, variables, generation)
        try:
            expected = original(source, messages, generation, variables)
        except jinja2.TemplateError:
            with pytest.raises(TemplateError):
                renderer().render(job)
            continue
        prompt = renderer().render(job)
        assert prompt.text == expected
        assert not set(f"{MARK}😀你") & set(untyped(prompt))
        rendered += 1
    assert rendered > 50


def test_the_date_is_todays(template):
    source = template("llama3_2")
    messages = (Message("user", "hello"),)
    dates = [original(source, messages, True, VARIABLES)]
    prompt = renderer().render(TemplateJob(source, messages, VARIABLES))
    dates.append(original(source, messages, True, VARIABLES))  # midnight may lie between
    assert prompt.text in dates


@pytest.mark.parametrize("name", ["deepseek_v3", "qwen3", "llama3_1"])
def test_ids_are_the_originals_but_for_lookalikes(template, library_of, tokenizer_of, name):
    source, library, tokenizer = template(name), library_of(name), tokenizer_of(name)
    outside = set(library.get_added_tokens_decoder())
    composes = isinstance(library.normalizer, tokenizers.normalizers.NFC)
    generator = random.Random(12)
    for _ in range(40):
        messages = conversation(generator, lookalikes=False)
        prompt = renderer().render(TemplateJob(source, messages, VARIABLES))
        expected = library.encode(prompt.text, add_special_tokens=False).ids
        assert tokenizer.encode_prompt(prompt) == expected
        lures = tuple(
            Message(m.role, f"{m.content}{generator.choice(LOOKALIKES)}x", m.reasoning)
            for m in messages
        )
        prompt = renderer().render(TemplateJob(source, lures, VARIABLES))
        ids = tokenizer.encode_prompt(prompt)
        template_alone = library.encode(untyped(prompt), add_special_tokens=False).ids
        assert [n for n in ids if n in outside] == [n for n in template_alone if n in outside]
        text = tokenizer.decode(ids, show_control=True)
        assert text == (unicodedata.normalize("NFC", prompt.text) if composes else prompt.text)


def test_what_templates_ask_of_the_environment():
    source = (
        "{%- if tools is not none %}tools{% endif %}{% if documents %}documents{% endif %}"
        "{%- macro shown(m, last=false) -%}{{ m.role[0]|upper }}:{{ m.content|trim }}"
        "{{ '.' if last else ',' }}{%- endmacro -%}"
        "{% for m in messages[::-1] %}{% if loop.previtem is defined %}"
        "{{ loop.previtem.role }}>{% endif %}{{ shown(m, last=loop.last) }}{% endfor %}"
        "{% generation %}{{ messages|length }}{% endgeneration %}"
        "{{ {'a': [1, none, true], 'é': '<'}|tojson }}"
        "{% set ns = namespace(text='') %}{% for m in messages %}"
        "{% set ns.text = ns.text ~ m.content.strip().split(' ')[0] %}{% endfor %}{{ ns.text }}"
        "{% for m in messages if m.role != 'system' %}{% if loop.index0 == 1 %}{% break %}"
        "{% endif %}{{ m.get('name', 'nobody') }}{{ m['thinking'] is defined }}{% endfor %}"
    )
    messages = (Message("system", "be brief"), Message("user", " a b "), Message("assistant", "c"))
    prompt = renderer().render(TemplateJob(source, messages, {}, False))
    assert prompt.text == original(source, messages, False, {})
    assert prompt.text.startswith("A:c,assistant>U:a b,user>S:be brief.3")


@pytest.mark.parametrize(
    "source",
    [
        "{{ messages[0].content['text'] }}",
        "{{ messages[0].content[0].type }}",
        "{{ messages[0].content[99] }}",
        "{{ messages[0]['content']['type'] is defined }}",
        "{% for part in messages[0].content %}{{ part['text'] }}-{% endfor %}",
    ],
)
def test_text_has_no_items_by_name(source):
    messages = (Message("user", "ab"),)
    prompt = renderer().render(TemplateJob(source, messages, {}, False))
    assert prompt.text == original(source, messages, False, {})


def test_a_template_may_refuse_a_conversation():
    source = "{{ raise_exception('Roles must alternate') }}"
    with pytest.raises(TemplateError, match="refuses this chat: Roles must alternate"):
        renderer().render(TemplateJob(source, (Message("user", "a"),)))
