"""The launcher, by its own code, with another policy than this machine's (tests only).

python download_stand_in.py POLICY terminal|window PROGRAM…     starts PROGRAM… as the chat process,
    under the whole lock, with a desk whose courier is this file again, under the courier's lock
python download_stand_in.py POLICY --courier …     that courier: the program's own, but for where
    its policy lies
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))


def courier(policy: Path, arguments: list[str]) -> int:
    from app import paths
    from app.airlock.courier import role

    paths.policy_file = lambda: policy
    return role.main(arguments)


def launch(policy: Path, asks: str, command: list[str]) -> int:
    from app.airlock import launcher, setting
    from app.airlock.courier.desk import CourierDesk
    from app.airlock.courier.late import record_later
    from app.airlock.courier.starting import AskFirst, CourierStart

    program = [sys.executable, "-I", __file__, str(policy), "--courier"]
    start = CourierStart(AskFirst(asks), program, policy, (Path(__file__),))
    desk = CourierDesk(start, record_later)
    return launcher.launch(command, setting.prepare(), desk=desk)


if __name__ == "__main__":
    policy_file, what, *rest = sys.argv[1:]
    sys.exit(
        courier(Path(policy_file), rest)
        if what == "--courier"
        else launch(Path(policy_file), what, rest)
    )
