"""Modules that wait: imported by name, executed when somebody asks for something in them.

For: `app.lean_torch`. A library of a thousand modules imports all of them at its start; what of
it nobody uses need not run. While the library itself is imported, a waiting module that is asked
runs alone. Afterwards the first one that is asked brings all others that wait, in the order in
which the library imports them, so that what then is there is the whole library.

A waiting module is the same object before and after, and Python's own import executes it, with
its own locks: threads that ask at once wait for one another as in any import.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar, cast

if TYPE_CHECKING:  # it imports much
    from importlib.abc import Loader


@dataclass(frozen=True)
class Waiting:
    """What of a library waits. `names` do, with all below them but `needed`. `functions` of theirs,
    by module, can be imported by name without executing the module, and forward to it.
    `complete` does at the end of the import what a module that waits would have done in it.
    """

    library: str
    version: str  # that this was tried with; no other is touched
    names: Collection[str]
    needed: Collection[str] = ()
    functions: Mapping[str, Collection[str]] = field(default_factory=dict)
    complete: Callable[[], None] | None = None


class Deferral:
    """Finds what shall wait, before all other finders; they say where it lies."""

    def __init__(self, what: Waiting) -> None:
        self._what = what
        self._kind = type("WaitingModule", (_WaitingModule,), {"_of_": self})
        self._lock = threading.Lock()  # held for a few lines, and never while anything runs
        self._waiting: dict[str, ModuleType] = {}  # in the order of the library's imports
        self._asked: dict[str, ModuleType] = {}
        self._runners: dict[str, int] = {}
        self.is_known = False  # the library was found, and is of the version that was tried
        self._is_imported = False
        self._is_over = False

    def install(self) -> None:
        """From now on, in this process."""
        sys.meta_path.insert(0, self)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The modules that were imported and did not run."""
        return tuple(self._waiting)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As importlib asks every finder."""
        if fullname == self._what.library:
            return self._library_spec(path, target)
        if not self.is_known or not self._is_deferred(fullname):
            return None
        spec = self._spec_elsewhere(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _LaterLoader(self, spec.loader))
        return spec

    def is_waiting(self, module: ModuleType) -> bool:
        """Whether it was imported and did not run."""
        return self._waiting.get(module.__name__) is module

    def made(self, name: str) -> ModuleType:
        """A new module that waits, or the one that waited and was asked."""
        with self._lock:
            if name in self._asked:
                return self._asked[name]
            self._waiting[name] = self._kind(name)
            return self._waiting[name]

    def run(self, module: ModuleType, loader: Loader) -> None:
        """Execute a module that was asked; Python holds its lock."""
        name = module.__name__
        self._runners[name] = threading.get_ident()
        try:
            loader.exec_module(module)
        finally:
            del self._runners[name]
        if type(module) is self._kind:  # some make themselves something of their own
            module.__class__ = ModuleType

    def execute(self, name: str) -> None:
        """Have a waiting module executed; at its return it is, whoever did it."""
        if self._runners.get(name) == threading.get_ident():
            return  # a circle of imports: what is asked is not there yet, as in any such circle
        with self._lock:
            asked = list(self._waiting) if self._is_imported else [name]
            self._is_over = self._is_imported
            for each in asked:
                module = self._waiting.pop(each, None)
                if module is not None:
                    self._asked[each] = module
                    sys.modules.pop(each, None)
        for each in (*asked, name):
            importlib.import_module(each)

    def forwarder(self, module: str, name: str) -> Callable[..., object] | None:
        """What stands for a function of a waiting module while the library is imported."""
        if self._is_imported or name not in self._what.functions.get(module, ()):
            return None

        def forward(*values: object, **named: object) -> object:
            function: Callable[..., object] = getattr(importlib.import_module(module), name)
            return function(*values, **named)

        forward.__name__ = forward.__qualname__ = name
        forward.__module__ = module
        return forward

    def imported(self) -> None:
        """The library is there; who asks from now on gets all of it."""
        if self.is_known and self._what.complete is not None:
            self._what.complete()
        self._is_imported = True

    def _library_spec(
        self, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        spec = self._spec_elsewhere(self._what.library, path, target)
        if spec is None or spec.loader is None:
            return spec
        self.is_known = self._version_in(spec) == self._what.version
        spec.loader = cast("Loader", _LibraryLoader(self, spec.loader))
        return spec

    def _version_in(self, library: ModuleSpec) -> str:
        """What the library's own `version` module says, without what was built; "" for none."""
        name = f"{library.name}.version"
        spec = self._spec_elsewhere(name, library.submodule_search_locations, None)
        if spec is None or spec.loader is None:
            return ""
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return str(getattr(module, "__version__", "")).partition("+")[0]

    def _is_deferred(self, name: str) -> bool:
        if name in self._asked:
            return True
        if self._is_over or name in self._what.needed:
            return False
        while name and name not in self._what.names:
            name = name.rpartition(".")[0]
        return bool(name)

    def _spec_elsewhere(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(name, path, target) for finder in others)
        return next((spec for spec in specs if spec is not None), None)


class _WaitingModule(ModuleType):
    """Asked for anything that it has not, it has itself executed and looks again."""

    _of_: ClassVar[Deferral]

    def __getattr__(self, name: str) -> object:
        # Python itself looks for such names in every module, to see whether they are there.
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        forwarder = self._of_.forwarder(self.__name__, name)
        if forwarder is not None:
            return forwarder
        self._of_.execute(self.__name__)
        return ModuleType.__getattribute__(self, name)

    def __dir__(self) -> list[str]:
        self._of_.execute(self.__name__)
        return sorted(self.__dict__)


class _WrappedLoader:
    """A loader that is asked for the rest: sources, files of data."""

    def __init__(self, deferral: Deferral, real: Loader) -> None:
        self._deferral = deferral
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def _step_aside(self, module: ModuleType) -> None:
        """From now on the module's loader is the real one."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        module.__loader__ = self._real


class _LaterLoader(_WrappedLoader):
    """Makes a waiting module the first time, and executes that same module the second time."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """As importlib asks for it."""
        return self._deferral.made(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """As importlib asks for it."""
        if not self._deferral.is_waiting(module):
            self._step_aside(module)
            self._deferral.run(module, self._real)


class _LibraryLoader(_WrappedLoader):
    """The library's own loader; when it is done, the deferral hears of it."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As importlib asks for it."""
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As importlib asks for it."""
        self._step_aside(module)
        self._real.exec_module(module)
        self._deferral.imported()
