"""kill -9 at random moments: the download always ends whole and right. And the campaign that says
so does find what would not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import kill_downloads
from tools.kill_downloads import NAME, Campaign

pytestmark = pytest.mark.timeout(300)


def test_a_download_that_is_killed_at_ten_moments_ends_whole_and_right(tmp_path: Path) -> None:
    campaign = Campaign(seed=10, folder=tmp_path)
    for _tally in campaign.run(10):
        pass
    assert campaign.tally.problems == []
    assert campaign.tally.kills == 10
    assert campaign.tally.models >= 2


def test_the_campaign_finds_a_model_that_is_not_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = Campaign._complete

    def spoiled(self: Campaign, hub: object, models: Path) -> None:
        complete(self, hub, models)  # type: ignore[arg-type]
        (models / NAME / "config.json").write_bytes(b"{}")
        (models.parent / "outside").touch()

    monkeypatch.setattr(Campaign, "_complete", spoiled)
    monkeypatch.setattr(kill_downloads, "_LONGEST_S", 0.2)
    (tally,) = Campaign(seed=1, folder=tmp_path).run(1)
    assert len(tally.problems) == 2
    assert "not whole and right" in tally.problems[1]
