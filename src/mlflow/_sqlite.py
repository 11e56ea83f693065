"""What all SQLite files of ours need, be they opened by SQLAlchemy or without it."""

from __future__ import annotations

import sqlite3
import time

__all__ = ["set_journal_mode"]

_PAUSE = 0.01  # seconds


def set_journal_mode(connection: sqlite3.Connection, mode: str, patience: float) -> None:
    """Have a file keep its journal in a mode, unless it does.

    Of several processes that open a new file at the same time one changes it. SQLite answers the others at once that
    the file is locked, however long its busy timeout is: each holds what another one waits for.

    Args:
        connection: to the file.
        mode: as SQLite names it, in lower case.
        patience: seconds that others may take.

    Raises:
        sqlite3.OperationalError: it is locked for longer, or cannot be written.
    """
    deadline = time.monotonic() + patience
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        try:
            connection.execute(f"PRAGMA journal_mode={mode}").close()
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
