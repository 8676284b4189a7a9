"""Messages quote files and templates: one short line, whatever those hold."""

from inference.errors import CheckpointError, TemplateError, one_line


def test_what_steers_a_terminal_is_not_repeated():
    error = TemplateError("a\x1b[2J\nb\u202ec\u2028d " + "x" * 9000)
    assert "\x1b" not in str(error)
    assert "\n" not in str(error)
    assert "\u202e" not in str(error)
    assert len(str(error)) == 500


def test_a_long_field_leaves_room_for_the_reason():
    error = CheckpointError("file", "y" * 900, "it is too long")
    assert str(error).endswith("…: it is too long")
    assert error.field == "y" * 900


def test_every_script_may_be_quoted():
    assert one_line("  é 中文\t🙂 ") == "é 中文 🙂"
