"""What this program is and whether it takes updates, for `doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.installation import installation
from app.settings import user_settings


def program_facts() -> dict[str, str | None]:
    """For programs: `updates` is None where they are taken, else why not."""
    from app.library.bundles.signing import PublicKey
    from app.updates.admission import refusal
    from app.updates.prefix import Prefix

    found = installation()
    prefix = None if found.prefix is None else Prefix(found.prefix)
    key = found.build.release_key
    return {
        "version": found.build.version,
        "commit": found.build.commit or None,
        "kind": found.kind.value,
        "folder": str(found.program),
        "signed_by": None if key is None else PublicKey(key).fingerprint,
        "next_version": None if prefix is None else prefix.current,
        "previous_version": None if prefix is None else prefix.previous,
        "fell_back_from": None if prefix is None else prefix.fell_back_from,
        "updates": refusal(found, user_settings(touches=False).policy),
    }


def program_lines(facts: Mapping[str, str | None]) -> Iterator[str]:
    """The same, to read."""
    commit = f", commit {facts['commit'][:12]}" if facts["commit"] else ""
    yield f"Pitcher {facts['version']}{commit}; {facts['kind']}, in {facts['folder']}"
    if facts["updates"] is not None:
        yield facts["updates"]
    else:
        yield f"takes updates by file, signed by {facts['signed_by']}"
    if facts["next_version"] not in (None, facts["version"]):
        yield f"the next start is version {facts['next_version']}"
    if facts["previous_version"] is not None:
        yield f"version {facts['previous_version']} is kept to go back to"
    if facts["fell_back_from"] is not None:
        yield f"version {facts['fell_back_from']} did not start, and was left for this one"
