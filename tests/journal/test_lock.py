"""Locks of files that others remove."""

from pathlib import Path

import pytest

from mlflow.journal import lock
from mlflow.journal.lock import FileLock


def test_a_file_that_is_removed_while_it_is_being_locked_is_not_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its folder would count as this process's, though it is gone."""
    path, locks = tmp_path / "lock", lock._try_lock

    def after_removal(fd: int, *, shared: bool) -> None:
        path.unlink()
        locks(fd, shared=shared)

    with monkeypatch.context() as patched:
        patched.setattr(lock, "_try_lock", after_removal)
        assert FileLock.acquire(path) is None
        assert FileLock.share(path) is None
    held = FileLock.acquire(path)
    assert held is not None
    held.close()
