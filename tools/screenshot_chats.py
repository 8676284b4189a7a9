"""The chats that the pictures' history holds, with answers that were made at their times.

For: `tools.screenshots`.
"""

from __future__ import annotations

from app.chats.model import AttachmentPart, Part, Provenance, ReasoningPart, Role, TextPart
from app.chats.store import ChatStore, now_ms
from tools import screenshot_texts as texts
from tools.screenshot_home import Home

PITCHER = "Pebbles for the pitcher"
TENDER = "Tender review, lot 3"
NOTES = "The crow, in short"
ARABIC = "الغراب والجرة"
CHINESE = "乌鸦喝水 🐦"
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
# Those in the list that are never opened, with their age.
_OTHERS = (
    ("Letter to the landlord", 0),
    ("Regex for IBAN numbers", 0),
    ("Why bread needs salt", _DAY_MS),
    ("Backup plan for two laptops", _DAY_MS),
    ("合同条款的翻译", _DAY_MS),
    ("Chapter 2 outline", 5 * _DAY_MS),
)
_OFFERS = "offer;price;fee\nMeridian;18400;2900\nNordwerk;21000;1950\nHalloran;15200;3600\n" * 180


def seeded_home() -> Home:
    """A home with a history as the drawings show it."""
    home = Home()
    door, history = home.opened()
    _Seeding(history.store).seed()
    door.close()
    return home


class _Seeding:
    """Writes chats as of a time of its own."""

    def __init__(self, store: ChatStore) -> None:
        self._now_ms = now_ms()
        self._store = ChatStore(store.database, self._tick)

    def _tick(self) -> int:
        """Each message a little later, so that their order is theirs."""
        self._now_ms += 1
        return self._now_ms

    def seed(self) -> None:
        """All of them, the oldest first."""
        start_ms = self._now_ms
        for title, age_ms in reversed(_OTHERS):
            self._now_ms = start_ms - age_ms - _HOUR_MS // 60
            self._chat(title, "A letter", "Dear Sir or Madam")
        self._now_ms = start_ms - 1_000
        self._chat(ARABIC, texts.ARABIC_QUESTION, texts.ARABIC_ANSWER)
        self._chat(CHINESE, texts.CHINESE_QUESTION, texts.CHINESE_ANSWER)
        self._chat(NOTES, texts.NOTES_QUESTION, texts.NOTES_ANSWER)
        tender = self._chat(
            TENDER,
            texts.TENDER_QUESTION,
            texts.TENDER_ANSWER,
            ReasoningPart(texts.TENDER_THOUGHTS, 21_000, 1_032),
            AttachmentPart(texts.TENDER_FILE, _OFFERS),
        )
        self._store.set_pinned(tender, True)
        self._pitcher()

    def _pitcher(self) -> None:
        thoughts = ReasoningPart(texts.PITCHER_THOUGHTS, 12_000, 486)
        chat = self._chat(PITCHER, texts.PITCHER_QUESTION, "34, I think.", thoughts)
        question = self._store.messages.path(self._store.get(chat).leaf_id)[0]
        self._answer(chat, question.id, texts.PITCHER_ANSWER, thoughts)

    def _chat(self, title: str, asked: str, answer: str, *parts: Part) -> int:
        chat = self._store.create(title).id
        files = [part for part in parts if isinstance(part, AttachmentPart)]
        question = self._store.messages.add(chat, None, Role.USER, (*files, TextPart(asked)))
        thoughts = [part for part in parts if isinstance(part, ReasoningPart)]
        self._answer(chat, question.id, answer, *thoughts)
        return chat

    def _answer(self, chat: int, question: int, answer: str, *thoughts: ReasoningPart) -> None:
        figures = (
            ("model", "R1-0528 Qwen3 8B"),
            ("architecture", "qwen3"),
            ("quantization", "Q4_K_M"),
            ("seed", 3_141_592_653),
            ("temperature", 0.6),
            ("prompt_tokens", 1_204),
            ("cached_tokens", 1_100),
            ("generated_tokens", 702),
            ("decode_tokens_per_s", 13.6),
        )
        parts: list[Part] = [*thoughts, TextPart(answer)]
        self._store.messages.add(
            chat, question, Role.ASSISTANT, parts, provenance=Provenance(figures)
        )
