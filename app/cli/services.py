"""What commands share: a model by name, a template worker, an engine."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.airlock.template_process import TemplateProcess
from app.cli.failure import CommandError
from app.cli.terminal import note
from app.library.models import resolve
from app.settings import user_settings
from inference.request import Compute

if TYPE_CHECKING:
    from inference.beside_weights import BesideWeights
    from inference.decoders import AnyDecoder
    from inference.engine import Engine
    from inference.loading import OpenedModel

# Text files are read whole: a cap, so that a wrong name does not fill the memory.
_TEXT_FILE_LIMIT_BYTES = 256 << 20


@contextmanager
def template_worker() -> Iterator[TemplateProcess]:
    """A running template worker, ended at the end; start it before torch is imported."""
    worker = TemplateProcess()
    worker.start()
    try:
        yield worker
    finally:
        worker.close()


def opened_model(name_or_path: str | None) -> OpenedModel:
    """A checked model file, to be closed by `with`; no tokenizer, no weight read."""
    from inference.loading import open_model

    path = resolve(name_or_path).path
    allow(path)
    return open_model(path)


@contextmanager
def opened_texts(name_or_path: str | None) -> Iterator[BesideWeights]:
    """A model's tokenizer and template; a folder with these alone will do."""
    from inference.beside_weights import folder_with_tokenizer

    path = resolve(name_or_path).path
    folder = folder_with_tokenizer(path)
    if folder is not None:
        yield folder
        return
    with opened_model(name_or_path) as opened:
        yield opened.beside


def model_to_measure(name_or_path: str | None, compute: Compute) -> OpenedModel:
    """The same, prepared for the kernels where the fast path runs it; to be closed by `with`."""
    from inference.loading import open_model

    return open_model(prepared_path(resolve(name_or_path).path, compute))


def prepared_path(path: Path, compute: Compute) -> Path:
    """What to open of a model: its prepared copy, made now if need be, with progress on stderr."""
    from app.cli.meter import Meter
    from inference.prepared.automatic import ready
    from inference.prepared.preparing import Watch

    allow(path)
    meter = Meter(as_json=False, only_long=True)
    found = ready(path, compute, paths.prepared_dir(), Watch(meter.tell))
    meter.end()
    if found.reason:
        note(f"{found.reason} It runs without the native kernels, slowly.")
    allow(path, found.path)
    return found.path


def allow(path: Path, copy: Path | None = None) -> None:
    """Raises ModelNotAllowedError for a model, or a copy made of it, that the policy of this
    machine does not allow. What takes long shows how far it is on stderr.
    """
    policy = user_settings(touches=False).policy
    if policy.restrictions.allowed_models is None:
        return
    from app.cli.meter import Meter
    from app.library.allowed import check_allowed, check_copy
    from inference.events import LoadProgress
    from inference.prepared.preparing import PreparationProgress

    meter = Meter(as_json=False, only_long=True)

    def tell(progress: LoadProgress) -> None:
        meter.tell(PreparationProgress("Comparing", progress.done, progress.total))

    try:
        if copy is None:
            check_allowed(path, policy, tell)
        else:
            check_copy(copy, path, policy, tell)
    finally:
        meter.end()


def decoder_of(opened: OpenedModel, compute: Compute, threads: int | None) -> AnyDecoder:
    """The model alone, without a tokenizer."""
    import torch

    from inference.compute import compute_path
    from inference.engine import EngineOptions

    options = EngineOptions(compute=compute, threads=threads)
    path = compute_path(options.compute, options.threads)
    decoder = opened.decoder(path)
    torch.set_num_threads(decoder.torch_threads)
    return decoder


def load_engine(
    path: Path, arguments: argparse.Namespace, worker: TemplateProcess, title: str = ""
) -> Engine:
    """The whole engine, for a chat, as the flags say; `title` is what people call the model."""
    from inference.engine import Engine, EngineOptions

    options = EngineOptions(
        arguments.compute, arguments.threads, arguments.context, title, card=arguments.gpu
    )
    engine = Engine.load(prepared_path(path, options.compute), options, worker)
    if use := engine.card_use:
        on_card = f"On {use.card}: {use.plan} {use.steps}"
        note(on_card if use.card else f"On the processor: {use.reason}")
    return engine


def read_text(path: str) -> str:
    """A UTF-8 text file; raises CommandError or OSError."""
    file = Path(path)
    if file.is_file() and file.stat().st_size > _TEXT_FILE_LIMIT_BYTES:
        raise CommandError(f"{path} is larger than {_TEXT_FILE_LIMIT_BYTES >> 20} MB.")
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text (byte {error.start:,}).") from None
