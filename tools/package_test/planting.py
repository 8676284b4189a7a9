"""Surprises that somebody with the user's rights can lay in the program's way.

For: `surprises`. Each planted module or library leaves a file in `/tmp/canaries` when it is
loaded, and the folder is on a disk that notes every reading, so that what was only read is seen
too. What a variable names beyond code (fonts, certificates) may be read.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from tools.package_test.machine import HOME, Machine
from tools.package_test.person import CheckFailed
from tools.package_test.userlands import ROOT

PLANTED = "/srv/planted"
CANARIES = "/tmp/canaries"
_SOURCE = ROOT / "packaging" / "test" / "canary.c"
_MODULES = (
    *("torch.py", "numpy.py", "app.py", "main.py", "keyring.py", "encodings.py", "site.py"),
    *("sitecustomize.py", "usercustomize.py", "startup.py", "PySide6/__init__.py", "json.py"),
)
BUNDLED = ("libQt6Core.so.6", "libQt6Gui.so.6", "libc10.so", "libtorch_cpu.so", "libcrypto.so.3")
_LIBRARIES = (
    *(f"lib/{name}" for name in BUNDLED),
    *("platforms/libqxcb.so", "imageformats/libqsvg.so", "platformthemes/libqgtk3.so"),
    *("platforminputcontexts/libplanted.so", "gconv/CANARY.so", "modules/libplanted-gtk.so"),
    *("gio/libplanted-gio.so", "dri/swrast_dri.so", "engine/planted.so"),
)
_DATA = {
    "gconv/gconv-modules": "module UTF-16// INTERNAL CANARY 1\nmodule INTERNAL UTF-16// CANARY 1\n",
    "openssl.cnf": "openssl_conf = start\n[start]\nproviders = all\n[all]\nplanted = planted\n"
    f"[planted]\nmodule = {PLANTED}/engine/planted.so\nactivate = 1\n",
    "pyvenv.cfg": f"home = {PLANTED}\n",
    "qt.conf": f"[Paths]\nPlugins = {PLANTED}\n",
    "keyringrc.cfg": f"[backend]\ndefault-keyring=torch.Keyring\nkeyring-path={PLANTED}\n",
    "fonts.conf": '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir></fontconfig>\n',
}
# Fonts are no code. The list of character sets is read by glibc before a program's first
# instruction; what it names is loaded for a character set alone that glibc has not in itself. A
# module that asks who called it looks for the text of `main.py`, to show a line of it, not to run.
MAY_BE_READ = frozenset({"fonts.conf", "gconv/gconv-modules", "main.py"})
VARIABLES = {
    "PYTHONPATH": PLANTED,
    "PYTHONHOME": PLANTED,
    "PYTHONSTARTUP": f"{PLANTED}/startup.py",
    "PYTHONUSERBASE": f"{HOME}/.local",
    "PYTHONINSPECT": "1",
    "PYTHONBREAKPOINT": "torch.set_trace",
    "PYTHON_KEYRING_BACKEND": "torch.Keyring",
    "QT_PLUGIN_PATH": PLANTED,
    "QT_QPA_PLATFORM_PLUGIN_PATH": f"{PLANTED}/platforms",
    "QT_QPA_PLATFORMTHEME": "gtk3",
    "QT_IM_MODULE": "planted",
    "GCONV_PATH": f"{PLANTED}/gconv",
    "OPENSSL_CONF": f"{PLANTED}/openssl.cnf",
    "OPENSSL_MODULES": f"{PLANTED}/engine",
    "OPENSSL_ENGINES": f"{PLANTED}/engine",
    "SSL_CERT_FILE": f"{PLANTED}/openssl.cnf",
    "GTK_MODULES": f"{PLANTED}/modules/libplanted-gtk.so",
    "GTK_PATH": f"{PLANTED}/modules",
    "GIO_EXTRA_MODULES": f"{PLANTED}/gio",
    "LIBGL_DRIVERS_PATH": f"{PLANTED}/dri",
    "FONTCONFIG_FILE": f"{PLANTED}/fonts.conf",
    # What PyInstaller's own starter hands from one process to the next.
    "_PYI_APPLICATION_HOME_DIR": PLANTED,
    "_MEIPASS2": PLANTED,
}


def plant(machine: Machine) -> None:
    """Lay all of it into PLANTED, and into the folders that a Python of the user's looks into."""
    steps = (
        f"mkdir -p {PLANTED} && mount -t tmpfs -o strictatime,mode=755 tmpfs {PLANTED}"
        f" && mkdir -m 1777 {CANARIES}"
    )
    done = machine.run(["sh", "-c", steps], is_root=True)
    if done.code:
        raise CheckFailed(f"nothing can be planted: {done.said}")
    for name in _MODULES:
        machine.write(f"{PLANTED}/{name}", _singing(name))
    library = _library()
    for name in _LIBRARIES:
        lay(machine, f"{PLANTED}/{name}", library)
    for name, text in _DATA.items():
        machine.write(f"{PLANTED}/{name}", text)
    for version in range(9, 15):
        for name in ("torch.py", "usercustomize.py", "sitecustomize.py"):
            packages = f"{HOME}/.local/lib/python3.{version}/site-packages"
            machine.write(f"{packages}/{name}", _singing(f"user-{name}"))
    machine.write(f"{HOME}/.config/python_keyring/keyringrc.cfg", _DATA["keyringrc.cfg"])
    for file in _files(machine):
        os.utime(file, (0, 0))


def plant_beside(machine: Machine, folder: str) -> None:
    """The same modules and libraries, beside the program itself."""
    machine.run(["mkdir", "-m", "1777", "-p", CANARIES], is_root=True)
    for name in _MODULES:
        machine.write(f"{folder}/{name}", _singing(f"beside-{name}"))
    library = _library()
    for name in BUNDLED:
        lay(machine, f"{folder}/{name}", library)
    for name in ("pyvenv.cfg", "qt.conf"):
        machine.write(f"{folder}/{name}", _DATA[name])


def sung(machine: Machine) -> list[str]:
    """Which canaries were loaded."""
    return sorted(path.name for path in machine.outside(CANARIES).iterdir())


def read(machine: Machine) -> list[str]:
    """Which planted files were read at all, but for those that may be."""
    root = machine.outside(PLANTED)
    names = (str(file.relative_to(root)) for file in _files(machine) if file.stat().st_atime > 0)
    return sorted(set(names) - MAY_BE_READ)


def lay(machine: Machine, path: str, content: bytes) -> None:
    """A binary file, with its folders."""
    machine.write(path, "", 0o755)
    machine.outside(path).write_bytes(content)


def _files(machine: Machine) -> list[Path]:
    return [file for file in machine.outside(PLANTED).rglob("*") if file.is_file()]


def _singing(name: str) -> str:
    bird = f"{CANARIES}/{name.replace('/', '-')}"
    return f"import os\nopen(f'{bird}-{{os.getpid()}}', 'w').close()\n"


def _library() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "canary.so"
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(made), str(_SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise CheckFailed(f"the canary can't be compiled: {done.stderr.strip()}")
        return made.read_bytes()
