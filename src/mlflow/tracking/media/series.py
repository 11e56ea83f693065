"""Names of media that are logged step after step.

`media/<kind>/<key>/step-<step>+<timestamp in ms>+<8 hex digits>.<extension>`, `/` in the key written `~`: one
listing of the key's folder tells every step. Images keep the names that MLflow's UI reads, see `image`.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import NamedTuple

from mlflow.tracking.media.failures import InvalidMedia, InvalidMediaType

__all__ = ["SeriesName", "check_key", "check_step", "check_timestamp", "parse_series_path", "series_path"]

_KEY = re.compile(r"[A-Za-z0-9_\-./ ]+")
_KEY_LIMIT = 150
_PATH = re.compile(
    r"media/(?P<kind>\w+)/(?P<key>[^/]+)/step-(?P<step>-?\d+)\+(?P<timestamp>\d+)\+[0-9a-f]{8}\.(?P<extension>\w+)"
)


class SeriesName(NamedTuple):
    """What a path of this scheme says; the timestamp is in milliseconds."""

    kind: str
    key: str
    step: int
    timestamp: int
    extension: str


def series_path(kind: str, key: str, step: int | None, timestamp: int | None, extension: str) -> str:
    """A new path for one step of a key; the step is 0 and the time now unless given.

    Raises:
        InvalidMedia: the key, step or timestamp cannot be part of a name.
    """
    number, moment = check_step(step), check_timestamp(timestamp)
    return f"media/{kind}/{folder_name(key)}/step-{number}+{moment}+{uuid.uuid4().hex[:8]}.{extension}"


def parse_series_path(path: str) -> SeriesName | None:
    """What a path of this scheme says; None for any other path."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    key = found["key"].replace("~", "/")
    return SeriesName(found["kind"], key, int(found["step"]), int(found["timestamp"]), found["extension"])


def folder_name(key: str) -> str:
    """A key as one part of a path."""
    name = check_key(key).replace("/", "~")
    return f"{name}~" if name.strip(".") == "" else name


def check_key(key: str) -> str:
    """The key, when it can be part of a file name.

    Raises:
        InvalidMedia: it is empty, too long or holds other characters.
        InvalidMediaType: it is no string.
    """
    if not isinstance(key, str):
        raise InvalidMediaType(f"The key {key!r} is no string. Give the name as a str.")
    if not _KEY.fullmatch(key):
        raise InvalidMedia(
            "The `key` parameter may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), "
            f"and slashes (/). The provided key '{key}' contains invalid characters."
        )
    if len(key) > _KEY_LIMIT:
        raise InvalidMedia(f"The key '{key[:40]}…' has {len(key)} characters. Use at most {_KEY_LIMIT}.")
    return key


def check_step(step: object) -> int:
    """The step as an integer; 0 for None.

    Raises:
        InvalidMedia: it is no whole number.
    """
    return 0 if step is None else _whole("step", step)


def check_timestamp(timestamp: object) -> int:
    """The timestamp in milliseconds as an integer; now for None.

    Raises:
        InvalidMedia: it is no whole number, or is negative.
    """
    moment = time.time_ns() // 1_000_000 if timestamp is None else _whole("timestamp", timestamp)
    if moment < 0:
        raise InvalidMedia(f"The timestamp {moment} is negative. Give milliseconds since 1970.")
    return moment


def _whole(name: str, value: object) -> int:
    try:
        number = int(value)  # type: ignore[call-overload]  # whatever int takes
        if isinstance(value, str) or number == value:
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidMedia(f"The {name} {value!r} is no whole number. Give an int.")
