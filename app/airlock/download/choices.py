"""What may be fetched of a repository: a whole safetensors model, or one quantization in GGUF.

For: the confirmation, which shows it, and `job`. Never a file that could hold code: no pickles,
no scripts, nothing from folders but the parts of a quantization.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.airlock.download.errors import HubAnswerError, NothingToFetchError
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import folder_name, is_file_name
from inference.sentence import said

_INDEX = "model.safetensors.index.json"
_WHOLE = "model.safetensors"
_SHARD = re.compile(r"model-(\d{5,6})-of-(\d{5,6})\.safetensors")
_BESIDE = re.compile(
    r"(?:config[\w.-]*\.json|generation_config\.json|preprocessor_config\.json"
    r"|special_tokens_map\.json|added_tokens\.json|tokenizer[\w.-]*\.(?:json|model)"
    r"|tiktoken\.model|vocab\.(?:json|txt)|merges\.txt|chat_template[\w.-]*\.(?:json|jinja)"
    r"|README\.md)"
)
_LICENCE = re.compile(r"(?:LICEN[CS]E|NOTICE|USE_POLICY)[\w.-]*", re.IGNORECASE)
_CODE = (".py", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".sh", ".so", ".dll", ".exe")
_GGUF = re.compile(r"(?P<stem>.+?)(?:-(?P<part>\d{5})-of-(?P<count>\d{5}))?\.gguf")
# Not models of their own: projectors for pictures, and importance data.
_NO_MODEL = re.compile(r"mmproj|imatrix", re.IGNORECASE)
_QUANTIZATION = re.compile(
    r"(?:^|[-_.])((?:UD-)?(?:I?Q\d+(?:_[A-Z0-9]+)*|BF16|F16|F32|FP16|MXFP4(?:_MOE)?))$",
    re.IGNORECASE,
)
_MOST_PARTS = 1_000
# Several times the largest model there is.
_MOST_BYTES = 8 << 40


class Kind(StrEnum):
    """The format of a model's weights."""

    SAFETENSORS = "safetensors"
    GGUF = "gguf"


@dataclass(frozen=True)
class Choice:
    """Files that make a model together, and `name`, its folder in the models folder.

    `label` is the quantization of a GGUF model; of a safetensors model there is only one choice.
    """

    kind: Kind
    label: str
    name: str
    files: tuple[HubFile, ...]

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return sum(file.size for file in self.files)


def choices_of(listing: Listing) -> tuple[Choice, ...]:
    """Every model that can be fetched of it, the smallest first.

    Raises NothingToFetchError, and HubAnswerError where one's files contradict each other.
    """
    files = [file for file in listing.files if is_file_name(file.name)]
    at_root = {file.path: file for file in files if "/" not in file.path}
    weights = _safetensors(at_root)
    if weights:
        beside = [file for name, file in at_root.items() if _goes_along(name)]
        found = [_choice(listing, Kind.SAFETENSORS, "", [*beside, *weights])]
    else:
        found = list(_quantizations(listing, files, at_root))
    if not found:
        raise NothingToFetchError(
            said(
                "{repository} holds no model that Pitcher can run: neither safetensors nor GGUF "
                "files. Nothing was fetched.",
                repository=listing.repository,
            )
        )
    return tuple(sorted(found, key=lambda choice: (choice.total_bytes, choice.label)))


def _goes_along(name: str) -> bool:
    """Whether a safetensors model needs it beside its weights, or its reader the licence."""
    if name.lower().endswith(_CODE):
        return False
    known = _BESIDE.fullmatch(name) or _LICENCE.fullmatch(name)
    return known is not None or name == _INDEX


def _safetensors(at_root: Mapping[str, HubFile]) -> list[HubFile]:
    """The weights: every shard that the names speak of, or the one file; empty for none."""
    shards = {name: match for name in at_root if (match := _SHARD.fullmatch(name))}
    if not shards:
        return [at_root[_WHOLE]] if _WHOLE in at_root else []
    counts = {int(match[2]) for match in shards.values()}
    numbers = sorted(int(match[1]) for match in shards.values())
    _check_parts(numbers, counts, _INDEX)
    return [at_root[name] for name in sorted(shards)]


def _check_parts(numbers: list[int], counts: set[int], name: str) -> None:
    """Raises HubAnswerError unless they are 1 to the one count that all of them name."""
    count = next(iter(counts))
    if len(counts) != 1 or not 0 < count <= _MOST_PARTS or numbers != list(range(1, count + 1)):
        raise HubAnswerError(
            said(
                "Parts of {name} are missing in the repository, or do not belong together. Nothing "
                "was fetched.",
                name=name,
            )
        )


def _quantizations(
    listing: Listing, files: Iterable[HubFile], at_root: Mapping[str, HubFile]
) -> Iterator[Choice]:
    """A choice for each GGUF model, in parts or not. One whose parts are not all there is no
    choice; if no other is left, that is what is said.
    """
    models: dict[tuple[str, int], list[HubFile]] = defaultdict(list)
    for file in files:
        match = _GGUF.fullmatch(file.path)
        if match and not _NO_MODEL.search(file.name):
            models[match["stem"], int(match["count"] or 0)].append(file)
    licence = [file for name, file in at_root.items() if _LICENCE.fullmatch(name)]
    licence = [file for file in licence if not file.name.lower().endswith(_CODE)]
    beside = [*licence, *(at_root[name] for name in ("README.md",) if name in at_root)]
    broken: HubAnswerError | None = None
    labels: set[str] = set()
    made = 0
    for (stem, count), parts in sorted(models.items()):
        try:
            _check_gguf(parts, count, stem)
        except HubAnswerError as error:
            broken = error
            continue
        label = _label(stem, labels)
        made += 1
        yield _choice(listing, Kind.GGUF, label, [*beside, *sorted(parts, key=lambda f: f.path)])
    if broken is not None and not made:
        raise broken


def _check_gguf(parts: list[HubFile], count: int, stem: str) -> None:
    if count:
        numbers = sorted(int(_GGUF.fullmatch(file.path)["part"]) for file in parts)  # type: ignore[index]
        _check_parts(numbers, {count}, stem)


def _label(stem: str, taken: set[str]) -> str:
    """The quantization that the file's name ends with; else its whole name. Never one twice."""
    name = stem.rpartition("/")[2]
    match = _QUANTIZATION.search(name)
    label = match[1] if match and match[1].casefold() not in taken else name
    taken.add(label.casefold())
    return label


def _choice(listing: Listing, kind: Kind, label: str, files: list[HubFile]) -> Choice:
    """Files keep their names and lose their folders; raises HubAnswerError for one name twice."""
    names = [file.name.casefold() for file in files]
    if len(set(names)) != len(names):
        raise HubAnswerError(
            said(
                "Two files of {repository} have one name on many systems. Nothing was fetched.",
                repository=listing.repository,
            )
        )
    if sum(file.size for file in files) > _MOST_BYTES:
        raise HubAnswerError(
            said(
                "{repository} claims to be larger than any model is. Nothing was fetched.",
                repository=listing.repository,
            )
        )
    name = folder_name(listing.repository, label)
    if not is_file_name(name):
        name = folder_name(listing.repository, "model")
    return Choice(kind, label, name, tuple(files))
