"""Whether a courier may be started, and starting it: with what it needs, and nothing more.

For: `launcher`, once the chat process proposes a download. Imported only then, as it reads the
administrator's policy, for which the small launcher has no other use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app import paths
from app.airlock.command import Role, child_environment, command_for
from app.airlock.courier import lockdown
from app.airlock.courier.errors import CourierError, NotConfinedError
from app.airlock.courier.running import RunningCourier, start_courier
from app.policy import Policy, read_policy
from app.settings import LOCKABLE
from inference.sentence import said, system_words

ASK_FLAG = "--ask"


class AskFirst(StrEnum):
    """Where a courier asks if it can: as the user came, and the other way where it can't."""

    WINDOW = "window"
    TERMINAL = "terminal"


@dataclass(frozen=True)
class CourierStart:
    """How the launcher starts one. All but `ask_first` is for tests: another program in the
    courier's place, with what that reads, and another policy than this machine's.
    """

    ask_first: AskFirst
    command: Sequence[str] = ()
    policy_file: Path | None = None
    more_files: tuple[Path, ...] = ()

    def __call__(self) -> RunningCourier:
        """Start one. Raises CourierError where none may be, or can be."""
        policy_file = self.policy_file or paths.policy_file()
        policy = read_policy(policy_file, LOCKABLE)
        check_allowed(policy)
        models = paths.models_dir()
        _make(models)
        authority = policy.downloads.ca_file
        named = self.more_files if authority is None else (*self.more_files, authority)
        environment = child_environment()
        lock = lockdown.prepare_for(models, policy_file, named, environment)
        try:
            return start_courier(self._command(), environment, lock)
        finally:
            lock.close()

    def _command(self) -> list[str]:
        arguments = [ASK_FLAG, self.ask_first.value]
        return [*self.command, *arguments] if self.command else command_for(Role.COURIER, arguments)


def check_allowed(policy: Policy) -> None:
    """Raises CourierError where the policy has no download on this machine."""
    if policy.problem is not None:
        raise CourierError(policy.problem)
    if policy.restrictions.air_gapped:
        raise CourierError(
            said(
                "Nothing is downloaded on this computer, as set by your organisation in {file}. "
                "Import a bundle, or use files that you have.",
                file=policy.file,
            )
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotConfinedError(
            said(
                "The models folder can’t be made ({why}): {folder}",
                why=system_words(error),
                folder=folder,
            )
        ) from error
