"""Keeping a server of many threads small."""

from __future__ import annotations

import contextlib
import ctypes
import os

__all__ = ["share_arenas"]

_M_ARENA_MAX = -8  # <malloc.h> of the GNU C library, which other systems' libraries don't know
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads of this process allocate from two arenas; call it before they start.

    By default each thread gets one of its own, up to eight a core, and each keeps what its largest request needed:
    forty threads that answer searches in turn would hold that memory several times over. Python's lock lets one thread
    run at a time, so they hardly ever wait for one another here. `MALLOC_ARENA_MAX` decides otherwise.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
