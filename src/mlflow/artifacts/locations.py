"""Which artifact locations a client may give to an experiment."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from mlflow.artifacts.paths import Location, decodings
from mlflow.environment_variables import (
    MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES,
    MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH,
)
from mlflow.exceptions import InvalidParameterValue

__all__ = ["HOST_ADDRESSED", "check_location", "is_below"]

# With a host part these make the server connect to a machine that the client chose.
HOST_ADDRESSED = ("http", "https", "ftp", "sftp", "hdfs", "viewfs", "r2", "b2", "abfss")
_SPECIAL = re.compile(r"[#?;]")


def check_location(
    text: str,
    *,
    own: Sequence[str] = (),
    allow_local: bool = True,
    allowed_schemes: Collection[str] | None = None,
) -> str:
    """The location to store for an experiment, relative local paths made absolute.

    Args:
        text: what the client gave; not empty.
        own: URIs of the server's own artifact stores; locations below them are always good.
        allow_local: whether folders of the server's machine may be named.
        allowed_schemes: host-addressed schemes that are good for any host; from the environment when omitted.

    Raises:
        InvalidParameterValue: too long, of a refused scheme, or not a plain path of names.
    """
    limit = MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH.get()
    if len(text) > limit:
        raise InvalidParameterValue(
            f"Invalid artifact location: '{text[:60]}…' has {len(text)} characters; the limit is {limit}."
        )
    _refuse_smuggling(text)
    location = Location.parse(text)
    schemes = MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES.get() if allowed_schemes is None else allowed_schemes
    if not any(is_below(location, Location.parse(root)) for root in own):
        _refuse_scheme(text, location, schemes, allow_local)
    return str(location.folder) if _is_plain(text) and not Path(text).is_absolute() else text


def _refuse_smuggling(text: str) -> None:
    forms = decodings(text)
    if any(map(_SPECIAL.search, forms)):
        raise InvalidParameterValue(
            f"Invalid artifact location: {text!r}: 'artifact_location' URL can't include fragments or params. "
            "Remove '#', '?' and ';'."
        )
    if any(".." in re.split(r"[/\\]", form) for form in forms):
        raise InvalidParameterValue(f"Invalid artifact location: {text!r} leads to a parent folder; remove '..'.")


def _refuse_scheme(text: str, location: Location, schemes: Collection[str], allow_local: bool) -> None:
    scheme = location.scheme
    if scheme in ("runs", "models"):
        raise InvalidParameterValue(
            f"Invalid artifact location: {text!r}: '{scheme}:' names what lies in another location; give a store's URI."
        )
    host_addressed = scheme in HOST_ADDRESSED or (scheme == "mlflow-artifacts" and location.host)
    if host_addressed and scheme not in schemes:
        raise InvalidParameterValue(
            f"Invalid artifact location: {text!r}: 'artifact_location' cannot use the '{scheme}' scheme, "
            "for the server would connect to the host named in it. "
            "Set MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES on the server to allow it."
        )
    if scheme == "file" and not allow_local:
        raise InvalidParameterValue(
            f"Invalid artifact location: {text!r} is a folder of the server's machine; "
            "omit it to use the server's artifact root, or give an object store's URI."
        )


def is_below(location: Location, root: Location) -> bool:
    """Whether a location is a root, or in it; nothing counts as below the whole of a machine's disk."""
    depth = len(root.path.parts)
    return (
        (location.scheme, location.host) == (root.scheme, root.host)
        and location.path.parts[:depth] == root.path.parts
        and (depth > 0 or location.scheme != "file")
    )


def _is_plain(text: str) -> bool:
    return not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", text)
