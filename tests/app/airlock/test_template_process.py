"""The template worker from its owner's side: limits, death, restart, ending."""

import itertools
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.airlock import sealed_process, sealed_worker, template_process, template_worker
from app.airlock.sealed_process import _Watchdog
from app.airlock.sealed_worker import AlarmedReader
from app.airlock.syscalls import this_architecture
from app.airlock.template_process import TemplateProcess
from inference.errors import TemplateError
from inference.prompt.rendered import TemplateJob
from inference.request import Message
from tests.computed import WorkOf

ROOT = Path(__file__).resolve().parents[3]
JOB = TemplateJob("{{ messages[0].content }}", (Message("user", "hello"),))

# A worker that speaks the protocol and then does what ACTION says.
FAKE = """
import sys, time, os, signal
sys.path.insert(0, {root!r})
from inference.prompt.wire import *
from inference.prompt.rendered import RenderedPrompt
from inference.errors import TemplateError
reader, writer = sys.stdin.buffer, sys.stdout.buffer
{before}
write_frame(writer, b"sealed")
while (frame := read_frame(reader, JOB_LIMIT_BYTES)) is not None:
    job = decode_job(frame)
    text = job.messages[0].content
    if text == "hang":
        time.sleep(600)
    if text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "babble":
        sys.stdout.buffer.write(b"\\x7f\\xff\\xff\\xff"); sys.stdout.buffer.flush(); os._exit(0)
    if text == "not json":
        write_frame(writer, b"{{")
    elif text == "refuse":
        write_frame(writer, encode_reply(TemplateError("No such role.")))
    else:
        write_frame(writer, encode_reply(RenderedPrompt(text, ((0, len(text)),))))
"""


def fake(before: str = "") -> list[str]:
    return [sys.executable, "-c", FAKE.format(root=str(ROOT), before=before)]


def job(text: str) -> TemplateJob:
    return TemplateJob("", (Message("user", text),))


@pytest.fixture
def worker() -> Iterator[TemplateProcess]:
    process = TemplateProcess(fake(), time_limit_s=0.3)
    yield process
    process.close()


def test_a_job_travels_there_and_back(worker: TemplateProcess) -> None:
    worker.start()
    found = worker.render(job("hello"))
    assert (found.text, found.typed_spans) == ("hello", ((0, 5),))
    first = worker.process_id()
    worker.render(job("again"))
    assert worker.process_id() == first


def test_a_job_over_its_time_is_stopped_and_the_next_one_is_served(worker: TemplateProcess) -> None:
    worker.render(job("hello"))
    before = worker.process_id()
    with pytest.raises(TemplateError, match=r"longer than 0\.3 s"):
        worker.render(job("hang"))
    assert worker.process_id() not in (None, before)
    assert worker.render(job("hello")).text == "hello"


@pytest.mark.parametrize("text", ["die", "babble"])
def test_a_job_that_brings_the_worker_down_is_a_sentence(
    worker: TemplateProcess, text: str
) -> None:
    with pytest.raises(TemplateError, match="brought down the process"):
        worker.render(job(text))
    assert worker.render(job("hello")).text == "hello"


def test_a_worker_killed_between_jobs_is_replaced_unseen(worker: TemplateProcess) -> None:
    worker.render(job("hello"))
    assert worker.worker._process is not None
    worker.worker._process.kill()
    worker.worker._process.wait()
    assert worker.process_id() is None
    assert worker.render(job("hello")).text == "hello"


def test_what_the_worker_refuses_is_passed_on(worker: TemplateProcess) -> None:
    with pytest.raises(TemplateError, match=r"^No such role\.$"):
        worker.render(job("refuse"))
    with pytest.raises(TemplateError, match="not of the agreed form"):
        worker.render(job("not json"))
    assert worker.render(job("hello")).text == "hello"


def test_a_chat_too_large_to_send_is_refused_before_it_is_sent(
    worker: TemplateProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_process, "JOB_LIMIT_BYTES", 10_000)
    with pytest.raises(TemplateError, match="at most 10,000"):
        worker.render(job("x" * 10_000))
    assert worker.process_id() is None


@pytest.mark.parametrize("before", ["sys.exit(1)", "write_frame(writer, b'something else')"])
def test_a_worker_that_does_not_start_is_a_sentence(before: str) -> None:
    worker = TemplateProcess(fake(before))
    with pytest.raises(TemplateError, match="did not start"):
        worker.render(job("hello"))
    worker.close()


