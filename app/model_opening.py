"""How a name becomes an open model: what the engine's thread is given to run.

For: the window's composition root. Nothing heavy is imported here before it is called.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from app.bridge.engine_port import OpenModel
from app.bridge.quick_imports import keep_modules, load_torch_libraries
from app.collector import uncollected
from app.policy import NO_POLICY, Policy
from app.settings import GRAPHICS_CARD, Settings
from inference.events import LoadProgress


class FileModelOpener:
    """Resolves a name, starts the template worker, loads the engine: in the engine's thread."""

    def __init__(
        self,
        name_or_path: str | None,
        policy: Policy = NO_POLICY,
        wants_card: Callable[[], bool] = lambda: False,
    ) -> None:
        """`wants_card`: asked at each load, whether a graphics card is to be used."""
        self._name_or_path = name_or_path
        self._policy = policy
        self._wants_card = wants_card
        self._has_modules = False
        self.path: Path | None = None  # of the model that was asked for, once it was found

    def __call__(self, on_progress: Callable[[LoadProgress], None]) -> OpenModel:
        """Open the model; raises the typed errors of the library and of inference."""
        from app.airlock.template_process import TemplateProcess
        from app.library.models import resolve

        choice = resolve(self._name_or_path)
        self.path = choice.path
        renderer = TemplateProcess()
        renderer.start()
        try:
            self._import()
            from app.library.allowed import check_allowed, check_copy
            from app.library.prepared import prepared_path
            from inference.engine import Engine, EngineOptions

            options = EngineOptions(title=choice.title, card=self._wants_card())
            check_allowed(choice.path, self._policy, on_progress)
            path = prepared_path(choice.path, options.compute, on_progress)
            check_copy(path, choice.path, self._policy, on_progress)
            with uncollected():
                engine = Engine.load(path, options, renderer, on_progress)
        except BaseException:
            renderer.close()
            raise
        return OpenModel(
            engine=engine,
            name=choice.title or engine.info.name,
            is_starter=choice.is_starter,
            recommended=choice.recommended or engine.recommended,
            close=renderer.close,
            recommended_plain=choice.recommended or engine.recommended_for(False),
        )

    def _import(self) -> None:
        """Import what opens a model; what is there then is kept from the collector, once."""
        if self._has_modules:
            return
        with uncollected():
            load_torch_libraries()
            importlib.import_module("app.library.allowed")
            importlib.import_module("app.library.prepared")
            importlib.import_module("inference.engine")
            keep_modules()
        self._has_modules = True


def opener_by(settings: Settings) -> Callable[[str | None], FileModelOpener]:
    """Openers of models by name, as the settings are when each opens its model."""

    def wants_card() -> bool:
        return settings.effective(GRAPHICS_CARD).value

    def made(name_or_path: str | None) -> FileModelOpener:
        return FileModelOpener(name_or_path, settings.policy, wants_card)

    return made
