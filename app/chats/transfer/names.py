"""A file name made of a chat's title that is safe on every system and every stick.

For: whoever suggests a file to the user. It does not look whether such a file is there.
"""

from __future__ import annotations

import re
import unicodedata

# Names may have 255 bytes on most disks and 143 where a home is encrypted file by file;
# HFS+ takes letters apart, which can make a name three times as long.
MAX_STEM_BYTES = 120
EMPTY_NAME = "Chat"

_SEPARATORS = re.compile(r'[/\\:*?"<>|]+')
# Reserved on Windows in any case and with any suffix: a device, not a file.
_RESERVED = re.compile(
    r"(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
_JOINER = "\u200d"


def suggested_name(title: str, suffix: str, mark: str = "") -> str:
    """`title` as a file name that ends in `suffix` (".md"), at most `MAX_STEM_BYTES` before it.

    Separators become dashes; control characters and marks that turn the direction of text are
    left out. Never hidden, never an option, never a device of Windows. `mark` stands behind the
    title, whole however long that is, to tell chats of one title apart.
    """
    text = _SEPARATORS.sub("-", unicodedata.normalize("NFC", title))
    text = " ".join("".join(_kept(character) for character in text).split())
    text = _cut(text.lstrip(" .-~"), MAX_STEM_BYTES - len(mark)).rstrip(" .-")
    if not text:
        return EMPTY_NAME + mark + suffix
    if is_device(text):
        text = f"{EMPTY_NAME} {text}"
    return text + mark + suffix


def is_device(name: str) -> bool:
    """Whether Windows takes a file of that name for a device."""
    return _RESERVED.fullmatch(name) is not None


def _kept(character: str) -> str:
    """A character as a name may hold it: itself, a space, or nothing."""
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\n\r\v\f":
        return " "
    if category.startswith("C"):  # controls, directions, halves of a character, private use
        return ""
    return character


def _cut(text: str, most_bytes: int) -> str:
    """The beginning of `text` in at most so many bytes, never half a character."""
    return text.encode("utf-8")[:most_bytes].decode("utf-8", errors="ignore").rstrip(_JOINER)
