"""What a policy forbids: read as it is meant, and at its strictest where that is in doubt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.policy import NO_POLICY, Policy, read_policy
from app.restrictions import (
    NO_RESTRICTIONS,
    Banner,
    BannerColour,
    Restrictions,
    read_restrictions,
    strictest,
)
from app.settings import AUTO_LOCK_MINUTES, LOCKABLE

HASH = "5f" * 32
STRICTEST = Restrictions(
    air_gapped=True, exports_off=True, updates_off=True, allowed_models=frozenset()
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def read(file: Path, text: str) -> Policy:
    file.write_text(text, encoding="utf-8")
    return read_policy(file, LOCKABLE)


def test_without_a_file_nothing_is_forbidden(file):
    assert read_policy(file, LOCKABLE).restrictions == NO_RESTRICTIONS
    assert NO_POLICY.refusal_of_exports() is None


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("air_gapped = true", Restrictions(air_gapped=True)),
        ("air_gapped = false", NO_RESTRICTIONS),
        ("exports_off = true", Restrictions(exports_off=True)),
        ("exports_off = false", NO_RESTRICTIONS),
        ("updates_off = true", Restrictions(updates_off=True)),
        ("updates_off = false", NO_RESTRICTIONS),
        ("allowed_model_sha256 = []", Restrictions(allowed_models=frozenset())),
        (
            f"allowed_model_sha256 = ['{HASH.upper()}']",
            Restrictions(allowed_models=frozenset({HASH})),
        ),
        ("banner_text = 'SECRET'", Restrictions(banner=Banner("SECRET", BannerColour.GREY))),
        (
            "banner_text = 'SECRET'\nbanner_colour = 'red'",
            Restrictions(banner=Banner("SECRET", BannerColour.RED)),
        ),
    ],
)
def test_each_key_means_itself_and_nothing_else(file, line, wanted):
    policy = read(file, f"[restrictions]\n{line}\n")
    assert policy.problem is None
    assert policy.restrictions == wanted
    assert policy.locked == {}


BAD = [
    "restrictions = true",
    "restrictions = []",
    "[[restrictions]]\nair_gapped = true",
    "[restriction]\nair_gapped = true",
    "[Restrictions]\nair_gapped = true",
    "air_gapped = true",
    "[restrictions]\nair_gaped = true",
    "[restrictions]\nAIR_GAPPED = true",
    "[restrictions]\nair_gapped = 1",
    "[restrictions]\nair_gapped = 'true'",
    "[restrictions]\nair_gapped = True",
    "[restrictions]\nair_gapped = [true]",
    "[restrictions]\nair_gapped = true\nair_gapped = false",
    "[restrictions]\nexports_off = 0",
    "[restrictions]\nupdates_off = 1",
    "[restrictions]\nexports_off = 'no'",
    "[restrictions]\nexports_off = {}",
    "[restrictions]\nexports_off = 2024-01-01",
    "[restrictions]\nallowed_model_sha256 = 'x'",
    f"[restrictions]\nallowed_model_sha256 = '{HASH}'",
    f"[restrictions]\nallowed_model_sha256 = ['{HASH[1:]}']",
    f"[restrictions]\nallowed_model_sha256 = ['{HASH}0']",
    f"[restrictions]\nallowed_model_sha256 = [' {HASH}']",
    f"[restrictions]\nallowed_model_sha256 = ['{'g' * 64}']",
    f"[restrictions]\nallowed_model_sha256 = ['{HASH}', 3]",
    f"[restrictions]\nallowed_model_sha256 = ['{HASH}', ['{HASH}']]",
    "[restrictions]\nallowed_model_sha256 = true",
    "[restrictions]\nbanner_text = ''",
    "[restrictions]\nbanner_text = '  '",
    "[restrictions]\nbanner_text = 3",
    "[restrictions]\nbanner_text = ['SECRET']",
    "[restrictions]\nbanner_colour = 'red'",
    "[restrictions]\nbanner_text = 'X'\nbanner_colour = 'green'",
    "[restrictions]\nbanner_text = 'X'\nbanner_colour = '#ff0000'",
    "[restrictions]\nbanner_text = 'X'\nbanner_colour = 4",
    "[restrictions\nair_gapped = true",
    "[restrictions]\nair_gapped = ",
    "[settings]\nrestrictions = 1",
    "\x00",
    "[restrictions]\nbanner_text = 'a\nb'",
]


@pytest.mark.parametrize("text", BAD)
def test_whatever_can_not_be_used_forbids_everything(file, text):
    policy = read(file, text)
    assert policy.problem is not None
    assert str(file) in policy.problem
    assert policy.problem.isprintable()
    found = policy.restrictions
    assert (found.air_gapped, found.exports_off) == (True, True)
    assert found.allowed_models == frozenset()
    assert policy.locked[AUTO_LOCK_MINUTES.name] == 1
    assert str(file) in (policy.refusal_of_exports() or "")


def test_what_can_be_read_beside_a_bad_line_stays(file):
    policy = read(
        file,
        "[restrictions]\nexports_off = false\nair_gapped = false\nwrong = 1\n"
        f"allowed_model_sha256 = ['{HASH}']\nbanner_text = 'SECRET'\nbanner_colour = 'red'\n",
    )
    assert policy.restrictions == Restrictions(
        True, True, True, frozenset({HASH}), Banner("SECRET", BannerColour.RED)
    )


def test_a_bad_setting_forbids_too_and_a_bad_restriction_locks_too(file):
    assert read(file, "[settings]\nno_such = 1\n").restrictions == STRICTEST
    policy = read(file, "[restrictions]\nno_such = 1\n[settings]\ndelete_after_days = 90\n")
    assert policy.locked["delete_after_days"] == 90
    assert policy.locked[AUTO_LOCK_MINUTES.name] == 1


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666, 0o620, 0o602, 0o777])
def test_a_file_that_others_may_change_is_no_policy(file, mode):
    file.write_text("[restrictions]\nair_gapped = false\nbanner_text = 'OPEN'\n")
    file.chmod(mode)
    policy = read_policy(file, LOCKABLE)
    assert "others than its owner may change it" in (policy.problem or "")
    assert policy.restrictions == STRICTEST, "nothing in it is believed"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o444])
def test_a_file_that_only_its_owner_may_change_is_one(file, mode):
    file.write_text("[restrictions]\nexports_off = true\n")
    file.chmod(mode)
    assert read_policy(file, LOCKABLE).problem is None


def test_the_file_behind_a_link_is_the_one_that_counts(file, tmp_path):
    real = tmp_path / "real.toml"
    real.write_text("")
    real.chmod(0o666)
    file.symlink_to(real)
    assert read_policy(file, LOCKABLE).restrictions == STRICTEST
    file.unlink()
    file.symlink_to(file)
    assert read_policy(file, LOCKABLE).restrictions == STRICTEST, "a link to itself"


def test_it_is_read_at_the_start_and_not_again(file):
    policy = read(file, "[restrictions]\nexports_off = true\n")
    file.write_text("[restrictions]\nexports_off = false\n")
    assert policy.refusal_of_exports() is not None
    os.remove(file)
    assert policy.restrictions.exports_off


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SECRET", "SECRET"),
        ("  NATO\n\tRESTRICTED ", "NATO RESTRICTED"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\x1b[31mb", "a‹U+001B›[31mb"),
        ("\u200b", "‹U+200B›"),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_a_banner_is_one_line_with_nothing_unseen(text, words):
    assert Banner(text).words == words


@given(st.text(min_size=1, max_size=3000))
def test_no_text_makes_a_banner_long_or_hides_anything(text):
    words = Banner(text).words
    assert len(words) <= 100
    assert "\n" not in words
    assert not set(words) & set("\u202e\u202d\u2066\x1b\x00\u200b\u2028")


def test_what_was_cut_of_a_banner_says_so():
    assert Banner("x" * 101).words == "x" * 99 + "…"
    assert Banner("x" * 100).words == "x" * 100
    assert Banner("x" + " " * 2000 + "y").words == "x…"


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=70) | st.sampled_from([HASH]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
_names = st.text(max_size=8) | st.sampled_from(
    [
        "air_gapped",
        "exports_off",
        "updates_off",
        "allowed_model_sha256",
        "banner_text",
        "banner_colour",
    ]
)


@given(st.dictionaries(_names, _values, max_size=5))
def test_any_table_is_read_or_named_and_doubt_is_never_lax(table):
    found, refused = read_restrictions(table)
    assert set(refused) <= set(table)
    if table.get("air_gapped") is True:
        assert found.air_gapped
    strict = strictest(found)
    assert strict.air_gapped
    assert strict.exports_off
    assert strict.updates_off
    assert strict.allowed_models is not None
    assert strict.allowed_models == (found.allowed_models or frozenset())
    assert strict.banner == found.banner


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_a_policy_or_the_strictest_one(file, data):
    file.write_bytes(data)
    policy = read_policy(file, LOCKABLE)
    if policy.problem is None:
        assert policy.locked == {}
        assert policy.restrictions == NO_RESTRICTIONS
    else:
        assert policy.restrictions.exports_off
        assert policy.restrictions.air_gapped
