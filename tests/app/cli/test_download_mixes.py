"""`models download --mix`: what is chosen, kept, and taken up again; the courier is played."""

from pathlib import Path

import pytest

from app import paths
from app.airlock.courier.messages import Ended, Outcome
from app.airlock.download.choices import Kind
from app.airlock.download.unfinished import Unfinished
from app.airlock.report import LockReport, LockState
from app.cli import download
from app.cli.entry import main
from app.library import chosen_mixes
from app.library.catalogue import entry
from app.library.mixes import Mix
from inference.sentence import said
from tests.app.cli.played_courier import Played

LOCK = LockReport(LockState.ENFORCED, "tested")
DONE = Ended(Outcome.COMPLETE, said(""), "name")


def run(*words: str) -> int:
    return main(["models", "download", *words], LOCK)


def begin(monkeypatch: pytest.MonkeyPatch, repository: str) -> None:
    """As an earlier start left it."""
    begun = Unfinished("name", repository, "main", "0" * 40, Kind.SAFETENSORS, "", 100, 40)
    monkeypatch.setattr(download, "unfinished", lambda _folder: (begun,))


@pytest.mark.parametrize(
    ("repository", "more", "mix"),
    [
        ("Owner/NAME", (), "q8"),  # it goes on as it was begun, here or in the window
        ("owner/name", ("--mix", "q6"), "q6"),
        ("owner/other", (), "q4"),  # of this one nothing is here
    ],
)
def test_a_download_that_goes_on_is_prepared_as_was_chosen_when_it_was_begun(
    played: Played, prepared: list[object], monkeypatch: pytest.MonkeyPatch, repository, more, mix
) -> None:
    begin(monkeypatch, "owner/name")
    chosen_mixes.keep("owner/name", Mix.Q8)
    played.tells(DONE)
    assert run(repository, *more) == 0
    assert [found[1] for found in prepared] == [mix]  # type: ignore[index]


def test_what_is_chosen_is_kept_before_anything_arrives(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.tells(Ended(Outcome.FAILED, said("The hub can’t be reached.")))
    assert run("4", "--mix", "q6") == 1
    begin(monkeypatch, entry(4).repository)
    begun = chosen_mixes.begun_with(download.unfinished(Path()))
    assert begun == {entry(4).repository.casefold(): Mix.Q6}


def test_a_choice_that_can_not_be_kept_is_said_and_the_download_goes_on(
    played: Played, prepared: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    (paths.config_dir() / "mixes.json").mkdir(parents=True)
    played.tells(DONE)
    assert run("owner/name") == 0
    assert "mixes.json can’t be written" in capsys.readouterr().err
    assert len(prepared) == 1


def test_an_unknown_mix_is_refused_before_anything_is_fetched(
    played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("owner/name", "--mix", "q5")
    assert ended.value.code == 2
    assert "q5" in capsys.readouterr().err
    assert played.heard == []
