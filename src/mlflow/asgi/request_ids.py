"""What a request is called, by its caller or by the server, so that people can speak of it."""

from __future__ import annotations

import os
import re

__all__ = ["REQUEST_ID", "request_id_of"]

REQUEST_ID = b"x-request-id"
_WELL_FORMED = re.compile(rb"[A-Za-z0-9._:+/=-]{1,128}")


def request_id_of(header: bytes | None) -> str:
    """The id that a caller gave, if it is up to 128 letters, digits and marks; else a new one of 32 hex digits."""
    if header is not None and _WELL_FORMED.fullmatch(header):
        return header.decode("ascii")
    return os.urandom(16).hex()
