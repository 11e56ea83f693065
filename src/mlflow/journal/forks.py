"""What journals and shippers do around a fork: the child starts afresh and leaves the parent's files alone."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
import weakref
from typing import Protocol

__all__ = ["Forked", "survive_forks"]


class Forked(Protocol):
    """Something that must not be forked in the midst of a change."""

    def before_fork(self) -> contextlib.AbstractContextManager[object]:
        """A lock to hold while the process is copied."""
        ...

    def after_fork(self) -> None:
        """Start afresh, in the child; the lock is a copy held by nobody who lives."""
        ...


# By number, so that the last comes first: a shipper, which uses its journal's lock in the midst of its own work.
_known: weakref.WeakValueDictionary[int, Forked] = weakref.WeakValueDictionary()
_numbers = itertools.count()
_forking = threading.local()


def survive_forks(thing: Forked) -> None:
    """Have something told of forks for as long as it is referred to."""
    _known[next(_numbers)] = thing


def _before() -> None:
    _forking.things = list(_known.values())[::-1]
    _forking.locks = contextlib.ExitStack()
    for thing in _forking.things:
        _forking.locks.enter_context(thing.before_fork())


def _after_in_parent() -> None:
    _forking.locks.close()
    _forking.things = []


def _after_in_child() -> None:
    _forking.locks.pop_all()
    for thing in _forking.things:
        thing.after_fork()
    _forking.things = []


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
