"""What is done with models beside the window: each function is work of a job or a task.

For: `WindowModels` and `WindowBundles`. The engine, and torch with it, is imported here, in the
task’s thread.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.bridge.jobs import Hand, Step
from app.bridge.quick_imports import keep_modules, load_torch_libraries
from app.collector import uncollected
from app.library import speeds
from app.library.errors import PlacesError
from app.library.found import Found, found_models
from app.library.mixes import Mix
from app.library.models import ModelChoice
from app.library.places import Place, Places
from app.library.shelved import Checked, Shelved
from inference.errors import PreparationCancelledError
from inference.events import LoadProgress

if TYPE_CHECKING:
    from app.library.bundles.checking import OpenBundle
    from app.library.bundles.errors import Conflict
    from app.library.offers import Offers
    from inference.prepared.preparing import PreparationProgress, Watch

_HEAVY = "app.library.facts"
PREPARED_SUFFIX = "-prepared"
_KEY_LOCK = threading.Lock()


@dataclass(frozen=True)
class Shelf:
    """Every model, and why those in other places are not among them, if they are not."""

    models: tuple[Shelved, ...]
    problem: str = ""


@dataclass(frozen=True)
class Stick:
    """A bundle whose signature is sound, and when it was made (seconds since 1970). `signer`: what
    its key is called here, None where it is not trusted.
    """

    bundle: OpenBundle
    name: str
    total_bytes: int
    made_at_s: int
    fingerprint: str
    signer: str | None


@dataclass(frozen=True)
class Consent:
    """What the user said to a bundle. `is_trusted_now`: they compared the fingerprint; `stays`: its
    key is trusted from now on, which is kept only when the bundle was as it was signed; the others:
    it may be older than one known here, or of another signer.
    """

    is_trusted_now: bool = False
    stays: bool = False
    older: bool = False
    other_signer: bool = False


@dataclass(frozen=True)
class Contested:
    """What stands against a bundle until its user allows it; the signers are as in `Stick`, of what
    is known and of the bundle.
    """

    conflict: Conflict
    known_signer: str | None
    signer: str | None


@dataclass(frozen=True)
class Taken:
    """What came of files that were dropped. `refused`: names of what was no model, and why not."""

    models: tuple[ModelChoice, ...]
    bundles: tuple[Path, ...]
    refused: tuple[tuple[str, Exception], ...]


@dataclass(frozen=True)
class MadeBundle:
    """Where a bundle was written, how large it is, and with which key it was signed."""

    folder: Path
    total_bytes: int
    parts: int
    fingerprint: str


def look() -> Shelf:
    """Every model on this computer."""
    import_library()
    from app.library.facts import shelf

    try:
        Places().all()
        problem = ""
    except PlacesError as error:
        problem = str(error)
    return Shelf(shelf(), problem)


def find() -> tuple[Found, ...]:
    """What other programs keep, without what is used from there already."""
    known = {place.path for place in Places().all()}
    return tuple(found for found in found_models() if found.path not in known)


def verify(model: ModelChoice, hand: Hand) -> Checked:
    """As `check_model`."""
    import_library()
    from app.library.checks import Checks, check_model

    return check_model(model, Checks(), _watch(hand))


def trust(fingerprint: str, name: str) -> None:
    """From now on this key is trusted. Raises KeyFileError."""
    import_library()
    from app.library.bundles.trust import TrustStore

    TrustStore().trust(fingerprint, name)


def move(model: ModelChoice, folder: Path, hand: Hand) -> Path:
    """As `move_model`; what was verified of it goes along."""
    import_library()
    from app.library.checks import Checks
    from app.library.moving import move_model

    target = move_model(model, folder, _watch(hand))
    Checks().carry(model.path, target)
    speeds.carry(model.path, target)
    return target


def remove(model: ModelChoice) -> None:
    """As `remove_model`; what is known of it goes too."""
    import_library()
    from app.library.checks import Checks
    from app.library.removing import remove_model

    remove_model(model)
    Checks().carry(model.path, None)
    speeds.carry(model.path, None)


def forget(model: Shelved) -> None:
    """A model elsewhere is no longer shown; its files stay."""
    Places().forget(model.name)


def take(path: Path, name: str, copies: bool, hand: Hand) -> ModelChoice:
    """A model that lies elsewhere, used there or copied; as `take_in` and `use_in_place`."""
    import_library()
    from app.library.moving import model_at, name_of, take_in, use_in_place

    found = model_at(path)
    name = name or name_of(found)
    return take_in(found, name, _watch(hand)) if copies else use_in_place(found, name)


def take_all(paths: tuple[Path, ...], hand: Hand) -> Taken:
    """Every model among them, used where it lies; raises PlacesError. Bundles are only found."""
    import_library()
    from app.library.dropped import sorted_out
    from app.library.moving import name_of, use_in_place

    found = sorted_out(paths)
    models = [use_in_place(path, name_of(path)) for path in found.models if not hand.is_stopped()]
    refused = tuple((path.name, why) for path, why in found.refused)
    return Taken(tuple(models), found.bundles, refused)


def locate(model: Shelved, path: Path) -> None:
    """It lies there now; raises as `model_at`."""
    import_library()
    from app.library.moving import model_at

    Places().remember(Place(model.name, model_at(path), model.is_ours))


def open_stick(path: Path) -> Stick:
    """Look at a bundle, or the only one in a folder; raises BundleError. Reads no part."""
    import_library()
    from app.library.bundles.checking import find_bundle, open_bundle
    from app.library.bundles.trust import TrustStore

    bundle = open_bundle(find_bundle(path.absolute()))
    fingerprint = bundle.signer.fingerprint
    manifest = bundle.manifest
    signer = TrustStore().name_of(fingerprint)
    return Stick(
        bundle, manifest.name, manifest.total_bytes, manifest.made_at_s, fingerprint, signer
    )


def install(
    stick: Stick, consent: Consent, allowed: frozenset[str] | None, hand: Hand
) -> Path | Contested:
    """As `import_bundle`; what stands against it, and was not allowed, is an answer. `allowed`: the
    weights that an administrator allows, None for all.
    """
    import_library()
    from app.library.bundles.admission import Allowance
    from app.library.bundles.errors import ConflictError
    from app.library.bundles.importing import import_bundle, signer_name
    from app.library.bundles.trust import TrustStore

    store = TrustStore()
    now = stick.fingerprint if consent.is_trusted_now else ""
    signer = signer_name(stick.bundle, store, now)
    allow = Allowance(consent.older, consent.other_signer, allowed)
    try:
        imported = import_bundle(
            stick.bundle, paths.models_dir(), signer, allow=allow, watch=_watch(hand)
        )
    except ConflictError as error:
        known = store.name_of(error.conflict.known_fingerprint)
        return Contested(error.conflict, known, store.name_of(stick.fingerprint))
    if consent.stays and store.name_of(stick.fingerprint) is None:
        store.trust(stick.fingerprint, stick.name)
    return imported.folder


def make_bundle(model: ModelChoice, folder: Path, hand: Hand) -> MadeBundle:
    """As `export_bundle`, signed with this computer's key, which is made where there is none."""
    import_library()
    from app.library.bundles.exporting import PART_BYTES, export_bundle
    from app.library.bundles.signing import SigningKey
    from app.library.bundles.sources import source_of
    from app.library.bundles.trust import TrustStore

    store = TrustStore()
    own = store.own_file
    with _KEY_LOCK:  # two bundles at once, and each would make one
        key = SigningKey.make(own) if store.own_key() is None else SigningKey.read(own)
    made, manifest = export_bundle(source_of(model), folder, key, PART_BYTES, _watch(hand))
    parts = sum(1 for _ in manifest.parts())
    return MadeBundle(made, manifest.total_bytes, parts, key.public.fingerprint)


