"""Where journals live."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mlflow.environment_variables import MLFLOW_JOURNAL_DIR
from mlflow.journal.errors import JournalUnavailable

__all__ = ["journal_directory", "private_folder", "user_state_folder"]


def journal_directory() -> Path:
    """The folder of this user's journals, absolute; it need not exist yet.

    Raises:
        JournalUnavailable: there is no home folder to put it in.
    """
    if chosen := MLFLOW_JOURNAL_DIR.get():
        return Path(chosen).absolute()
    return user_state_folder() / "mlflow" / "journal"


def user_state_folder() -> Path:
    """Where the programs of this user keep what they must find again.

    Raises:
        JournalUnavailable: there is no home folder.
    """
    state = os.environ.get("XDG_STATE_HOME", "")
    if Path(state).is_absolute():  # the specification has relative ones ignored
        return Path(state)
    try:
        home = Path.home()
    except RuntimeError as exc:
        raise JournalUnavailable("There is no home folder for journals. Set MLFLOW_JOURNAL_DIR.") from exc
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return home / ".local" / "state"


def private_folder(folder: Path) -> None:
    """Make a folder that only this user can enter, unless it is there.

    Raises:
        JournalUnavailable: it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise JournalUnavailable(
            f"Cannot make the journal folder {str(folder)!r}: {exc.strerror}. Set MLFLOW_JOURNAL_DIR to another."
        ) from exc
