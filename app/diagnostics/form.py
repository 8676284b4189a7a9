"""The form of the diagnostics: every field that there is, in the order of the file.

For: whoever gathers. Each field has a closed kind; what no kind takes has no field, and none
takes a text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.diagnostics import words
from app.diagnostics.failures import MOST_FAILURES, MOST_PLACES
from app.diagnostics.kinds import (
    Decimal,
    Digest,
    Flag,
    Kind,
    Moment,
    OwnClass,
    OwnPlace,
    Version,
    Whole,
    Word,
)
from app.diagnostics.section import ListOf, Section, made
from app.settings import ALL, Language, Setting
from inference.machine import INSTRUCTION_SETS, LEVEL_NAMES, OP_NAMES, SCHEME_NAMES
from inference.models import ARCHITECTURES

SCHEMA_VERSION = 1
MOST_MODELS = 16
_BYTES = Whole(0, 1 << 53)
_COUNT = Whole(0, 1 << 40)
_FEW = Whole(0, 1 << 16)
_SIZE = Whole(0, 1 << 30)


class Program(Section):
    """Versions of ours, of Python and of the libraries."""

    written_by = Word(words.WRITTEN_BY)
    engine = Version()
    prepared_layout = _FEW
    is_packaged = Flag()
    uptime_s = Decimal(0, 1e9)
    python = Version()
    qt = Version()
    pyside6 = Version()
    torch = Version()
    sqlite = Version()
    apsw_sqlite3mc = Version()
    cryptography = Version()
    keyring = Version()
    safetensors = Version()
    tokenizers = Version()
    jinja2 = Version()
    markdown_it_py = Version()
    pygments = Version()
    psutil = Version()
    ziamath = Version()
    unavailable = OwnClass()


class System(Section):
    """The operating system, without what its builder or owner named."""

    name = Word(words.SYSTEMS)
    kernel = Version()
    machine = Word(words.MACHINES)
    distribution = Word(words.DISTRIBUTIONS)
    distribution_version = Version()
    c_library = Word(words.C_LIBRARIES)
    c_library_version = Version()
    home_is_named = Flag()  # by PITCHER_HOME
    data_free_bytes = _BYTES
    prepared_free_bytes = _BYTES
    unavailable = OwnClass()


class Processor(Section):
    """What computes; the name that it gives itself is free text and has no field."""

    vendor = Word(words.PROCESSOR_VENDORS)
    family = _FEW
    model = _FEW
    stepping = _FEW
    instruction_sets = ListOf(Word(INSTRUCTION_SETS), 64)
    physical_cores = _FEW
    logical_cores = _FEW
    usable_cores = _FEW
    threads = _FEW
    unavailable = OwnClass()


class Memory(Section):
    """How much there is and how much of it is used."""

    total_bytes = _BYTES
    available_bytes = _BYTES
    swap_total_bytes = _BYTES
    swap_used_bytes = _BYTES
    own_bytes = _BYTES
    stalled_percent = Decimal(0, 100)
    unavailable = OwnClass()


class Gpu(Section):
    """One CUDA device."""

    compute_capability_major = _FEW
    compute_capability_minor = _FEW
    memory_bytes = _BYTES


class Graphics(Section):
    """What else could compute."""

    devices = ListOf(Gpu, 16)
    unavailable = OwnClass()


class Build(Section):
    """One build of the native kernels, and what this machine lacks for it."""

    level = Word(LEVEL_NAMES)
    lacking = Word(words.LACKING)


class Rejected(Section):
    """A backend that was asked first and said no."""

    backend = Word(words.BACKENDS)
    reason = Word(words.REASONS)


class Runs(Section):
    """Which backend runs an op, for which schemes, and why none before it."""

    op = Word(OP_NAMES)
    backend = Word(words.BACKENDS)
    schemes = ListOf(Word(SCHEME_NAMES), 64)
    rejected = ListOf(Rejected, 8)


class Kernels(Section):
    """Which kernel runs where and why."""

    chosen = Word(LEVEL_NAMES)
    reason = Word(words.REASONS)
    builds = ListOf(Build, 32)
    ops = ListOf(Runs, 128)
    unavailable = OwnClass()


class OpenDoor(Section):
    """An attempt that was not refused."""

    door = Word(words.DOORS)
    answer = Word(words.DOOR_ANSWERS)


class Lock(Section):
    """The lock, as this process, a thread and a child of it have it, and the kernel's own word."""

    at_start = Word(words.LOCK_STATES)
    now = Word(words.LOCK_STATES)
    tried = _FEW
    refused = _FEW
    not_refused = ListOf(OpenDoor, 128)
    seccomp_mode = _FEW
    no_new_privileges = Flag()
    children = _FEW
    children_filtered = _FEW
    runs_as_root = Flag()
    open_roads = ListOf(Word(words.ROADS), 16)
    unavailable = OwnClass()


