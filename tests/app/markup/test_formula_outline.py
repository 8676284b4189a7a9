"""LaTeX becomes outlines; what is hostile, endless or unknown does not."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.markup.formula_limits import FormulaError, check_source
from app.markup.formula_outline import EM, FormulaKey, Step, outline_in, outline_of

ROOT = Path(__file__).resolve().parents[3]
LISTENING = r"""
import json, os, sys
from app.markup.formula_outline import FormulaKey, outline_of

heard = []

def note(event, args):
    if event in ("open", "socket.connect", "subprocess.Popen"):
        heard.append(event)

def during(work):
    heard.clear()
    work()
    return list(heard)

outline_of(FormulaKey("x"))  # reads the font
sys.addaudithook(note)
found = {
    "opening a file": during(lambda: open(os.devnull).close()),
    "drawing": during(
        lambda: outline_of(FormulaKey(r"\frac{\alpha}{\text{file:///etc/passwd}}"))
    ),
}
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    "source",
    [
        "x",
        r"n = \left\lceil\frac{\pi r^2(d-b)}{v}\right\rceil",
        r"\sum_{t=1}^5 \frac{F}{(1+0.03)^t}",
        r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        r"\begin{cases}1 & x > 0\\ 0 & \text{otherwise}\end{cases}",
        r"\begin{align}a&=b\\c&=d\end{align}",
        r"\begin{equation}E = mc^2\end{equation}",
        r"\boxed{x} \cancel{y}",
        r"f: \mathbb{R} \to \mathbb{R},\ \text{für alle } x \in \mathbb{R}",
        r"\sqrt[3]{x} \vec{v} \hat{a} \overline{ab}",
        r"\lim_{n\to\infty} a_n",
        r"a = b \tag{1}",
        r"|x|_{-1cm}".replace("_{-1cm}", "_{-1}"),
    ],
)
def test_formulas_become_outlines(source):
    outline = outline_of(FormulaKey(source, is_display=True))
    assert outline.width > 0.3 * EM
    assert outline.height > 0.3 * EM
    points = [point for shape in outline.shapes for point in shape.points]
    assert len(points) > 8
    assert all(shape.points[0][0] is Step.MOVE for shape in outline.shapes)


def test_a_formula_in_a_line_is_lower_than_one_by_itself():
    inline = outline_of(FormulaKey(r"\sum_{i=1}^n i"))
    display = outline_of(FormulaKey(r"\sum_{i=1}^n i", is_display=True))
    assert inline.height < display.height


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  ",
        "x" * 2001,
        r"\phantom{secret}",
        r"\color{white} secret",
        r"a\llap{b}",
        r"x\hspace{-5em}y",
        r"x\kern-5em y",
        r"x\mkern -18mu y",
        r"\def\a{\b\b}\def\b{\a\a}\a",
        r"\newcommand{\x}{y}",
        r"\href{file:///etc/passwd}{x}",
        r"\includegraphics{/etc/passwd}",
        "{" * 41 + "x" + "}" * 41,
        r"\left(" * 41,
        "_" * 10,
        "x" + "'" * 12,
        r"\text{中文}",
        r"\text{😀}",
        r"\rule{1000em}{1000em}",
        r"\frac{a",
        r"\begin{nothing}",
        "x^1^2",
    ],
)
def test_what_is_hostile_or_wrong_is_not_drawn(source):
    with pytest.raises(Exception):  # noqa: B017 - ziamath raises what it likes
        outline_of(FormulaKey(source))


def test_a_command_that_only_begins_like_a_refused_one_is_drawn():
    check_source(r"\aboveright", lambda _char: True)
    with pytest.raises(FormulaError, match="above"):
        check_source(r"{a \above 1pt b}", lambda _char: True)


def test_a_formula_that_takes_too_long_is_given_up():
    before = sys.getprofile()
    with pytest.raises(FormulaError, match="takes more than"):
        outline_of(FormulaKey(r"\frac{a}{b}" * 100), limit_s=0.0)
    assert sys.getprofile() is before


def test_drawing_opens_no_file():
    """In a process of its own: who listens to a process can't be made to stop."""
    done = subprocess.run(
        [sys.executable, "-c", LISTENING], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout)
    assert heard["opening a file"] == ["open"], "it would hear one"
    assert heard["drawing"] == []


def test_shapes_that_are_not_known_are_refused():
    svg = ET.fromstring('<svg viewBox="0 0 10 10"><image href="file:///x"/></svg>')
    with pytest.raises(FormulaError, match="<image>"):
        outline_in(svg)
    svg = ET.fromstring('<svg viewBox="0 0 10 10"><path d="A 1 2 3"/></svg>')
    with pytest.raises(FormulaError, match="“A”"):
        outline_in(svg)


def test_groups_curves_and_ellipses_are_outlines():
    svg = ET.fromstring(
        '<svg viewBox="0 -5 10 10"><g><ellipse cx="5" cy="0" rx="2" ry="1"/></g>'
        '<path d="M 0 0 C 1 1 2 2 3 3 Z"/></svg>'
    )
    outline = outline_in(svg)
    assert (outline.left, outline.top, outline.width, outline.height) == (0, -5, 10, 10)
    assert [len(shape.points) for shape in outline.shapes] == [13, 5]
    assert outline.shapes[1].points[-1] == (Step.LINE, 0.0, 0.0), "closed"
