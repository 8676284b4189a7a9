"""What is built for Windows and macOS, as far as it can be read here."""

from __future__ import annotations

import plistlib
import struct
import sys
import types
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from app.updates import SUFFIX
from tools import windows_checks
from tools.native_checks import CheckError
from tools.package import contents, nsis
from tools.package.freeze import PackageError

ROOT = Path(__file__).resolve().parents[2]
MACOS, WINDOWS = ROOT / "packaging" / "macos", ROOT / "packaging" / "windows"


def read(name: str) -> dict[str, Any]:
    """A property list of macOS's folder."""
    found = plistlib.loads((MACOS / name).read_bytes())
    assert isinstance(found, dict)
    return found


def test_the_main_program_of_macos_has_no_right_to_the_network() -> None:
    rights = read("main.entitlements")
    assert rights["com.apple.security.app-sandbox"] is True
    assert not [name for name in rights if ".network." in name]


def test_a_role_that_it_starts_inherits_and_has_no_other_right() -> None:
    assert read("worker.entitlements") == {
        "com.apple.security.app-sandbox": True,
        "com.apple.security.inherit": True,
    }


def test_the_courier_may_connect_and_never_listen() -> None:
    rights = read("courier.entitlements")
    assert rights["com.apple.security.network.client"] is True
    assert "com.apple.security.network.server" not in rights
    assert rights["com.apple.security.app-sandbox"] is True


def test_every_type_that_macos_opens_is_declared() -> None:
    info = read("Info.plist")
    declared = info["UTImportedTypeDeclarations"] + info["UTExportedTypeDeclarations"]
    names = {entry["UTTypeIdentifier"] for entry in declared} | {"public.folder"}
    opened = {name for kind in info["CFBundleDocumentTypes"] for name in kind["LSItemContentTypes"]}
    assert opened == names
    endings = {
        ending
        for entry in declared
        for ending in entry["UTTypeTagSpecification"]["public.filename-extension"]
    }
    assert endings == {"gguf", SUFFIX.removeprefix(".")}


def test_windows_manifest_asks_for_no_administrator() -> None:
    tree = ElementTree.parse(WINDOWS / "pitcher.manifest")
    levels = [node.get("level") for node in tree.iter() if node.tag.endswith("ExecutionLevel")]
    assert levels == ["asInvoker"]


def test_the_installer_opens_updates_by_their_ending() -> None:
    script = (WINDOWS / "pitcher.nsi").read_text(encoding="utf-8")
    assert rf"\{SUFFIX}" in script
    assert "RequestExecutionLevel user" in script
    assert '"UninstallString" \'"$INSTDIR\\uninstall.exe"\'' in script


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", "0.1.0.0"), ("0.2", "0.2.0.0"), ("1.2.3rc4", "1.2.3.0"), ("1.2.3.4", "1.2.3.4")],
)
def test_windows_has_four_numbers(version: str, numbers: str) -> None:
    assert nsis.file_version(version) == numbers


def test_the_icon_has_each_size_where_it_says() -> None:
    data = nsis.icon(ROOT / "assets" / "icons" / "pitcher-256.png")
    _, kind, count = struct.unpack_from("<HHH", data)
    assert (kind, count) == (1, 6)
    end = 6 + 16 * count
    for index in range(count):
        size, _, _, _, _, bits, length, at = struct.unpack_from("<BBBBHHII", data, 6 + 16 * index)
        assert (at, bits) == (end, 32)
        if size:
            header, width, height = struct.unpack_from("<Iii", data, at)
            assert (header, width, height) == (40, size, 2 * size)
        else:
            assert data[at : at + 4] == b"\x89PNG"
        end += length
    assert end == len(data)


def test_an_icon_that_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "icon.png").write_bytes(b"no picture")
    with pytest.raises(PackageError, match="can't be read"):
        nsis.icon(tmp_path / "icon.png")


