"""What errors say is collected, and what can't be collected is a fault that `make check` finds."""

from pathlib import Path

import pytest

from tools import translations
from tools.error_sentences import (
    SOURCES,
    all_templates,
    as_qt_source,
    sentence_faults,
    source_files,
    templates_of,
    window_faults,
)
from tools.translation_rules import read_messages

PLANTED = """
from inference.sentence import said

def open_it(path):
    raise CheckpointError(said("{path} is a planted file.", path=path))
"""
WINDOW = "from PySide6.QtCore import QObject\n"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('said("{a} is odd", a=1)', ["{a} is odd"]),
        ('noted("{a} is odd")', ["{a} is odd"]),
        ('raise StoreError("It is closed.")', ["It is closed."]),
        ('raise kind("It is closed.")', ["It is closed."]),
        (
            'raise StoreError("It is closed." if a else "It is odd.")',
            ["It is closed.", "It is odd."],
        ),
        ('raise self._cursor.fail(name, "it is odd")', ["it is odd"]),
        ('raise CheckpointError(name, "header", "it is odd")', ["it is odd"]),
        ('said("{a}: {b}", a=1, b=2)', []),
        ('raise ValueError("a developer reads this")', []),
        ('log.info("it is odd")', []),
    ],
)
def test_what_is_collected(code, found):
    assert sorted(templates_of(code)) == sorted(found)


@pytest.mark.parametrize(
    "code",
    [
        'raise StoreError(f"{path} is closed.")',
        'raise StoreError("x" if a else f"{path} is closed.")',
        'raise kind(f"{path} is closed.")',
        'raise StoreError("{} is closed.".format(path))',
        'raise StoreError("%s is closed." % path)',
        'raise StoreError(path + " is closed.")',
        'raise self.fail(name, f"{path} is closed")',
        '_FULL = "The disk is full."\nraise StoreError(_FULL)',
        'reason = "it is odd"\nraise self.fail(name, reason)',
        "said(template, a=1)",
        'said(f"{a} is odd")',
        'said("a", "b")',
    ],
)
def test_what_can_not_be_collected_is_a_fault(code):
    assert len(list(sentence_faults(code, "some.py"))) == 1


@pytest.mark.parametrize(
    "code",
    [
        'raise StoreError(said("{path} is closed.", path=path))',
        'raise ValueError(f"{path} is for developers")',
        'raise self.fail(f"layers.{n}.weight", "it is odd")',
        "raise StoreError(str(error)) from error",
        "raise StoreError(sentence)",
        '_FULL = said("The disk is full.")\nraise StoreError(_FULL)',
        '_COUNT = "split.count"\nraise self.fail(_COUNT, "it is odd")',
    ],
)
def test_what_can_be_collected_is_none(code):
    assert list(sentence_faults(code, "some.py")) == []


@pytest.mark.parametrize(
    "code",
    [
        "notices.error(str(error))",
        'notices.error(f"{error} Nothing was sent.")',
        'form = self.tr("{error} Sent.").format(error=error)',
        "label.setText(str(failure))",
    ],
)
def test_an_error_that_the_window_shows_in_english_is_a_fault(code):
    assert len(list(window_faults(WINDOW + code, "page.py"))) == 1
    assert list(window_faults(code, "terminal.py")) == []


@pytest.mark.parametrize(
    "code",
    [
        "notices.error(error)",
        "notices.error(words_of(error))",
        "form.format(error=words_of(error))",
        "return CannotOpen(str(error))",
        'sys.stderr.write(f"pitcher: {error}\\n")',
        '_log.warning("refused", exc_info=error)',
    ],
)
def test_an_error_that_is_worded_or_shown_elsewhere_is_none(code):
    assert list(window_faults(WINDOW + code, "page.py")) == []


def test_nothing_that_reaches_the_window_is_left_out():
    assert all(Path(source).exists() for source in SOURCES)
    assert len(source_files()) > 200
    for file in source_files():
        assert list(sentence_faults(file.read_text(encoding="utf-8"), file.as_posix())) == []
    assert len(all_templates()) > 600


@pytest.fixture
def planted(tmp_path: Path, monkeypatch) -> Path:
    """A tree of one error, and its .ts, brought up to date and translated."""
    for folder in ("app", "inference"):
        (tmp_path / folder).mkdir()
    (tmp_path / "inference" / "opening.py").write_text(PLANTED)
    (tmp_path / "app" / "window.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tools.error_sentences.SOURCES", ("inference",))
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    translations.update(translations.ts_file("de"), "de")
    translate("{path} is a planted file.", "{path} ist eine gepflanzte Datei.")
    return tmp_path / "inference" / "opening.py"


def translate(source: str, text: str) -> None:
    ts = translations.ts_file("de")
    old = f'<source>{source}</source>\n        <translation type="unfinished"></translation>'
    new = f"<source>{source}</source>\n        <translation>{text}</translation>"
    words = ts.read_text(encoding="utf-8")
    assert old in words
    ts.write_text(words.replace(old, new), encoding="utf-8")
    translations.release(ts, ts.with_suffix(".qm"))


def test_a_translated_raise_site_passes(planted, capsys):
    assert translations.check() == 0, capsys.readouterr().out


def test_a_new_raise_site_without_german_fails(planted, capsys):
    planted.write_text(PLANTED + "\nraise CheckpointError(said('{path} is new.', path=1))\n")
    assert translations.check() == 1
    assert "lacks Errors: '{path} is new.'" in capsys.readouterr().out


def test_a_new_raise_site_that_nobody_translated_fails(planted, capsys):
    planted.write_text(PLANTED + "\nraise CheckpointError('It is new.')\n")
    translations.update(translations.ts_file("de"), "de")
    ts = translations.ts_file("de")
    translations.release(ts, ts.with_suffix(".qm"))
    assert translations.check() == 1
    assert "Errors: 'It is new.' is unfinished" in capsys.readouterr().out


def test_a_new_raise_site_that_fills_its_text_itself_fails(planted, capsys):
    planted.write_text(PLANTED + "\nraise CheckpointError(f'{path} is new.')\n")
    assert translations.check() == 1
    assert "filled by said" in capsys.readouterr().out


def test_a_dead_template_fails(planted, capsys):
    planted.write_text("")
    assert translations.check() == 1
    assert "no source has any more: Errors" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["Eine gepflanzte Datei.", "{pfad} ist neu.", "{path:,} ist da."])
def test_other_holes_fail(planted, capsys, text):
    ts = translations.ts_file("de")
    words = ts.read_text(encoding="utf-8").replace("{path} ist eine gepflanzte Datei.", text)
    ts.write_text(words, encoding="utf-8")
    translations.release(ts, ts.with_suffix(".qm"))
    assert translations.check() == 1
    assert "has other holes" in capsys.readouterr().out


def test_lupdate_reads_every_sign(tmp_path):
    templates = ["it's “{a}”", 'a "b" \\ c', "{a:,} of\tb", "<b> & c"]
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "one.py").write_text(as_qt_source(templates))
    translations.update(tmp_path / "one.ts", "de", tmp_path / "app")
    read = {m.source for m in read_messages(tmp_path / "one.ts") if m.context == "Errors"}
    assert read >= set(templates)
