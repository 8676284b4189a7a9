"""The words of the window and their German: what `make check` finds, and that it finds it."""

from pathlib import Path

import pytest

from tools import translations
from tools.translation_rules import Message, faults_of, mnemonic_faults, read_messages

SOURCE = """
class Door(QObject):
    def said(self):
        return self.tr("Closed {count} times…")
"""


def translated(source: str, text: str, state: str = "") -> list[str]:
    return list(faults_of(Message("Door", source, text, state)))


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("Open", "", "empty"),
        ("Open {name}", "Öffnen", "holes"),
        ("Open {name}", "{title} öffnen", "holes"),
        ("{a} and {a}", "{a} und", "holes"),
        ("Open ", "Öffnen", "spaces"),
        ("Open…", "Öffnen", "ellipsis"),
        ("Open…", "Öffnen...", "ellipsis"),
        ("Open\tCtrl+O", "Öffnen", "shortcut"),
        ("&Open", "Öffnen", "mnemonic"),
        ("“{name}”", "“{name}”", "quotes"),
        ("“{name}”", "„{name}", "quotes"),
        ("“{name}”", '"{name}"', "quotes"),
    ],
)
def test_a_translation_of_another_form_is_named(source, text, said):
    assert said in " ".join(translated(source, text))


def test_a_translation_of_the_same_form_is_good():
    assert translated("“{name}” is &open…\tCtrl+O", "„{name}“ ist &offen…\tStrg+O") == []


def test_what_nobody_finished_is_named():
    assert "unfinished" in translated("Open", "Öffnen", "unfinished")[0]


def test_two_texts_of_a_class_may_not_claim_one_letter():
    here = [Message("Door", "&Open", "&Auf"), Message("Door", "&Shut", "&ab")]
    assert "Alt+A" in next(mnemonic_faults(here))
    there = [here[0], Message("Gate", "&Shut", "&ab")]
    assert list(mnemonic_faults(there)) == []


@pytest.mark.parametrize(
    ("call", "is_read"),
    [
        ('self.tr("Open")', True),
        ("self.tr(words)", False),
        ('self.tr("Open %n", "", 2)', False),
        ('tr("Door", "Open")', False),
        ('QCoreApplication.translate("Door", "Open")', True),
        ('QCoreApplication.translate("Door", words)', False),
        ('translate(words, "Open")', False),
        ("text.translate(table)", True),
        ("painter.translate(1, 2)", True),
    ],
)
def test_a_call_that_the_tool_cannot_read_is_named(call, is_read):
    assert (not list(translations.call_faults(call, "door.py"))) is is_read


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A small project with a source of its own, told to the tool."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "door.py").write_text(SOURCE, encoding="utf-8")
    folder = tmp_path / "words"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(translations, "FOLDER", folder)
    return tmp_path


def finish(ts: Path, text: str) -> None:
    words = ts.read_text(encoding="utf-8")
    empty = '<translation type="unfinished"></translation>'
    ts.write_text(words.replace(empty, f"<translation>{text}</translation>"), encoding="utf-8")


def test_from_new_words_to_what_qt_loads(project, capsys):
    assert translations.main(["update"]) == 0
    ts = translations.ts_file("de")
    assert [(one.context, one.state) for one in read_messages(ts)] == [("Door", "unfinished")]
    finish(ts, "{count}-mal geschlossen…")
    assert translations.main([]) == 1
    assert "is not made from" in capsys.readouterr().out
    assert translations.main(["release"]) == 0
    assert translations.main([]) == 0


def test_words_that_came_and_words_that_went_are_named(project, capsys):
    translations.main(["update"])
    finish(translations.ts_file("de"), "{count}-mal geschlossen…")
    translations.main(["release"])
    (project / "app" / "door.py").write_text(SOURCE.replace("Closed", "Shut"), encoding="utf-8")
    capsys.readouterr()
    assert translations.main([]) == 1
    said = capsys.readouterr().out
    assert "lacks Door: 'Shut" in said
    assert "no source has any more: Door: 'Closed" in said


def test_a_file_that_is_none_is_refused_with_the_words_of_the_tool(tmp_path):
    broken = tmp_path / "pitcher_de.ts"
    broken.write_text("<no", encoding="utf-8")
    with pytest.raises(translations.ToolError, match="lrelease"):
        translations.release(broken, tmp_path / "pitcher_de.qm")


def test_an_unknown_wish_gets_its_usage(capsys):
    assert translations.main(["everything"]) == 2
    assert "update" in capsys.readouterr().out
