"""Presets: named settings for chats, and what new chats begin with.

For: a chat's settings, and the settings page. What a setting means is not known here. A chat that
takes a preset has its values for its own: another value in the preset changes no chat.
"""

from __future__ import annotations

from app.chats.database import Database, Row
from app.chats.documents import Pairs, pairs_from_json, pairs_to_json, storable
from app.chats.errors import MissingError, StoreError
from app.chats.model import Preset
from app.chats.rows import new_id
from inference.sentence import said

_NEW_CHATS = "new_chats"
_GONE = said("This preset was deleted. Nothing else was changed.")


class Presets:
    """The presets of a history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, settings: Pairs = ()) -> Preset:
        """A new preset. Raises StoreError when the name is taken."""
        with self._database.write() as cursor:
            self._check_is_free(name, None)
            cursor.execute(
                "INSERT INTO preset (name, settings) VALUES (?, ?) RETURNING id",
                (storable(name), pairs_to_json(settings)),
            )
            preset_id = new_id(cursor)
        return self.get(preset_id)

    def get(self, preset_id: int) -> Preset:
        """Raises MissingError, StoreError."""
        rows = self._database.read("SELECT id, name, settings FROM preset WHERE id = ?", preset_id)
        if not rows:
            raise MissingError(_GONE)
        return _preset(rows[0])

    def all(self) -> tuple[Preset, ...]:
        """By name. Raises StoreError."""
        rows = self._database.read("SELECT id, name, settings FROM preset ORDER BY name")
        return tuple(map(_preset, rows))

    def change(self, preset: Preset) -> None:
        """Give the preset of this id this name and these settings.

        Raises MissingError; StoreError when another one has the name.
        """
        with self._database.write() as cursor:
            self._check_is_free(preset.name, preset.id)
            cursor.execute(
                "UPDATE preset SET name = ?, settings = ? WHERE id = ? RETURNING id",
                (storable(preset.name), pairs_to_json(preset.settings), preset.id),
            )
            if not cursor.fetchall():
                raise MissingError(_GONE)

    def delete(self, preset_id: int) -> None:
        """Chats that used it are left without one. Raises MissingError, StoreError."""
        with self._database.write() as cursor:
            cursor.execute("DELETE FROM preset WHERE id = ? RETURNING id", (preset_id,))
            if not cursor.fetchall():
                raise MissingError(_GONE)

    def for_new_chats(self) -> Pairs:
        """What new chats begin with. Raises DamagedError, StoreError."""
        rows = self._database.read("SELECT value FROM setting WHERE name = ?", _NEW_CHATS)
        return pairs_from_json(str(rows[0][0])) if rows else ()

    def set_for_new_chats(self, settings: Pairs) -> None:
        """Let new chats begin with these. Raises StoreError."""
        with self._database.write() as cursor:
            cursor.execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                (_NEW_CHATS, pairs_to_json(settings)),
            )

    def _check_is_free(self, name: str, preset_id: int | None) -> None:
        rows = self._database.read(
            "SELECT 1 FROM preset WHERE name = ? AND id IS NOT ?", storable(name), preset_id
        )
        if rows:
            raise StoreError("There is a preset of this name already. Choose another name.")


def _preset(row: Row) -> Preset:
    preset_id, name, settings = row
    return Preset(preset_id, name, pairs_from_json(settings))
