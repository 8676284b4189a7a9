"""Templates that want out, or want everything. One list for the sandbox and for the process.

`QUICK` are refused by the sandbox itself; `ENDLESS` only by the limits of the process.
"""

_NEST = "{% if true %}" * 3000 + "{% endif %}" * 3000

QUICK = {
    "class walk": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ raise_exception.__globals__.os.system }}",
    "attr filter": "{{ (''|attr('__class__')).__mro__[1].__subclasses__() }}",
    "map attribute": "{{ (messages|map(attribute='__class__')|first).__mro__ }}",
    "format attribute": "{{ '{0.__class__.__init__.__globals__}'.format(raise_exception) }}",
    "format map": "{{ '{a.__class__.__mro__}'.format_map({'a': messages}).__class__() }}",
    "character of a number": "{{ '%c' % 60 }}",
    "padded character of a number": "{{ '%05c' % (60,) }}",
    "formatted character": "{{ '{:c}'.format(60) }}",
    "filtered character": "{{ '%c'|format(60) }}",
    "self": "{{ self.__init__.__globals__['__builtins__'] }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os.system('id') }}",
    "extends": "{% extends '/etc/passwd' %}",
    "mutates": "{{ messages.append(1) }}",
    "huge text": "{{ 'a' * 1000000000 }}",
    "huge list": "{{ [0] * 1000000000 }}",
    "doubling": "{% set ns = namespace(a='aaaaaaaa') %}{% for i in range(99) %}"
    "{% set ns.a = ns.a + ns.a %}{% endfor %}{{ ns.a }}",
    "long output": "{% for i in range(99999) %}{{ 'x' * 4000 }}{% endfor %}",
    "power": "{{ 9 ** 99999 }}",
    "percent width": "{{ '%999999999d' % 1 }}",
    "percent star": "{{ '%*d' % (999999999, 1) }}",
    "format width": "{{ '{:999999999}'.format(1) }}",
    "nested width": "{{ '{:{}}'.format(1, 999999999) }}",
    "centred": "{{ 'x'|center(999999999) }}",
    "justified": "{{ 'x'.ljust(999999999) }}",
    "json indent": "{{ messages|tojson(indent=999999999) }}",
    "range": "{% for i in range(999999999) %}x{% endfor %}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "caller": "{% macro m(n) %}{{ caller(n) }}{% endmacro %}"
    "{% macro r(n) %}{% call(k) m(n) %}{{ r(k) }}{% endcall %}{% endmacro %}{{ r(1) }}",
    "replace": "{{ ('a' * 4000).replace('a', 'b' * 4000) }}",
    "bytes": "{{ messages[0].content.encode() }}",
    "syntax": "{% for %}",
    "nesting": _NEST,
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "too long": "x" * (256 * 1024 + 1),
    "refusal": "{{ raise_exception('roles must alternate') }}",
    "division": "{{ 1 // 0 }}",
}

ENDLESS = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "slices": "{{ 'x'|list|slice(99999)|list|map('list')|map('length')|list|length }}"
    "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a %}{% endfor %}{% endfor %}",
}
