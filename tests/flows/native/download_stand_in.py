"""The launcher, by its own code, with another policy than this machine's (tests only).

python download_stand_in.py POLICY terminal|window PROGRAM…     starts PROGRAM… as the chat process,
    under the whole lock, with a desk whose courier is this file again, under the courier's lock
python download_stand_in.py POLICY --courier …     that courier: the program's own, but for where
    its policy lies. Its window is drawn nowhere, and a hand in it presses what can be pressed
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))


def courier(policy: Path, arguments: list[str]) -> int:
    from app import paths
    from app.airlock.courier import role

    paths.policy_file = lambda: policy
    if "window" in arguments:
        role._has_display = lambda: True
        role._window = window_with_a_hand
    return role.main(arguments)


def window_with_a_hand() -> object:
    """The courier's own asker, and somebody who says yes to whatever it shows."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from app.airlock.courier.question_dialog import QuestionDialog
    from app.airlock.courier.window_asker import WindowAsker

    asker = WindowAsker()

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QuestionDialog) and dialog.confirm.isEnabled():
            QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)

    hand = QTimer(QApplication.instance())
    hand.timeout.connect(press)
    hand.start(50)
    return asker


def launch(policy: Path, asks: str, command: list[str]) -> int:
    from app.airlock import launcher, setting
    from app.airlock.courier.desk import CourierDesk
    from app.airlock.courier.late import record_later
    from app.airlock.courier.starting import AskFirst, CourierStart

    program = [sys.executable, "-I", __file__, str(policy), "--courier"]
    start = CourierStart(AskFirst(asks), program, policy, (Path(__file__),))
    desk = CourierDesk(start, record_later)
    return launcher.launch(command, setting.prepare(), desk=desk)


def believe_this_user() -> None:
    """A policy is root's; whoever runs the tests writes their own."""
    from app import policy

    policy.OWNERS = frozenset({0, os.geteuid()})


if __name__ == "__main__":
    believe_this_user()
    policy_file, what, *rest = sys.argv[1:]
    sys.exit(
        courier(Path(policy_file), rest)
        if what == "--courier"
        else launch(Path(policy_file), what, rest)
    )
