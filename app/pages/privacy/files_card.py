"""A card on the program's own files: whether they are those that were built."""

from __future__ import annotations

from app.airlock.installed_files import InstalledFiles, Signed, Verdict, file_lines
from app.error_words import words_of
from app.pages.privacy.cards import FactCard
from app.theme.theme import Theme
from app.theme.tokens import Ink

_MOST_NAMED = 5  # `audit` and the report name all


class FilesCard(FactCard):
    """The fact in a few words, and what it rests on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("The program’s files"))
        self.show_comparing()

    def show_comparing(self) -> None:
        """It takes a second or two for each 500 MB."""
        self.fact.set_ink(Ink.TEXT)
        self.say(self.tr("Being compared"), self.tr("Each file is compared with what was built."))

    def show_unknown(self, why: str) -> None:
        """It came to nothing."""
        self.fact.set_ink(Ink.WARN)
        self.say(self.tr("Not compared"), why)

    def show_files(self, files: InstalledFiles) -> None:
        """What was found."""
        self.fact.set_ink(Ink.TEXT if files.is_sound else Ink.WARN)
        lines = [words_of(line) for line in file_lines(files)]
        last = [] if files.verdict in (Verdict.NOT_COMPARED, Verdict.NO_LIST) else lines[-1:]
        named = lines[1 : len(lines) - len(last)]
        shown = [lines[0], *named[:_MOST_NAMED]]
        if len(named) > _MOST_NAMED:
            shown.append(self.tr("The report names all of them."))
        self.say(self._fact(files), " ".join([*shown, *last, *self._hash(files)]))

    def _fact(self, files: InstalledFiles) -> str:
        if files.verdict is Verdict.NOT_COMPARED:
            return self.tr("From source")
        if files.is_sound:
            return self.tr("As built")
        if files.verdict is Verdict.NO_LIST:
            return self.tr("Not known")
        if files.signed in (Signed.MISSING, Signed.WRONG) and files.verdict is Verdict.AS_BUILT:
            return self.tr("Not signed as it should be")
        return self.tr("Not as built")

    def _hash(self, files: InstalledFiles) -> list[str]:
        if not files.list_sha256:
            return []
        return [self.tr("SHA-256 of the list: {digits}").format(digits=files.list_sha256)]
