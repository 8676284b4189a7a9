"""How the history is locked: what keeps its key, and the ways to change that."""

from __future__ import annotations

from collections.abc import Callable

from app.bridge.history_jobs import HistoryJobs
from app.chats.history import History
from app.chats.vault.ways import Ways
from app.error_words import words_of
from app.notices import Notices
from app.pages.history.passphrase_dialog import PassphraseDialog
from app.pages.history.section import Section
from app.theme.theme import Theme
from app.widgets.button import Button
from app.widgets.confirm_dialog import ConfirmDialog

_KEYRING_LIMIT_S = 60.0  # its prompt may have to be found first


class LockSection(Section):
    """Shows the ways to the key, and changes them.

    A job may end after the dialog: its words are chosen before.
    """

    def __init__(self, theme: Theme, jobs: HistoryJobs, notices: Notices) -> None:
        super().__init__(theme, self.tr("How the chats are locked"))
        self._jobs = jobs
        self._notices = notices
        self.way = self.add_sentence()
        self.to_passphrase = Button(theme, self.tr("Use a passphrase instead…"))
        self.change = Button(theme, self.tr("Change passphrase…"))
        self.to_keyring = Button(theme, self.tr("Use the keyring instead…"))
        self.add_buttons(self.to_passphrase, self.change, self.to_keyring)
        self.recovery = self.add_sentence()
        self.set_recovery = Button(theme, "")
        self.remove_recovery = Button(theme, self.tr("Remove…"))
        self.add_buttons(self.set_recovery, self.remove_recovery)
        self.to_passphrase.clicked.connect(self._on_to_passphrase)
        self.change.clicked.connect(self._on_change)
        self.to_keyring.clicked.connect(self._on_to_keyring)
        self.set_recovery.clicked.connect(self._on_set_recovery)
        self.remove_recovery.clicked.connect(self._on_remove_recovery)

    def show_ways(self, ways: Ways) -> None:
        """What is in force now."""
        in_keyring = ways.keyring is not None
        self.way.setText(self._way_words(ways))
        self.to_passphrase.setVisible(in_keyring)
        self.change.setVisible(not in_keyring)
        self.to_keyring.setVisible(not in_keyring)
        self.remove_recovery.setVisible(ways.has_recovery)
        self.set_recovery.setText(
            self.tr("Replace recovery passphrase…")
            if ways.has_recovery
            else self.tr("Add a recovery passphrase…")
        )
        self.set_recovery.updateGeometry()
        self.recovery.setText(
            self.tr("A recovery passphrase opens them too.")
            if ways.has_recovery
            else self.tr(
                "There is no recovery passphrase. One opens the chats when the keyring’s entry "
                "is lost or the passphrase forgotten."
            )
        )

    def _way_words(self, ways: Ways) -> str:
        if ways.keyring is None:
            return self.tr("A passphrase opens the chats.")
        name = words_of(ways.keyring.full_name)
        words = self.tr("{keyring} keeps the key.").format(keyring=name[:1].upper() + name[1:])
        if ways.has_passphrase:
            words += " " + self.tr("A passphrase opens the chats too.")
        return words

    # ------------------------------------------------------------------ what is asked for

    def _on_to_passphrase(self) -> None:
        self._ask_new(
            self.tr("Lock the chats with a passphrase"),
            self.tr(
                "From then on this passphrase opens them, and the keyring’s entry is deleted. "
                "Without it nobody can open the chats, not even you."
            ),
            lambda history, words: history.move_to_passphrase(words, _KEYRING_LIMIT_S),
            self.tr("The passphrase opens the chats from now on."),
        )

    def _on_change(self) -> None:
        self._ask_new(
            self.tr("Change the passphrase"),
            self.tr("The present one opens nothing any more, backups included."),
            lambda history, words: history.set_passphrase(words),
            self.tr("The passphrase is changed."),
        )

    def _on_set_recovery(self) -> None:
        self._ask_new(
            self.tr("Set a recovery passphrase"),
            self.tr("It opens the chats beside the usual way. Keep it where you find it again."),
            lambda history, words: history.set_recovery(words),
            self.tr("The recovery passphrase is set."),
        )

    def _on_to_keyring(self) -> None:
        self._ask_first(
            self.tr("Keep the key in the keyring?"),
            self.tr(
                "The chats then open without asking, as long as the keyring is unlocked. The "
                "passphrase opens nothing any more; a recovery passphrase stays."
            ),
            self.tr("Use the keyring"),
            self._move_to_keyring,
        )

    def _on_remove_recovery(self) -> None:
        self._ask_first(
            self.tr("Remove the recovery passphrase?"),
            self.tr("It opens nothing any more, backups included."),
            self.tr("Remove"),
            self._remove_recovery,
        )

    def _move_to_keyring(self) -> None:
        def move(history: History) -> None:
            kind = history.ways().find_keyring(_KEYRING_LIMIT_S)
            history.move_to_keyring(kind, _KEYRING_LIMIT_S)

        success = self.tr("The keyring keeps the key from now on.")
        self._jobs.run(
            self.tr("Waiting for the keyring"), move, lambda _: self._notices.news(success)
        )

    def _remove_recovery(self) -> None:
        success = self.tr("The recovery passphrase is removed.")
        self._jobs.run(
            self.tr("Removing the recovery passphrase"),
            lambda history: history.remove_recovery(),
            lambda _: self._notices.news(success),
        )

    def _ask_first(self, title: str, sentence: str, action: str, act: Callable[[], None]) -> None:
        dialog = ConfirmDialog(self.theme, title, sentence, action, self.window())
        dialog.accepted.connect(act)
        dialog.open()

    def _ask_new(
        self,
        title: str,
        sentence: str,
        act: Callable[[History, str], str | None],
        success: str,
    ) -> None:
        dialog = PassphraseDialog(
            self.theme, title, sentence, self.tr("Set passphrase"), self.window()
        )

        def succeed(left: str | None) -> None:
            dialog.end()
            if left:
                self._notices.warning(left)
            self._notices.news(success)

        def take(passphrase: str) -> None:
            is_taken = self._jobs.run(
                self.tr("Changing the passphrase"),
                lambda history: act(history, passphrase),
                succeed,
                on_refused=dialog.refuse,
                on_failed=dialog.end,
            )
            if not is_taken:
                dialog.end()

        dialog.chosen.connect(take)
        dialog.open()
