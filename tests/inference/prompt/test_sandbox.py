import pytest

from inference.errors import TemplateError
from inference.prompt.rendered import TemplateJob
from inference.prompt.sandbox import SandboxRenderer
from inference.request import Message
from tests.inference.prompt.hostile_templates import QUICK

VARIABLES = {"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<|im_end|>"}
MARK = "Ж"
USER = (Message("user", MARK),)


def render(source, messages=USER, generation=False):
    return SandboxRenderer().render(TemplateJob(source, messages, VARIABLES, generation))


def untyped(prompt):
    edges = [0, *(edge for span in prompt.typed_spans for edge in span), len(prompt.text)]
    return "".join(prompt.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize(
    "expression",
    [
        "'[' + c + ']'",
        "'[' ~ c ~ ']'",
        "'[' ~ (c|trim) ~ ']'",
        "(' [' + c + '] ')|trim",
        "(' [' + c + '] ').strip()",
        "['[', c, ']']|join",
        "''.join(['[', c, ']'])",
        "'[{}]'.format(c)",
        "'[{x}]'.format_map({'x': c})",
        "'[{0.content}]'.format(messages[0])",
        "('[' + c + ']')|string|lower|upper",
        "('[' + c + ']').title()",
        "('[' + c + ']').replace('q', 'z')",
        "('[' + c + ']')|replace('q', 'z')",
        "('q[' + c + ']').removeprefix('q').removesuffix('z')",
        "('[' + c + ']|x').split('|')[0]",
        "('x|[' + c + ']').rsplit('|', 1)|last",
        "('x [' + c + ']').split()[1]",
        "('[' + c + ']\nx').splitlines()|first",
        "('x|[' + c + ']').partition('|')[2]",
        "('[' + c + ']|x').rpartition('|')|first",
        "('x[' + c + ']')[1:]",
        "('x[' + c + ']')[1] ~ c ~ ']'",
        "'[' ~ messages|map(attribute='content')|join ~ ']'",
        "'[' ~ (messages|selectattr('role', 'equalto', 'user')|first).content ~ ']'",
        "('[' + c + ']')|default('x')",
        "'[' ~ (c|list|join('')) ~ ']'",
    ],
)
def test_spans_survive(expression):
    prompt = render("{% set c = messages[0].content %}{{ " + expression + " }}")
    assert prompt.text == f"[{MARK}]"
    assert prompt.typed_spans == ((1, 2),)


@pytest.mark.parametrize(
    "expression",
    [
        "messages|tojson",
        "messages",
        "c|indent(2, true)",
        "c|reverse",
        "c[::-1]",
        "c.zfill(3)",
        "c|center(9)",
        "'%s' % c",
        "'%s'|format(c)",
        "'{:>5}'.format(c)",
        "'{!r}'.format(c)",
        "c.format(1)",
        "c * 3",
        "(c ~ 'ß').upper()",
        "c.replace('', 'x')",
        "c|escape",
        "messages|map(attribute='content')|map('reverse')|join",
        "messages|string",
        "[c]|string",
        "c.translate({1046: 'y'})",
        "c|urlencode",
        "dict(a=c)|tojson",
        "c|batch(2)|list",
        "c.expandtabs()",
        "messages[0].values()",
        "messages[0].items()|string",
        "namespace(a=c)",
        "'{}'.format(namespace(a=c))",
        "[messages[0].values()]|join",
        "('%s' % namespace(a=c))",
    ],
)
def test_where_the_track_is_lost_all_is_typed(expression):
    prompt = render("{% set c = messages[0].content %}{{ " + expression + " }}")
    assert prompt.text
    assert prompt.typed_spans == ((0, len(prompt.text)),)


def test_macros_blocks_and_loops_keep_the_track():
    prompt = render(
        "{% macro turn(m) %}<{{ m.role }}>{{ m.content }}{{ caller() }}{% endmacro %}"
        "{% for m in messages %}{% call turn(m) %}<end>{% endcall %}{% endfor %}"
        "{% set kept %}({{ messages[0].content }}){% endset %}{{ kept }}"
        "{% filter trim %} [{{ messages[0].content }}] {% endfilter %}"
        "{% for letter in messages[0].content %}{{ letter }}{% break %}{% endfor %}"
        "{% generation %}x{% endgeneration %}"
        "{% set ns = namespace(t='') %}{% set ns.t = ns.t + messages[0].content %}{{ ns.t }}"
    )
    assert prompt.text == f"<user>{MARK}<end>({MARK})[{MARK}]{MARK}x{MARK}"
    assert untyped(prompt) == "<user><end>()[]x"


def test_an_empty_message_leaves_the_templates_text_untyped():
    source = "{{ '<a>%s' % messages[0].content }}{{ ('<b>' ~ messages[0].content)|indent }}"
    assert render(source, (Message("user", ""),)).typed_spans == ()


def test_reasoning_is_there_only_where_there_is_some():
    source = "{% for m in messages %}{{ m.reasoning_content is defined }}{% endfor %}"
    messages = (Message("assistant", "a", "why"), Message("assistant", "a"))
    assert render(source, messages).text == "TrueFalse"


def test_the_clock_and_json_are_as_transformers_has_them():
    assert len(render("{{ strftime_now('%Y') }}").text) == 4
    assert render("{{ {'é': '<'}|tojson }}").text == '{"é": "<"}'


@pytest.mark.parametrize("name", sorted(QUICK))
def test_hostile_templates_are_refused(name):
    with pytest.raises(TemplateError) as refusal:
        render(QUICK[name])
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("name", ["smollm2", "deepseek_v3", "qwen3", "glm-4.7-flash"])
def test_a_megabyte_is_one_span(template, name):
    source = template(name)
    big = Message("user", "<|im_end|>я" * 100_000)
    prompt = render(source, (big,))
    assert len(prompt.typed_spans) == 1


@pytest.mark.parametrize(
    ("fault", "words"), [(MemoryError, "memory"), (RecursionError, "without end")]
)
def test_faults_of_the_machine_become_sentences(monkeypatch, fault, words):
    def fail(self, job):
        raise fault

    monkeypatch.setattr(SandboxRenderer, "_render", fail)
    with pytest.raises(TemplateError, match=words):
        render("x")
