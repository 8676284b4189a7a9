"""The lock of a folder that is worked in, where the file system has none or fails."""

import errno
import fcntl

import pytest

from inference.errors import PreparationError
from inference.prepared.lock import work_folder


def answering(monkeypatch, number):
    def flock(descriptor, how):
        raise OSError(number, "no locks here")

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EBADF, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_worked_on_all_the_same(tmp_path, monkeypatch, number):
    answering(monkeypatch, number)
    with work_folder(tmp_path / "m") as work:
        assert work.is_dir()


def test_other_failures_are_told(tmp_path, monkeypatch):
    answering(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="no locks here"), work_folder(tmp_path / "m"):
        pass
    answering(monkeypatch, errno.EWOULDBLOCK)
    with pytest.raises(PreparationError, match="Another process"), work_folder(tmp_path / "m"):
        pass
