"""What an administrator decided, in lines to read: for the terminal and for reports, in English."""

from __future__ import annotations

from collections.abc import Iterator

from app.download_policy import DownloadPolicy
from app.policy import Policy


def policy_lines(policy: Policy) -> Iterator[str]:
    """The file or what is wrong with it, then what it says; “none” where there is none."""
    found = policy.restrictions
    if policy.file is None:
        yield "none"
        return
    yield policy.problem or str(policy.file)
    if policy.locked:
        yield f"locked settings: {', '.join(sorted(policy.locked))}"
    if found.exports_off:
        yield "exports are off"
    if found.updates_off:
        yield "updates are off"
    if found.allowed_models is not None:
        yield f"models allowed by their SHA-256: {len(found.allowed_models)}"
    if found.banner is not None:
        yield f"classification: {found.banner.words}"
    yield from _downloads(policy.downloads)
    yield air_gap_words(policy)


def _downloads(named: DownloadPolicy) -> Iterator[str]:
    """Where models may come from. A proxy’s password stays out of it."""
    if named.mirror:
        yield f"downloads from the mirror {named.mirror}"
    if named.proxy:
        yield f"downloads through the proxy {named.proxy.rpartition('@')[2]}"
    if named.ca_file:
        yield f"downloads trust the certificates in {named.ca_file}"
    if named.hosts:
        yield f"downloads from these hosts too: {', '.join(named.hosts)}"


def air_gap_words(policy: Policy) -> str:
    """Whether anything may ever be downloaded here, and who decided it."""
    if policy.restrictions.air_gapped:
        return f"Air-gapped, as set by your organisation in {policy.file}: nothing is downloaded."
    return "Not air-gapped by a policy: a model is downloaded when its user confirmed it."


def policy_facts(policy: Policy) -> dict[str, object]:
    """The same for programs."""
    found = policy.restrictions
    return {
        "file": None if policy.file is None else str(policy.file),
        "problem": policy.problem,
        "locked": sorted(policy.locked),
        "air_gapped": found.air_gapped,
        "exports_off": found.exports_off,
        "updates_off": found.updates_off,
        "allowed_models": None if found.allowed_models is None else len(found.allowed_models),
        "banner": None if found.banner is None else found.banner.words,
    }
