"""What stands in the chats that a screen reader reads: a file to import."""

from __future__ import annotations

from typing import Any

QUESTION = "How did the crow drink?"
TARGET = "https://example.org/aesop/390?full=1"
CODE = "def drop(pebble):\n    return level + pebble"
ANSWER = f"""A crow found a **pitcher**; [the fable]({TARGET}) tells how.

| Pebbles | Level |
|:--------|------:|
| 1       | 12 mm |
| 20      | 96 mm |

$$E = mc^2$$

- [x] Fill it
- [ ] Drink

By $E$ it rose[^1].

[^1]: Aesop says so.

```python
{CODE}
```
"""
THOUGHTS = "The reader wants the fable.\nStones raise the water."
OLDER = "It waited for rain."


def message(number: int, parent: int | None, role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "parent_id": parent,
        "role": role,
        "state": "done",
        "created_at_ms": number,
        "parts": list(parts),
    }


def told(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}


def history() -> dict[str, Any]:
    """A chat with a branch and thoughts, and another one."""
    thoughts = {"kind": "reasoning", "text": THOUGHTS, "elapsed_ms": 12_000, "tokens": 41}
    crow = [
        message(1, None, "user", told(QUESTION)),
        message(2, 1, "assistant", told(OLDER)),
        message(3, 1, "assistant", thoughts, told(ANSWER)),
    ]
    other = [message(11, None, "user", told("Hello")), message(12, 11, "assistant", told("Hi."))]
    made = {"created_at_ms": 1, "updated_at_ms": 2}
    return {
        "format": "pitcher-chats",
        "version": 1,
        "exported_at_ms": 1,
        "chats": [
            {"id": 1, "title": "The crow", "leaf_id": 3, "messages": crow, **made},
            {"id": 2, "title": "Another chat", "leaf_id": 12, "messages": other, **made},
        ],
    }
