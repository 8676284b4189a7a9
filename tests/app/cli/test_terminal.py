"""Model output and file contents must not steer a terminal."""

import json

from app.cli.terminal import note, plain, show, show_json, typed


def test_escape_sequences_and_bidi_controls_are_shown_not_obeyed():
    hostile = "a\x1b]0;title\x07b\r\u202ec\x9b31m"
    assert plain(hostile) == "a\ufffd]0;title\ufffdb\ufffd\ufffdc\ufffd31m"


def test_lines_tabs_and_every_script_stay():
    text = "é 中文 🙂\n\tالعربية"
    assert plain(text) == text
    assert plain("a\n b\t c", keep_lines=False) == "a b c"


def test_json_lines_hold_no_control_character_and_read_back(capsys):
    value = {"text": "\x1b[2J \u202e \x85 中"}
    show_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert "\x85" not in out
    assert "\u202e" not in out
    assert "中" in out


def test_an_argument_of_broken_bytes_becomes_text():
    assert typed("caf\udce9") == "caf\ufffd"


def test_remarks_go_to_stderr(capsys):
    show("out", end="")
    note("beside")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("out", "beside\n")