def offers(measures: bool) -> Offers:
    """As `gather`."""
    import_library()
    from app.library.offers import gather

    return gather(measures)


def discard(name: str) -> None:
    """What has arrived of a download that was begun is deleted. Raises DownloadError."""
    from app.airlock.download.unfinished import discard as delete

    delete(paths.models_dir(), name)


def prepare_arrived(name: str, mix: str, hand: Hand) -> str:
    """Prepare what was downloaded, as `models download` does; the name of what to load then.

    GGUF keeps its values and is prepared beside the other copies; full precision and FP8 become
    `mix`, or keep theirs with “none”, in a folder of its own. Raises PreparationError, what
    `open_model` raises, OSError.
    """
    import_library()
    from app.library.prepared import prepared_path
    from inference.prepared.preparing import prepare, quantizing_by
    from inference.request import Compute

    folder = paths.models_dir() / name
    if any(folder.glob("*.gguf")):
        prepared_path(folder, Compute.FAST, _loading_teller(hand))
        return name
    target = paths.models_dir() / f"{name}{PREPARED_SUFFIX}"
    quantizing = None if mix == Mix.KEPT else quantizing_by(mix)
    prepare(folder, target, quantizing, _watch(hand), replace=True)
    return target.name


def _loading_teller(hand: Hand) -> Callable[[LoadProgress], None]:
    """Stops where the hand says so: what is done is kept."""

    def tell(progress: LoadProgress) -> None:
        if hand.is_stopped():
            raise PreparationCancelledError
        hand.tell(Step(progress.step, progress.done, progress.total))

    return tell


def _watch(hand: Hand) -> Watch:
    from inference.prepared.preparing import Watch

    return Watch(_teller(hand), hand.is_stopped)


def _teller(hand: Hand) -> Callable[[PreparationProgress], None]:
    def tell(progress: PreparationProgress) -> None:
        hand.tell(Step(progress.step, progress.done_bytes, progress.total_bytes))

    return tell


def import_library() -> None:
    """What works, and torch with it where no model was loaded; without a stall of the window."""
    if _HEAVY in sys.modules:
        return
    with uncollected():
        load_torch_libraries()
        importlib.import_module(_HEAVY)
        keep_modules()
