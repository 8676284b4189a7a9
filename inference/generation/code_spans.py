"""Where in a growing Markdown text one is: in code, or not.

For the reasoning parser, which leaves tags in code alone. Follows CommonMark (sections 4.5
and 6.1) as far as a stream lets one decide at once: an inline span ends with its line, and a
fence closes where no language follows it. Indented code blocks are not looked for, as models
indent lists.
"""

from __future__ import annotations

_FENCE_CHARACTERS = "`~"
_FENCE_LENGTH = 3
_FENCE_INDENT = 3


class CodeSpans:
    """Fed with all text, says whether what comes next is code."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A new text begins."""
        self._fence: tuple[str, int] | None = None
        self._fence_is_of_this_line = False
        self._inline_length = 0  # of the backticks that opened an inline span; 0: none is open
        self._run = ""
        self._run_begins_line = False
        self._indent: int | None = 0  # None once the line has more than spaces

    def feed(self, text: str) -> None:
        """More text."""
        for character in text:
            self._pass(character)

    def is_code(self, before: str) -> bool:
        """Whether `before`, which comes next, stands in code."""
        self._end_run(before)
        return self._fence is not None or self._inline_length > 0

    def begins_line(self) -> bool:
        """Whether nothing but spaces stands on the line so far."""
        return self._indent is not None

    def _pass(self, character: str) -> None:
        if self._run and character == self._run[0]:
            self._run += character
            return
        self._end_run(character)
        if character in _FENCE_CHARACTERS:
            self._run = character
            self._run_begins_line = self._indent is not None and self._indent <= _FENCE_INDENT
            self._indent = None
        elif character == "\n":
            self._inline_length = 0
            self._fence_is_of_this_line = False
            self._indent = 0
        elif character == " " and self._indent is not None:
            self._indent += 1
        else:
            self._indent = None

    def _end_run(self, following: str) -> None:
        """Backticks or tildes have ended: `following` is another character."""
        run, self._run = self._run, ""
        if not run:
            return
        if self._fence is not None:
            self._end_run_in_fence(run, self._fence, following)
        elif self._run_begins_line and len(run) >= _FENCE_LENGTH:
            self._fence = (run[0], len(run))
            self._fence_is_of_this_line = True
        elif run[0] == "`":
            self._toggle_inline(len(run))

    def _end_run_in_fence(self, run: str, fence: tuple[str, int], following: str) -> None:
        character, length = fence
        if run[0] != character:
            return
        if self._fence_is_of_this_line:
            if character == "`":  # ```like this``` is an inline span after all
                self._fence = None
                self._inline_length = length
                self._toggle_inline(len(run))
        elif self._run_begins_line and len(run) >= length and not following.isalnum():
            self._fence = None

    def _toggle_inline(self, length: int) -> None:
        if not self._inline_length:
            self._inline_length = length
        elif self._inline_length == length:
            self._inline_length = 0
