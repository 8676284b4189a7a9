"""Where an administrator has downloads come from: the table `downloads` of a policy.

For: `app/policy.py`, which reads the file, and the courier, which asks nobody else. What is named
here may be plain http or lie in a private network: only whoever may write the policy has that say.

    [downloads]
    mirror = "https://models.example.org/hub"   # asked in the Hub's place
    hosts = ["files.example.org"]               # further hosts that it may send us on to
    proxy = "http://proxy.example.org:3128"     # every request goes through it
    ca_file = "/etc/pitcher/ca.pem"             # whose certificates are taken
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.airlock.download.errors import RuleError
from app.airlock.download.hosts import hub_rules, proxy_from

_MOST_CHARACTERS = 500
_MOST_HOSTS = 20


@dataclass(frozen=True)
class DownloadPolicy:
    """What is named; empty or None where nothing is."""

    mirror: str = ""
    hosts: tuple[str, ...] = ()
    proxy: str = ""
    ca_file: Path | None = None


NO_DOWNLOAD_POLICY = DownloadPolicy()


def read_downloads(table: Mapping[str, object]) -> tuple[DownloadPolicy, list[str]]:
    """What a file's table says, and the names of what it says in vain."""
    values: dict[str, object] = {}
    refused = []
    for name, value in table.items():
        try:
            values[name] = _READS[name](value)
        except (KeyError, ValueError, RuleError):
            refused.append(name)
    return DownloadPolicy(**values), refused  # type: ignore[arg-type]


def _mirror(value: object) -> str:
    text = _text(value)
    hub_rules(text)
    return text


def _hosts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_HOSTS:
        raise ValueError("no list")
    hosts = tuple(_text(each) for each in value)
    hub_rules("", hosts)
    return hosts


def _proxy(value: object) -> str:
    text = _text(value)
    proxy_from(text)
    return text


def _ca_file(value: object) -> Path:
    file = Path(_text(value))
    if not file.is_absolute():
        raise ValueError("not an absolute path")
    return file


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_CHARACTERS:
        raise ValueError("no text")
    return value


_READS: Mapping[str, Callable[[object], object]] = {
    "mirror": _mirror,
    "hosts": _hosts,
    "proxy": _proxy,
    "ca_file": _ca_file,
}
