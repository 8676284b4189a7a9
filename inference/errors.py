"""Everything that inference refuses, as one tree.

    InferenceError
    ├── CheckpointError          a model file is not what it should be
    ├── UnsupportedModelError    a sound file, of a kind that this program does not run
    ├── TokenizerError           a vocabulary that can't be used, or text it can't encode
    ├── TemplateError            a chat template failed, or went over its limits
    ├── ContextOverflowError     more tokens than the context holds
    ├── RequestError             a setting of a request that makes no sense
    ├── CardFailedError          a graphics card failed; the processor can go on
    └── PreparationError         a model can't be prepared, or not now
        ├── NotEnoughDiskError           the prepared model does not fit on the disk
        └── PreparationCancelledError    it was told to stop; what is done is kept

Each message is one sentence (or two) that a user can act on.
"""

from __future__ import annotations

from inference.sentence import Sentence, changed_values, ours, said

_MOST_CHARACTERS = 500
_MOST_NAME_CHARACTERS = 80


def one_line(text: str, most_characters: int = _MOST_CHARACTERS) -> str:
    """Text that may quote a hostile file, as one short line that steers no terminal."""
    line = " ".join(text[: 2 * most_characters].split())
    shown = "".join(c if c.isprintable() else "\ufffd" for c in line)
    if len(shown) > most_characters:
        shown = shown[: most_characters - 1] + "…"
    if isinstance(text, Sentence):
        return changed_values(text, shown, lambda value: one_line(value, most_characters))
    return shown


class InferenceError(Exception):
    """The root: something that a user, a file or the machine caused."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class CheckpointError(InferenceError):
    """A model file is damaged, incomplete or lying: names the file, the field and the reason."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        shown = one_line(field, _MOST_NAME_CHARACTERS)
        super().__init__(
            said("{file}: {shown}: {reason}", file=file, shown=shown, reason=ours(reason))
            if field
            else said("{file}: {reason}", file=file, reason=ours(reason))
        )
        self.file = file
        self.field = field
        self.reason = reason


class UnsupportedModelError(InferenceError):
    """A sound file whose architecture, scheme or setting this program does not run."""


class TokenizerError(InferenceError):
    """A vocabulary can't be used, or a text can't be encoded with it."""


class TemplateError(InferenceError):
    """A chat template is missing, failed, or went over its limits."""


class ContextOverflowError(InferenceError):
    """A prompt is longer than the context."""

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(
            said(
                "The prompt has {prompt_tokens:,} tokens and the context holds "
                "{context_tokens:,}. Shorten it or start a new chat.",
                prompt_tokens=prompt_tokens,
                context_tokens=context_tokens,
            )
        )
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens


class RequestError(InferenceError):
    """A request's setting is out of range."""


class PreparationError(InferenceError):
    """A model can't be prepared, or not now: says why and what to do."""


class NotEnoughDiskError(PreparationError):
    """The prepared model does not fit on the disk."""

    def __init__(self, folder: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(
            said(
                "There is not enough room on the disk: {folder} needs {needed_bytes:,.2f} GB "
                "more and {free_bytes:,.2f} GB are free. Make room and start again; what is "
                "done is kept.",
                folder=folder,
                needed_bytes=needed_bytes / 1000000000.0,
                free_bytes=free_bytes / 1000000000.0,
            )
        )
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


class PreparationCancelledError(PreparationError):
    """It was told to stop; what is done is kept for the next time."""

    def __init__(self) -> None:
        super().__init__(
            said("Stopped. What is done is kept, and the next start goes on from there.")
        )


class CardFailedError(InferenceError):
    """The graphics card that a model runs on failed: `reason` says how. What was said is kept,
    and `Engine.continue_on_processor` goes on without the card."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            said(
                "{reason} The chat is kept as it is, and the processor can go on with it.",
                reason=ours(reason),
            )
        )
        self.reason = reason
