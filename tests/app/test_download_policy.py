"""What an administrator may say of downloads, and what is refused."""

from pathlib import Path

import pytest

from app.download_policy import NO_DOWNLOAD_POLICY, DownloadPolicy, read_downloads
from app.policy import read_policy
from app.settings import LOCKABLE

WHOLE = """
[downloads]
mirror = "https://models.example.org/hub"
hosts = ["files.example.org", "http://10.0.0.5:8080"]
proxy = "http://proxy.example.org:3128"
ca_file = "/etc/pitcher/ca.pem"
"""


def test_a_policy_names_mirror_hosts_proxy_and_authority(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(WHOLE)
    policy = read_policy(file, LOCKABLE)
    assert policy.problem is None
    assert policy.downloads == DownloadPolicy(
        "https://models.example.org/hub",
        ("files.example.org", "http://10.0.0.5:8080"),
        "http://proxy.example.org:3128",
        Path("/etc/pitcher/ca.pem"),
    )
    assert not policy.restrictions.air_gapped


def test_without_the_table_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("[settings]\n")
    assert read_policy(file, LOCKABLE).downloads == NO_DOWNLOAD_POLICY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mirror", "ftp://x.example"),
        ("mirror", "https://user@x.example"),
        ("mirror", ""),
        ("mirror", 5),
        ("mirror", "https://x.example/../y"),
        ("hosts", "files.example.org"),
        ("hosts", ["a b"]),
        ("hosts", [5]),
        ("hosts", ["x.example"] * 21),
        ("proxy", "proxy.example.org"),
        ("proxy", "http://p:3128/path"),
        ("ca_file", "ca.pem"),
        ("ca_file", 5),
        ("ca_file", "/" + "x" * 500),
        ("unknown", "x"),
    ],
)
def test_what_can_not_be_meant_is_refused_by_name(name: str, value: object) -> None:
    found, refused = read_downloads({name: value})
    assert refused == [name]
    assert found == NO_DOWNLOAD_POLICY


def test_a_line_in_vain_means_the_strictest_reading(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('[downloads]\nproxy = "nonsense"\nmirror = "https://m.example"\n')
    policy = read_policy(file, LOCKABLE)
    assert policy.problem is not None
    assert "proxy" in policy.problem
    assert policy.restrictions.air_gapped
    assert policy.downloads.mirror == "https://m.example"


def test_a_table_that_is_none_is_said(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("downloads = 3\n")
    policy = read_policy(file, LOCKABLE)
    assert policy.problem is not None
    assert "“downloads” is no table" in policy.problem
