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
_REPLACED = "mlflow_replaced"  # what our handler notes of the one before it


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


_Handler = Callable[[int, FrameType | None], object]


def _chained(previous: _Handler | int) -> _Handler:
    pid = os.getpid()

    def handle(number: int, frame: FrameType | None) -> None:
        if os.getpid() == pid:  # another library's handler may bring a forked child here, which has none of our runs
            for action in _actions:
                action()
        if callable(previous):
            previous(number, frame)
            return
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    vars(handle)[_REPLACED] = previous
    return handle


def _installed() -> bool:
    return hasattr(signal.getsignal(signal.SIGTERM), _REPLACED)


def _hold_back() -> None:
    """Keep SIGTERM from a child that is about to be forked: Python forgets signals that reach it before it settled."""
    _forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]) if _installed() else None


def _let_through() -> None:
    if (mask := getattr(_forking, "mask", None)) is not None:
        _forking.mask = None
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _hand_back() -> None:
    """Give a forked child the handler that was there before ours.

    A handler of Python's runs only between two instructions: a signal that comes right before the child waits in C
    code, for a lock or a pipe, is noticed when that wait ends. Without a handler the child would end at once, and this
    is what a pool of processes counts on when it ends its workers and waits for them.
    """
    if (handler := signal.getsignal(signal.SIGTERM)) is not None and hasattr(handler, _REPLACED):
        signal.signal(signal.SIGTERM, vars(handler)[_REPLACED])
    _let_through()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold_back, after_in_parent=_let_through, after_in_child=_hand_back)
