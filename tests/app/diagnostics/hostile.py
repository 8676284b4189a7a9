"""Every place that diagnostics look at, made to say one text: what others name, write or answer."""

from __future__ import annotations

import logging
import platform
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.airlock.report import Attempt, LockReport, LockState
from app.diagnostics import about_lock, about_machine, about_models
from app.diagnostics.failures import FailureMemory
from app.library.models import ModelChoice
from inference.machine import MachineReport
from kernels.cpu.library import Level, NativeStatus
from kernels.hardware import Gpu
from kernels.registry import Choice, Rejection


class Named:
    """A backend of that name."""

    def __init__(self, name: str) -> None:
        self.name = name


def machine_saying(found: MachineReport, text: str) -> MachineReport:
    hardware = replace(
        found.hardware,
        machine=text,
        cpu_name=text,
        instruction_sets=frozenset({text}),
        cache_bytes=((text, 1),),
        gpus=(Gpu(text, (9, 0), 1 << 30),),
    )
    choices = (
        Choice(found.choices[0].op, text, Named(text), (Rejection(text, text),)),  # type: ignore[arg-type]
    )
    native = NativeStatus((Level(text, text),), text, text)
    return replace(found, hardware=hardware, choices=choices, native=native, backends=(text,))


def lock_saying(text: str) -> LockReport:
    attempts = (Attempt(text, False, text), Attempt(f"in a child: {text}", False, f"{text}: x"))
    return LockReport(LockState.NOT_ENFORCED, text, attempts)


def let_the_system_say(patch: pytest.MonkeyPatch, text: str, folder: Path) -> None:
    """Names and answers of system, libraries and files."""
    for name in ("system", "release", "machine", "node"):
        patch.setattr(platform, name, lambda: text)
    patch.setattr(platform, "libc_ver", lambda: (text, text))
    release = {"ID": text, "VERSION_ID": text, "NAME": text}
    patch.setattr(platform, "freedesktop_os_release", lambda: release)
    patch.setattr(about_machine.metadata, "version", lambda _name: text)
    patch.setattr(about_machine, "ENGINE_VERSION", text)
    patch.setattr(about_machine.apsw, "sqlite_lib_version", lambda: text)
    patch.setattr(about_lock, "open_roads", lambda: (f"{text}: {text}", text))
    info = folder / "cpuinfo"
    lines = ("vendor_id", "cpu family", "model", "model name", "stepping", "flags")
    info.write_text("".join(f"{name}\t: {text}\n" for name in lines), "utf-8", "replace")
    real = about_machine.processor
    patch.setattr(about_machine, "processor", lambda found: real(found, info))


class Opened:
    """A model whose files say that text wherever they say something."""

    class Info:
        def __init__(self, text: str) -> None:
            self.name = self.architecture = self.quantization = self.licence = text
            self.parameters = self.file_bytes = self.context_tokens = 7
            self.weights_sha256 = self.source_sha256 = text

    class Spec:
        def __init__(self, text: str) -> None:
            self.architecture = text
            self.layers = ()
            self.context_tokens = self.vocab_size = self.hidden_size = 7

    def __init__(self, text: str) -> None:
        self.info, self.spec = self.Info(text), self.Spec(text)
        self.checkpoint = Named(text)
        self.checkpoint.format = text  # type: ignore[attr-defined]

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def native_refusal(self, _path: object) -> str:
        return self.info.name


def let_models_say(patch: pytest.MonkeyPatch, text: str, folder: Path) -> None:
    choice = ModelChoice(folder / "model.gguf", text, is_starter=False, title=text)
    patch.setattr(about_models, "installed", lambda: (choice,))
    patch.setattr(about_models, "prepared_for", lambda *_names: folder / "prepared")
    patch.setattr(about_models, "open_model", lambda _path: Opened(text))


def let_everything_fail(memory: FailureMemory, text: str) -> None:
    """Errors of that message, of a class of that name, raised under that name."""

    def fail() -> None:
        name = text.encode("utf-8", "replace").decode().replace("\0", " ")
        kind = type(name, (OSError,), {"__module__": name, "__qualname__": name})
        raise kind(5, text, text) from RuntimeError(text)

    def fail_and_log() -> None:
        try:
            fail()
        except OSError:
            log = logging.getLogger("app.chats")
            log.debug("%s", text, exc_info=True)
            log.warning("%s %s", text, text)
            logging.getLogger(f"app.{text}").warning(text)

    fail.__code__ = fail.__code__.replace(co_name=text, co_qualname=text)
    thread = threading.Thread(target=fail_and_log, name=text)
    thread.start()
    thread.join()
    assert memory.failures()


def display_saying(text: str) -> dict[str, Any]:
    from app.diagnostics.form import Display

    return dict.fromkeys(Display.fields, text)
