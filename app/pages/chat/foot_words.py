"""What the line under an answer says of its state. Words only: the foot shows them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.numbers import decimal, whole
from app.pages.chat.turns import Turn, TurnState


def state_words(turn: Turn) -> str:
    """How far an answer is, or how it ended; nothing where that needs no word."""
    translate = QCoreApplication.translate
    match turn.state:
        case TurnState.WAITING:
            return translate("AnswerFoot", "Waiting")
        case TurnState.READING:
            return translate("AnswerFoot", "Reading")
        case TurnState.THINKING:
            return ""
        case TurnState.ANSWERING:
            return translate("AnswerFoot", "Answering")
        case TurnState.DONE:
            return _left_out_words(turn)
        case TurnState.STOPPED:
            return _stopped_words(turn)
        case TurnState.FULL:
            return translate("AnswerFoot", "The context is full. The answer ends here.")
        case TurnState.LIMITED:
            return translate("AnswerFoot", "It is as long as answers may be. It can go on.")
        case TurnState.FAILED:
            return translate("AnswerFoot", "Not answered.")


def prefill_words(done_tokens: int, total_tokens: int) -> str:
    """How much of the prompt was read."""
    form = QCoreApplication.translate("AnswerFoot", "Reading {done} of {total} tokens")
    return form.format(done=whole(done_tokens), total=whole(total_tokens))


def cost_words(turn: Turn) -> str:
    """How fast it was, or how much came so far; the thoughts' head counts these itself."""
    translate = QCoreApplication.translate
    if turn.tokens_per_s:
        form = translate("AnswerFoot", "{speed} tokens/s")
        return form.format(speed=decimal(turn.tokens_per_s, 1))
    return "" if turn.state is TurnState.THINKING else count_words(turn.generated_tokens)


def count_words(tokens: int) -> str:
    """So many tokens; nothing for none."""
    translate = QCoreApplication.translate
    if tokens == 1:
        return translate("AnswerFoot", "1 token")
    form = translate("AnswerFoot", "{count} tokens")
    return form.format(count=whole(tokens)) if tokens else ""


def _left_out_words(turn: Turn) -> str:
    if not turn.left_out:
        return ""
    if turn.left_out == 1:
        return QCoreApplication.translate("AnswerFoot", "Answered without the first message.")
    form = QCoreApplication.translate("AnswerFoot", "Answered without the first {count} messages.")
    return form.format(count=turn.left_out)


def _stopped_words(turn: Turn) -> str:
    translate = QCoreApplication.translate
    if turn.answer:
        return translate("AnswerFoot", "Stopped. The answer so far is kept.")
    return translate("AnswerFoot", "Stopped before the answer began.")
