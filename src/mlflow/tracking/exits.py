"""What happens at the end of the interpreter: open runs end, then journals are shipped and closed."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable

__all__ = ["at_exit", "register_last"]

_actions: list[Callable[[], None]] = []


def at_exit(action: Callable[[], None]) -> None:
    """Have something called at the end, before what was given here earlier."""
    _actions.insert(0, action)
    register_last()


def register_last() -> None:
    """Be called before everything that was registered so far: shippers close their journals when they are called."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and processes.parent_process() is not None:
        from multiprocessing.util import Finalize  # workers end without atexit

        Finalize(None, _finish, args=(os.getpid(),), exitpriority=1)
    else:
        atexit.unregister(_finish)
        atexit.register(_finish, os.getpid())


def _finish(pid: int) -> None:
    """A forked child inherits the registration, and nothing to finish."""
    if pid == os.getpid():
        for action in _actions:
            action()