class Display(Section):
    """How the window is shown; nothing of it in a terminal's report."""

    platform = Word(words.PLATFORM_PLUGINS)
    screens = _FEW
    width_px = _FEW
    height_px = _FEW
    scale = Decimal(0, 16)
    refresh_hz = Decimal(0, 1000)
    window_width_px = _FEW
    window_height_px = _FEW
    colours = Word(words.COLOUR_SCHEMES)
    language = Word(Language)
    text_size_percent = _FEW
    reads_aloud = Flag()


def _setting_kind(setting: Setting[Any]) -> Kind:
    """By the type of its default; a setting of text has no kind here, and no report."""
    default = setting.default
    if isinstance(default, bool):
        return Flag()
    if isinstance(default, StrEnum):
        return Word(type(default))
    if isinstance(default, int):
        return _FEW
    raise TypeError(f"the setting {setting.name} is of no closed kind")


SettingValues = made("SettingValues", {each.name: _setting_kind(each) for each in ALL})


class InForce(Section):
    """The settings in force, and which of them an administrator locked."""

    values = SettingValues
    locked = ListOf(Word(words.SETTINGS), 64)
    has_policy = Flag()
    policy_is_usable = Flag()
    stored_were_usable = Flag()
    unavailable = OwnClass()


class Model(Section):
    """A model that is here, without its name; its hashes are hashed once more."""

    is_in_use = Flag()
    is_starter = Flag()
    is_prepared = Flag()
    runs_natively = Flag()
    format = Word(words.FORMATS)
    architecture = Word(ARCHITECTURES)
    quantization = Word(SCHEME_NAMES)
    file_bytes = _BYTES
    parameters = _BYTES
    context_tokens = _SIZE
    vocab_size = _SIZE
    hidden_size = _SIZE
    layers = _FEW
    layers_with_experts = _FEW
    experts = _FEW
    experts_per_token = _FEW
    weights_sha256_of_sha256 = Digest()
    source_sha256_of_sha256 = Digest()
    unavailable = OwnClass()


class Backups(Section):
    """The backups of one kind."""

    kind = Word(words.BACKUP_KINDS)
    count = _FEW
    size_bytes = _BYTES
    newest = Moment()


class History(Section):
    """How much is kept and how it is locked; counts are known while it is open."""

    state = Word(words.HISTORY_STATES)
    database_is_there = Flag()
    size_bytes = _BYTES
    schema_version = _FEW
    newest_schema_version = _FEW
    chats = _COUNT
    messages = _COUNT
    presets = _COUNT
    keyring = Word(words.KEYRINGS)
    has_passphrase = Flag()
    has_recovery = Flag()
    envelope = Word(words.ENVELOPE_REASONS)
    backups = ListOf(Backups, 8)
    backups_unavailable = OwnClass()
    unavailable = OwnClass()


class Failed(Section):
    """One kind of failure since the start."""

    level = Word(words.LOG_LEVELS)
    error = OwnClass()
    cause = OwnClass()
    system_error = Word(words.ERROR_NUMBERS)
    count = _COUNT
    first = Moment()
    last = Moment()
    places = ListOf(OwnPlace(), MOST_PLACES)


class Report(Section):
    """All of it."""

    schema_version = Whole(SCHEMA_VERSION, SCHEMA_VERSION)
    created = Moment()
    withheld = _COUNT
    program = Program
    system = System
    processor = Processor
    memory = Memory
    graphics = Graphics
    kernels = Kernels
    lock = Lock
    display = Display
    settings = InForce
    models = ListOf(Model, MOST_MODELS)
    history = History
    failures = ListOf(Failed, MOST_FAILURES)
