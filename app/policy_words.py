"""What an administrator decided, in lines to read: for the terminal and for reports, in English."""

from __future__ import annotations

from collections.abc import Iterator

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
    if found.allowed_models is not None:
        yield f"models allowed by their SHA-256: {len(found.allowed_models)}"
    if found.banner is not None:
        yield f"classification: {found.banner.words}"
    yield air_gap_words(policy)


def air_gap_words(policy: Policy) -> str:
    """Whether anything may ever be downloaded here, and who decided it."""
    if policy.restrictions.air_gapped:
        return f"Air-gapped, as set by your organisation in {policy.file}: nothing is downloaded."
    return "Not air-gapped by a policy. This version downloads nothing."


def policy_facts(policy: Policy) -> dict[str, object]:
    """The same for programs."""
    found = policy.restrictions
    return {
        "file": None if policy.file is None else str(policy.file),
        "problem": policy.problem,
        "locked": sorted(policy.locked),
        "air_gapped": found.air_gapped,
        "exports_off": found.exports_off,
        "allowed_models": None if found.allowed_models is None else len(found.allowed_models),
        "banner": None if found.banner is None else found.banner.words,
    }