def test_a_worker_that_is_silent_at_its_start_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_process, "_START_LIMIT_S", 0.2)
    worker = TemplateProcess([sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(TemplateError, match="did not start"):
        worker.is_sealed()
    worker.close()


def test_a_program_that_does_not_exist_is_a_sentence() -> None:
    worker = TemplateProcess(["/no/such/program"])
    with pytest.raises(TemplateError, match="could not be started"):
        worker.start()
    worker.close()


def test_closed_is_closed(worker: TemplateProcess) -> None:
    worker.start()
    worker.close()
    assert worker.process_id() is None
    with pytest.raises(TemplateError, match="has been closed"):
        worker.render(job("hello"))
    worker.close()


def test_a_worker_that_will_not_end_is_killed_on_close() -> None:
    worker = TemplateProcess([sys.executable, "-c", "import time; time.sleep(600)"])
    worker.start()
    process = worker.worker._process
    assert process is not None
    worker.close()
    assert process.returncode == -9


def test_an_interrupted_job_leaves_no_half_answer_behind(
    worker: TemplateProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sealed_process._receive

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    worker.render(job("before"))
    monkeypatch.setattr(sealed_process, "_receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.render(job("old"))
    monkeypatch.setattr(sealed_process, "_receive", real)
    assert worker.render(job("new")).text == "new"


def test_several_threads_take_turns(worker: TemplateProcess) -> None:
    answers: dict[str, str] = {}

    def ask(text: str) -> None:
        answers[text] = worker.render(job(text)).text

    threads = [threading.Thread(target=ask, args=(f"message {i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {f"message {i}": f"message {i}" for i in range(8)}


@pytest.fixture(scope="module")
def real() -> Iterator[TemplateProcess]:
    process = TemplateProcess()
    yield process
    process.close()


def test_the_real_worker_renders_sealed(real: TemplateProcess) -> None:
    assert real.is_sealed() == (this_architecture() is not None)
    found = real.render(JOB)
    assert (found.text, found.typed_spans) == ("hello", ((0, 5),))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 'a\\n\\u00e9' }}", "a\n\u00e9"),
        ("{{ messages[0] | tojson }}", '{"role": "user", "content": "hello"}'),
        ("{{ '%s' | format(3) }}{{ 'a b' | title }}{{ [2, 1] | sort | join(',') }}", "3A B1,2"),
        ("{{ [1] }}{{ 'one two' | wordcount }}{{ 1.25 | round(1) }}", "[1]21.2"),
        ("{{ strftime_now('%Y') | int > 2000 }}", "True"),
        ("{{ '\u00c9' | lower }}{{ 'x' is upper }}", "\u00e9False"),
    ],
)
def test_what_templates_use_works_sealed(real: TemplateProcess, source: str, expected: str) -> None:
    assert real.render(TemplateJob(source, JOB.messages)).text == expected


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% wrong %}", "wrong"),
        ("{{ raise_exception('Only users.') }}", "Only users."),
        ("{{ ''.__class__.__mro__ }}", "may not"),
        ("{{ nothing.at_all }}", "undefined"),
        ("{% include 'x' %}", "failed"),
    ],
)
def test_a_failing_template_says_what_failed_and_not_what_the_seal_refused(
    real: TemplateProcess, source: str, words: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(words)):
        real.render(TemplateJob(source, JOB.messages))
    assert real.process_id() is not None


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(s='x' * 9999999) %}{% for i in range(999) %}"
        "{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{{ 'x' * 999999999999 }}",
        "{{ 9 ** 999999999 }}",
    ],
    ids=["loop", "doubling", "string", "power"],
)
def test_a_hostile_template_is_refused_in_time_and_the_next_is_served(
    real: TemplateProcess, source: str
) -> None:
    work = WorkOf(real)
    with pytest.raises(TemplateError):
        real.render(TemplateJob(source, JOB.messages))
    assert work.so_far_s() < 1.5  # the bound that the issue sets
    assert real.render(JOB).text == "hello"


SEALED_SCRIPT = """
import os, sys, socket, subprocess, threading
sys.path.insert(0, {root!r})
from app.airlock import sealed_worker, lock
sealed_worker.limit()
assert sealed_worker.seal()
found = lock.verify().state
def refused(action):
    try:
        action()
    except (PermissionError, OSError, RuntimeError) as error:
        return type(error).__name__
    return "ALLOWED"
answers = [refused(action) for action in (
    lambda: open("/etc/hostname"),
    lambda: os.listdir("/"),
    lambda: os.stat("/"),
    lambda: os.fork(),
    lambda: subprocess.run(["/bin/true"]),
    lambda: socket.socket(socket.AF_UNIX),
    lambda: os.kill(os.getppid(), 0),
    lambda: threading.Thread(target=print).start(),
)]
try:
    bytearray(600 * 2**20)
    answers.append("ALLOWED")
except MemoryError:
    answers.append("MemoryError")
assert sum(x * x for x in range(1000)) == 332833500
print(found, *answers)
os._exit(0)
"""


@pytest.mark.skipif(this_architecture() is None, reason="the seal needs Linux")
def test_a_sealed_process_can_compute_and_nothing_else() -> None:
    script = SEALED_SCRIPT.format(root=str(ROOT))
    ended = subprocess.run(
        [sys.executable, "-u", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert ended.stdout.startswith("enforced "), ended.stderr
    assert "ALLOWED" not in ended.stdout
    assert ended.stdout.split()[-1] == "MemoryError"


def test_where_nothing_can_be_sealed_the_worker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_worker, "this_architecture", lambda: None)
    assert sealed_worker.seal() is False


def test_the_alarm_runs_while_a_job_is_worked_on_and_never_while_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[object] = []
    monkeypatch.setattr(sealed_worker, "_set_alarm", happened.append)

    class Reader:
        def read(self, size_bytes: int) -> bytes:
            happened.append("waiting")
            return b"x" * size_bytes

    assert AlarmedReader(Reader(), template_worker.ALARM_S).read(3) == b"xxx"
    assert happened == [0.0, "waiting", template_worker.ALARM_S]


def test_the_worker_imports_neither_torch_nor_qt() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import app.airlock.template_worker, inference.prompt.worker\n"
        "import app.airlock.formula_worker, app.markup.formula_serving\n"
        "import app.airlock.markup_worker, app.markup.markup_serving, app.markup.parsing\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('torch', 'PySide6', 'tokenizers')])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stdout.strip() == "[]", ended.stderr


def test_time_in_which_everything_stood_still_does_not_count(monkeypatch) -> None:
    """As after a night's sleep of the computer: the clock is far on, the worker did nothing."""
    clock = itertools.count(0, 1000)
    monkeypatch.setattr(
        "app.airlock.sealed_process.time", SimpleNamespace(monotonic=lambda: next(clock))
    )
    killed = threading.Event()
    with _Watchdog(SimpleNamespace(kill=killed.set), 20.0) as watchdog:
        while next(clock) < 10_000:
            time.sleep(0.01)
    assert not watchdog.has_bitten
    assert not killed.is_set()
