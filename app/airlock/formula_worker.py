"""The formula role: draws the formulas of answers, which a model wrote, within limits.

For: `formula_process.py`, which starts it and talks to it over two pipes. Imports neither Qt nor
torch. What seals it is `sealed_worker`'s. It is nicer than the window: formulas can wait.
"""

from __future__ import annotations

import io

from app.airlock import sealed_worker

ALARM_S = 20.0  # more than the parent allows
# Seen with ziamath 0.13 and latex2mathml 3.78: entities of MathML, decoders.
_LOADED_LATE = ("unicodedata", "html", "html.entities", "xml.etree.ElementTree")
# One of each kind that asks for something when it is first drawn.
_WARM_UP = (
    r"\frac{\alpha}{\sqrt[3]{x}} + \sum_{i=1}^n \int_0^\infty \mathbb{R}\mathcal{L}\mathfrak{g}",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}\begin{cases}1\\2\end{cases}",
    r"\begin{align}a&=b\\c&=d\end{align}",
    r"\boxed{x}\cancel{y}\overline{ab}\vec{v}\hat{a}\left\lceil\frac{a}{b}\right\rceil\text{é}",
    r"\nothing\of{the}\kind",
    r"\frac{",
)


def main() -> int:
    """Draw what is asked until the input ends."""
    from app.markup.formula_serving import serve

    sealed_worker.step_back()
    return sealed_worker.run(warm_up, serve, ALARM_S)


def warm_up() -> None:
    """Load what Python and ziamath load late, because nothing can be opened once sealed."""
    from app.markup.formula_outline import FormulaKey
    from app.markup.formula_serving import serve
    from app.markup.formula_wire import encode_job
    from inference.prompt.wire import write_frame

    sealed_worker.load(_LOADED_LATE)
    jobs = io.BytesIO()
    for is_display in (False, True):
        keys = [FormulaKey(source, is_display) for source in _WARM_UP]
        write_frame(jobs, encode_job(keys))
    jobs.seek(0)
    serve(jobs, io.BytesIO())
