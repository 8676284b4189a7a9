"""What the courier may do on this machine, in sentences, for the privacy page and the report.

Qt-free, and free of any network. They say what is in force here, not what could be.
"""

from __future__ import annotations

from app.airlock.courier import allow_list
from app.airlock.syscalls import this_architecture
from app.policy import Policy
from inference.sentence import Sentence, said


def courier_facts(policy: Policy) -> tuple[Sentence, ...]:
    """One fact a sentence; the first says whether anything may be downloaded at all."""
    if policy.problem is not None or policy.restrictions.air_gapped:
        return (
            said(
                "No courier is ever started, as set by your organisation in {file}.",
                file=policy.file,
            ),
        )
    architecture = this_architecture()
    if architecture is None:
        return (said("No courier is started on this system: it could not be held to its task."),)
    return (
        said("A process of its own, started for one download and ended after it."),
        said("It asks you twice in its own window: for the list of files, then for the files."),
        said("It knows no chat. All that reaches it is a model’s number or name, which it shows."),
        _files(is_held=allow_list.is_possible(architecture)),
        said("Each connection that it tries is recorded here, allowed or not."),
        *_named(policy),
    )


def _files(*, is_held: bool) -> Sentence:
    if is_held:
        return said(
            "The system lets it write the models folder alone, and read neither chats nor settings."
        )
    return said(
        "This kernel (without Landlock) can’t keep it from reading other files. It reads none."
    )


def _named(policy: Policy) -> tuple[Sentence, ...]:
    """Whom an administrator has it ask."""
    named = policy.downloads
    found = []
    if named.mirror:
        found.append(said("It asks {mirror}, as set by your organisation.", mirror=named.mirror))
    if named.proxy:
        proxy = named.proxy.rpartition("@")[2]
        found.append(said("It goes through {proxy}, as set by your organisation.", proxy=proxy))
    return tuple(found)
