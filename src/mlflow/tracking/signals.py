"""SIGTERM: what is open is noted as killed, then goes on what would have happened without us."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

__all__ = ["on_termination"]

_actions: list[Callable[[], None]] = []
_forking = threading.local()


def on_termination(action: Callable[[], None]) -> None:
    """Have something called when the process is asked to end, before the handler that is there now.

    Nothing happens outside of the main thread, or where SIGTERM is ignored. An action is noted once, however often it
    is given; when another library has taken the signal meanwhile, its handler is chained to.
    """
    if action not in _actions:
        _actions.append(action)
    if threading.current_thread() is not threading.main_thread():
        return
    previous = signal.getsignal(signal.SIGTERM)
    if previous is None or previous is signal.SIG_IGN or _installed():
        return
    signal.signal(signal.SIGTERM, _chained(previous))


def _chained(previous: Callable[[int, FrameType | None], object] | int) -> Callable[[int, FrameType | None], None]:
    pid = os.getpid()

    def handle(number: int, frame: FrameType | None) -> None:
        if os.getpid() == pid:  # a forked child has the parent's handler, and none of its runs
            for action in _actions:
                action()
        if callable(previous):
            previous(number, frame)
            return
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    vars(handle)["mlflow"] = True
    return handle


def _hold_back() -> None:
    """Keep SIGTERM from a child that is about to be forked.

    Python forgets signals that reach a child before it has settled; without a handler they end it at once, with ours it
    would live on, and a pool of processes that ends its newest worker would wait for it for ever.
    """
    _forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]) if _installed() else None


def _let_through() -> None:
    if (mask := getattr(_forking, "mask", None)) is not None:
        _forking.mask = None
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _installed() -> bool:
    return getattr(signal.getsignal(signal.SIGTERM), "mlflow", False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold_back, after_in_parent=_let_through, after_in_child=_let_through)
