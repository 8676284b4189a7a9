"""The markup role: reads the Markdown of long answers, which a model wrote, within limits.

For: `markup_process.py`, which starts it and talks to it over two pipes. Imports neither Qt nor
torch. What seals it is `sealed_worker`'s. It is nicer than the window, which shows what it has.
"""

from __future__ import annotations

import io

from app.airlock import sealed_worker

ALARM_S = 60.0  # more than the parent allows
_LOADED_LATE = ("unicodedata", "html", "html.entities", "app.markup.parsing")
# One of each kind of block and span.
_WARM_UP = """# A *heading* of **words**\n
Text with `code`, ~~strokes~~, [a link](http://a "t"), ![an image](b), <http://c>, <b>, &amp;,
$x^2$, \\(y\\), a note[^1] and [one][ref].\u202e\n
> - [ ] a task\n>   1. deeper\n
| a | b |\n|---|--:|\n| c | `d` |\n
```py\nx = 1\n```\n
$$\\frac{a}{b}$$\n\n---\n\n[ref]: http://d 'title'\n\n[^1]: A note.\n
<div>html</div>\n\n    indented\n\nHeading\n===\n"""


def main() -> int:
    """Read what is asked until the input ends."""
    from app.markup.markup_serving import serve

    sealed_worker.step_back()
    return sealed_worker.run(warm_up, serve, ALARM_S)


def warm_up() -> None:
    """Load what Python and markdown-it load late, because nothing can be opened once sealed."""
    from app.markup.markup_serving import serve
    from app.markup.markup_wire import Job, encode_job
    from inference.prompt.wire import write_frame

    sealed_worker.load(_LOADED_LATE)
    jobs = io.BytesIO()
    for job in (Job(_WARM_UP), Job(_WARM_UP, number=1), Job("<a", number=1, start=len(_WARM_UP))):
        write_frame(jobs, encode_job(job))
    jobs.seek(0)
    serve(jobs, io.BytesIO())
