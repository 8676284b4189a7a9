"""The template role: renders chat templates, which come with model files, within limits.

For: `template_process.py`, which starts it and talks to it over two pipes. Imports neither
Qt nor torch. What seals it is `sealed_worker`'s.
"""

from __future__ import annotations

import io

from app.airlock import sealed_worker

# Twice what the parent allows.
ALARM_S = 2.0
# Seen with Jinja 3.1: its traceback code, the decoder of string literals, date formats.
_LOADED_LATE = ("jinja2.debug", "pprint", "random", "_strptime", "unicodedata")
_WARM_UP_TEMPLATES = (
    "{% for m in messages %}{{ m['role'] ~ ': ' ~ m.content | trim | tojson }}{% endfor %}",
    "{{ strftime_now('%Y-%m-%d') }}",
    "{{ raise_exception('no') }}",
    "{{ nothing.at_all }}",
    "{% wrong %}",
)


def main() -> int:
    """Render what is asked until the input ends."""
    from inference.prompt.worker import serve

    return sealed_worker.run(warm_up, serve, ALARM_S)


def warm_up() -> None:
    """Load what Python and Jinja load late, because nothing can be opened once sealed."""
    from inference.prompt.rendered import TemplateJob
    from inference.prompt.wire import encode_job, write_frame
    from inference.prompt.worker import serve
    from inference.request import Message

    sealed_worker.load(_LOADED_LATE)
    jobs = io.BytesIO()
    for source in _WARM_UP_TEMPLATES:
        write_frame(jobs, encode_job(TemplateJob(source, (Message("user", "text"),))))
    jobs.seek(0)
    serve(jobs, io.BytesIO())