def test_without_a_program_from_windows_there_is_no_installer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nsis.build(tmp_path / "pitcher", tmp_path / "dist") == []
    assert "no installer" in capsys.readouterr().out
    assert not (tmp_path / "dist").exists()


def test_without_its_tools_there_is_no_installer_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "windows" / "pitcher" / nsis.PROGRAM
    program.parent.mkdir(parents=True)
    program.write_bytes(b"MZ")
    monkeypatch.setattr(nsis, "what_is_missing", lambda: ["makensis"])
    assert nsis.build(tmp_path / "pitcher", tmp_path / "dist") == []
    assert "no installer, as makensis" in capsys.readouterr().out


def test_a_library_that_windows_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "pitcher_kernels.dll"
    library.write_bytes(b"x")
    monkeypatch.setattr(windows_checks, "LIBRARY", library)
    said = "DLL Name: KERNEL32.dll\nDLL Name: api-ms-win-crt-heap-l1-1-0.dll\n"
    monkeypatch.setattr(windows_checks, "run", lambda _: said)
    assert "the system's libraries alone" in windows_checks.check_imports()
    monkeypatch.setattr(windows_checks, "run", lambda _: said + "DLL Name: libstdc++-6.dll\n")
    with pytest.raises(CheckError, match=r"libstdc\+\+-6\.dll"):
        windows_checks.check_imports()


class Frozen:
    """PyInstaller's classes, each a note of what it was asked for."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str, bool]] = []
        self.pure: list[object] = []
        self.binaries: list[object] = []
        self.datas: list[object] = []
        self.scripts: list[object] = []

    def note(self, kind: str) -> Any:
        """A class that notes its name and whether it has a console."""

        def made(*_: object, **given: Any) -> Frozen:
            self.made.append((kind, str(given.get("name")), bool(given.get("console"))))
            if kind == "BUNDLE":
                assert given["info_plist"]["CFBundleName"] == "Pitcher"
            return self

        return made


@pytest.mark.parametrize(
    ("system", "programs"),
    [
        ("linux", [("EXE", "pitcher", True)]),
        ("win32", [("EXE", "pitcher", False), ("EXE", "pitcher-cli", True)]),
        ("darwin", [("EXE", "pitcher", False)]),
    ],
)
def test_each_system_gets_its_programs(
    system: str, programs: list[tuple[str, str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bindepend = types.ModuleType("PyInstaller.depend.bindepend")
    monkeypatch.setattr(bindepend, "get_imports", lambda _: [], raising=False)
    for name in ("PyInstaller", "PyInstaller.depend"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.depend.bindepend", bindepend)
    for name in ("entry_script", "hidden_imports", "data_files", "native_libraries"):
        monkeypatch.setattr(contents, name, lambda: [])
    monkeypatch.setattr(contents, "write_sources", lambda *_: None)
    monkeypatch.setattr(contents, "needed", lambda *_: set())
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("PITCHER_SOURCE", str(ROOT))
    monkeypatch.syspath_prepend(str(ROOT))
    frozen = Frozen()
    names = {kind: frozen.note(kind) for kind in ("EXE", "COLLECT", "BUNDLE", "PYZ")}
    given = {"Analysis": lambda *_, **__: frozen, "SPECPATH": str(ROOT / "packaging")}
    script = (ROOT / "packaging" / "pitcher.spec").read_text(encoding="utf-8")
    exec(compile(script, "pitcher.spec", "exec"), names | given | {"DISTPATH": "/dist"})
    assert [entry for entry in frozen.made if entry[0] == "EXE"] == programs
    bundles = [entry[1] for entry in frozen.made if entry[0] == "BUNDLE"]
    assert bundles == (["Pitcher.app"] if system == "darwin" else [])


def test_nothing_that_was_left_out_on_linux_alone_is_left_out_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert contents.is_kept("torch\\lib\\torch_cpu.dll")
    assert not contents.is_kept("torch\\lib\\dnnl.lib")
    monkeypatch.setattr(sys, "platform", "linux")
    assert not contents.is_kept("torch/lib/libsomething.so")
