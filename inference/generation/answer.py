"""An answer's text while it grows: token ids in, events out.

For the engine's loop. Puts together the detokenizer, the reasoning parser and the stop
strings. Pure bookkeeping; no model.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.events import Channel, Recast, Token
from inference.generation.reasoning import Markers, Piece, ReasoningParser, Tag
from inference.generation.stop import StopStrings
from inference.prompt.tokenizer import Tokenizer
from inference.request import Message


@dataclass(frozen=True)
class TagTokens:
    """A family's tags in one vocabulary: `ids` where both are tokens of their own."""

    markers: Markers | None
    ids: dict[int, Tag]

    @classmethod
    def of(cls, markers: Markers | None, tokenizer: Tokenizer) -> TagTokens:
        """Look them up."""
        if markers is None:
            return cls(None, {})
        tags = ((Tag.OPEN, markers.open), (Tag.CLOSE, markers.close))
        found = {tokenizer.id_of(text): tag for tag, text in tags}
        ids = {token_id: tag for token_id, tag in found.items() if token_id is not None}
        return cls(markers, ids if len(ids) == len(tags) else {})


@dataclass(frozen=True)
class Fed:
    """What one token came to."""

    events: tuple[Token | Recast, ...]
    ended: bool


class AnswerText:
    """Turns token ids into events: never half a character, never a stop string.

    Stop strings are looked for in the answer alone, not in the thoughts before it.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        stop_strings: tuple[str, ...],
        tags: TagTokens,
        thinking_is_open: bool,
    ) -> None:
        self._tokenizer = tokenizer
        self._decoder = tokenizer.decoder()
        self._stop_strings = StopStrings(stop_strings)
        self._stop_ids = frozenset(tokenizer.eos_ids)
        self._tags = tags
        self._parser = ReasoningParser(tags.markers, thinking_is_open, by_token=bool(tags.ids))
        self._written: list[tuple[Channel, str]] = []
        self._token_ids: list[int] = []
        self._shown: dict[Channel, list[str]] = {Channel.REASONING: [], Channel.ANSWER: []}
        self._left_code_at: list[int] = []
        self._hides_control = False
        self._is_stopped = False

    @property
    def is_thinking(self) -> bool:
        """Whether what comes next is a thought."""
        return self._parser.is_thinking

    @property
    def is_between_characters(self) -> bool:
        """Whether neither a character nor a tag is half written."""
        return self._decoder.is_between_characters and not self._parser.holds_partial_tag

    @property
    def written(self) -> tuple[tuple[Channel, str], ...]:
        """Everything but what is held back, by channel and in order."""
        return tuple(self._written)

    @property
    def token_ids(self) -> tuple[int, ...]:
        """The ids behind `written`: all but what ended the answer."""
        return tuple(self._token_ids)

    @property
    def left_code_at(self) -> tuple[int, ...]:
        """Before which of `token_ids` a tag was forced upon the model."""
        return tuple(self._left_code_at)

    @property
    def is_plain(self) -> bool:
        """Whether `written` shows every token: no control token passed unseen, no half character.

        A stop string hides what the model wrote of it, and it is in `written` all the same.
        """
        return not self._hides_control and self._decoder.is_between_characters

    @property
    def shown(self) -> Message:
        """What whoever heard all events has of it."""
        thoughts, answer = self._shown[Channel.REASONING], self._shown[Channel.ANSWER]
        return Message("assistant", "".join(answer), "".join(thoughts))

    @property
    def is_stopped(self) -> bool:
        """Whether a stop string ended it."""
        return self._is_stopped

    def leave_code(self) -> None:
        """A tag that is forced upon the model counts, whatever the model was writing."""
        self._parser.leave_code()
        self._left_code_at.append(len(self._token_ids))

    def feed(self, token_id: int) -> Fed:
        """The events of `token_id`, and whether the model has ended its answer with it.

        With a stop token comes everything that was held back.
        """
        ended = token_id in self._stop_ids
        pieces = self._flushed() if ended else self._parse(token_id)
        events, stopped = self._tell(token_id, pieces, is_end=ended)
        self._is_stopped = self._is_stopped or stopped
        return Fed(events, ended or stopped)

    def cut(self) -> tuple[Token | Recast, ...]:
        """The answer is cut off here: what was held back, but for half a character.

        What may yet become a marker is told as one, so that nothing is shown that would not
        be there had the answer gone on.
        """
        events, _ = self._tell(None, self._parser.cut(), is_end=True)
        return events

    def go_on(self, was_cut: bool, shown: Message) -> None:
        """What was fed is `shown` already, cut off or whole: events tell what follows."""
        if not was_cut:
            self._tell(None, self._flushed(), is_end=False)
        self._stop_strings.mark_told()
        self._shown = {Channel.REASONING: [shown.reasoning], Channel.ANSWER: [shown.content]}

    def _parse(self, token_id: int) -> list[Piece]:
        self._token_ids.append(token_id)
        tag = self._tags.ids.get(token_id)
        if tag is None:
            if self._tokenizer.is_control(token_id):
                self._hides_control = True
            return self._parser.feed(self._decoder.feed(token_id))
        pieces = self._parser.feed(self._decoder.flush())
        return pieces + self._parser.feed_tag(tag, self._tokenizer.token_text(token_id))

    def _flushed(self) -> list[Piece]:
        return self._parser.feed(self._decoder.flush()) + self._parser.flush()

    def _tell(
        self, token_id: int | None, pieces: list[Piece], is_end: bool
    ) -> tuple[tuple[Token | Recast, ...], bool]:
        self._written += (piece for piece in pieces if isinstance(piece, tuple))
        teller = _Teller(token_id, self._parser.channel)
        stopped = False
        for piece in pieces:
            if isinstance(piece, Recast):
                teller.say(Channel.ANSWER, self._stop_strings.flush())
                teller.events.append(piece)
                continue
            channel, text = piece
            if channel is not Channel.ANSWER:
                teller.say(Channel.ANSWER, self._stop_strings.flush())
                teller.say(channel, text)
                continue
            passed = self._stop_strings.feed(text)
            teller.say(channel, passed.text)
            if passed.stopped:
                stopped = True
                break
        if is_end and not stopped:
            teller.say(Channel.ANSWER, self._stop_strings.flush())
        told = teller.told()
        self._show(told)
        return told, stopped

    def _show(self, events: tuple[Token | Recast, ...]) -> None:
        for event in events:
            if isinstance(event, Recast):
                self._shown[Channel.REASONING] += self._shown[Channel.ANSWER]
                self._shown[Channel.ANSWER] = []
            elif event.channel is not Channel.MARKER:
                self._shown[event.channel].append(event.text)


class _Teller:
    """Makes one token's events: the first with its id, the others without."""

    def __init__(self, token_id: int | None, channel: Channel) -> None:
        self._token_id = token_id
        self._channel = channel
        self._has_named_token = False
        self.events: list[Token | Recast] = []

    def say(self, channel: Channel, text: str) -> None:
        if not text:
            return
        last = self.events[-1] if self.events else None
        if isinstance(last, Token) and last.channel is channel:
            self.events[-1] = Token(last.token_id, last.text + text, channel)
            return
        token_id = None if self._has_named_token else self._token_id
        self.events.append(Token(token_id, text, channel))
        self._has_named_token = True

    def told(self) -> tuple[Token | Recast, ...]:
        if not self._has_named_token and self._token_id is not None:
            self.events.append(Token(self._token_id, "", self._channel))
        return tuple(self.events)
