"""Byte ranges and conditions of a GET, by RFC 9110 §13 and §14."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate, parsedate_to_datetime

from mlflow.artifacts.store import FileStat

__all__ = ["UNSATISFIABLE", "byte_range", "http_date", "is_unchanged"]

UNSATISFIABLE = (-1, -1)
"""What `byte_range` answers for a range that lies beyond the file."""

_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.IGNORECASE)


def http_date(seconds: float) -> str:
    """A time as headers write it."""
    return formatdate(seconds, usegmt=True)


def byte_range(headers: Mapping[str, str], stat: FileStat) -> tuple[int, int] | None:
    """The part (start, end), end not included, that a request wants; None for the whole file.

    Several ranges at once, and forms that mean nothing, count as the whole, as the standard allows.
    """
    match = _RANGE.fullmatch(headers.get("range", ""))
    if match is None or not (match[1] or match[2]) or not _range_holds(headers.get("if-range"), stat):
        return None
    if not match[1]:
        length = int(match[2])
        return (max(0, stat.size - length), stat.size) if length and stat.size else UNSATISFIABLE
    start = int(match[1])
    end = int(match[2]) + 1 if match[2] else stat.size
    if end <= start and match[2]:
        return None
    return (start, min(end, stat.size)) if start < stat.size else UNSATISFIABLE


def is_unchanged(headers: Mapping[str, str], stat: FileStat) -> bool:
    """Whether the copy that the client has is still right."""
    if "if-none-match" in headers:
        tags = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
        return "*" in tags or f'"{stat.etag}"' in tags
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return int(stat.modified) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False


def _range_holds(condition: str | None, stat: FileStat) -> bool:
    return condition is None or condition.strip() in (f'"{stat.etag}"', http_date(stat.modified))
