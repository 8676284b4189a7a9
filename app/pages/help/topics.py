"""The help's texts, as they ship with the program: Markdown, a file for each topic and language.

For: the help page. Only paragraphs, headings and lists: that is what its search marks. Free of Qt
but for the folder of the assets.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.markup.blocks import Block, Prose
from app.markup.reading import read
from app.theme.assets import MissingAssetError, asset
from inference.sentence import said

FOLDER = "help"
# In the order in which they are shown.
TOPIC_NAMES = (
    "first-steps",
    "models",
    "asking",
    "thinking",
    "files",
    "finding",
    "settings",
    "privacy",
    "history",
    "keyboard",
    "problems",
)


@dataclass(frozen=True)
class Topic:
    """A topic; its title is its first block. `is_listed` among the contents, `is_choice` of the
    button over the text.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    is_listed: bool = True
    is_choice: bool = True


def read_topics(language: str) -> tuple[Topic, ...]:
    """All topics in a language, by its short name; raises MissingAssetError."""
    return tuple(_read(language, name) for name in TOPIC_NAMES)


def _read(language: str, name: str) -> Topic:
    path = asset(FOLDER, language, f"{name}.md")
    try:
        blocks = read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise MissingAssetError(
            said("{path} can’t be read. Install Pitcher again.", path=path)
        ) from error
    first = blocks[0] if blocks else None
    if not isinstance(first, Prose) or first.lines[0].heading != 1:
        raise MissingAssetError(said("{path} has no title. Install Pitcher again.", path=path))
    return Topic(name, "".join(span.text for span in first.lines[0].spans), blocks)
