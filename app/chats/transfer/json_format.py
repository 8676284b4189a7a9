"""The format of exported chats, version 1: what `json_export` writes and `json_import` reads.

UTF-8, one JSON object. Times are milliseconds since 1970 in UTC, ids are numbers that mean
something inside the file alone. Members that are not named here are passed over.

    {"format": "pitcher-chats",     always
     "version": 1,
     "exported_at_ms": …,           for people; not read
     "draft": "",                   what was written for a chat not begun yet
     "draft_files": [] or [FILE, …],    and what was attached beside it
     "presets": [{"id": 1, "name": "…", "settings": VALUES}, …],
     "chats": [CHAT, …]}

    CHAT   {"id", "title", "created_at_ms", "updated_at_ms",
            "is_pinned": false, "draft": "", "draft_files": [] or [FILE, …],
            "preset_id": null or a preset of this file,
            "leaf_id": null or the message that ends the branch shown,
            "settings": {} or VALUES of its own,
            "messages": [MESSAGE, …]}           every branch, in any order
    MESSAGE {"id", "parent_id": null or a message of this chat, "role", "state",
            "created_at_ms", "parts": [PART, …],
            "provenance": null or {"version": 1, "details": VALUES}}
    PART   {"kind": "text", "text"}
           {"kind": "reasoning", "text", "elapsed_ms": 0, "tokens": 0}
           or a FILE
    FILE   {"kind": "attachment", "name", "text"}
    VALUES {name: a text, whole number, number, true or false}; a number that JSON can't
           write is {"number": "nan"}, "inf" or "-inf"

Roles are system, user, assistant; states streaming, done, stopped, failed. A value written
above stands where the member may be absent. Messages of one parent are branches, in order.
"""

from __future__ import annotations

FORMAT = "pitcher-chats"
VERSION = 1
# 9999-12-31: the last day that calendars know.
MAX_TIME_MS = 253_402_214_400_000
MAX_ID = (1 << 63) - 1
NOT_FINITE = "number"
