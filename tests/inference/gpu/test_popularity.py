"""How often experts are wanted, and the file that keeps it."""

import json

import pytest

from inference.errors import RequestError
from inference.gpu.popularity import FILE, even, from_json, keep, kept, measured, to_json

LAYERS = [(0, 0), (4, 2)]
COUNTS = [[], [30, 0, 10, 0]]


def test_even_shares_sum_to_what_a_token_chooses():
    assert even(LAYERS).shares == ((), (0.5, 0.5, 0.5, 0.5))


def test_measured_shares_follow_the_counts_and_leave_nobody_at_nothing():
    shares = measured(COUNTS, LAYERS).of(1)
    assert sum(shares) == pytest.approx(2)
    assert shares[0] > shares[2] > shares[1] == shares[3] > 0


def test_a_file_gives_back_what_was_counted():
    assert from_json(to_json(COUNTS), LAYERS) == measured(COUNTS, LAYERS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[" * 100_000,
        "[]",
        json.dumps({"version": 2, "counts": COUNTS}),
        json.dumps({"version": 1}),
        json.dumps({"version": 1, "counts": [[]]}),
        json.dumps({"version": 1, "counts": [[], [1, 2, 3]]}),
        json.dumps({"version": 1, "counts": [[], [1, 2, 3, -1]]}),
        json.dumps({"version": 1, "counts": [[], [1, 2, 3, 1.5]]}),
        json.dumps({"version": 1, "counts": [[], [1, 2, 3, True]]}),
        json.dumps({"version": 1, "counts": [[], [1, 2, 3, 1 << 60]]}),
        json.dumps({"version": 1, "counts": [[], "1234"]}),
    ],
)
def test_what_is_no_count_of_this_model_is_refused(text):
    with pytest.raises(RequestError):
        from_json(text, LAYERS)


def test_a_file_too_large_to_be_one_is_refused(monkeypatch):
    monkeypatch.setattr("inference.gpu.popularity._MOST_BYTES", 10)
    with pytest.raises(RequestError):
        from_json(to_json(COUNTS), LAYERS)


def test_what_is_kept_of_a_model_is_had_back_and_of_another_one_it_is_not_used(tmp_path):
    assert kept(tmp_path, LAYERS) is None
    keep(tmp_path, COUNTS)
    assert kept(tmp_path, LAYERS) == measured(COUNTS, LAYERS)
    assert kept(tmp_path, [(0, 0), (5, 2)]) is None
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    (tmp_path / FILE).write_bytes(b"\xff{")
    assert kept(tmp_path, LAYERS) is None
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert kept(tmp_path, LAYERS) is None
