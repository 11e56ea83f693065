"""Which names, aliases, tags and version numbers the model registry takes."""

from __future__ import annotations

import posixpath
import re

from mlflow.contract.limits import MAX_MODEL_ALIAS, MAX_MODEL_NAME, MAX_MODEL_TAG_VALUE
from mlflow.contract.names import check_key
from mlflow.exceptions import InvalidParameterValue

__all__ = ["check_alias", "check_model_name", "check_model_tag", "version_number"]

_ALIAS = re.compile(r"[\w\-]*\Z")
_LIKE_A_VERSION = re.compile(r"[vV]\d+\Z")
_LARGEST = 2**31 - 1


def check_model_name(name: str) -> None:
    """Raise unless the text may name a registered model: 1 to 256 characters without '/', ':' and path parts."""
    if not isinstance(name, str):
        raise InvalidParameterValue(f"The model name is '{name!r}', which is no text. Give the model's name as text.")
    if not name.strip():
        raise InvalidParameterValue("Missing value for required parameter 'name'. Give the model a visible name.")
    if "/" in name or ":" in name:
        raise InvalidParameterValue(
            f"Invalid model name '{name}'. Names cannot contain '/' or ':'; use '-', '_' or '.' instead."
        )
    if len(name) > MAX_MODEL_NAME:
        raise InvalidParameterValue(
            f"The model name '{name[:60]}…' has {len(name)} characters; shorten it to {MAX_MODEL_NAME}."
        )
    if posixpath.normpath(name) != name or name in {".", ".."} or "\x00" in name:
        raise InvalidParameterValue(
            f"Invalid value \"{name}\" for parameter 'name' supplied: Names may be treated as files in certain cases, "
            "and must not resolve to other names when treated as such. Choose another name."
        )


def check_alias(alias: str) -> None:
    """Raise unless the text may be an alias: letters, digits, '_' and '-', neither `latest` nor like `v1`."""
    if not alias or len(alias) > MAX_MODEL_ALIAS:
        raise InvalidParameterValue(f"Invalid alias '{alias[:60]}'; give it 1 to {MAX_MODEL_ALIAS} characters.")
    if not _ALIAS.match(alias):
        raise InvalidParameterValue(
            f"Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )
    if alias.lower() == "latest":
        raise InvalidParameterValue(
            "'latest' alias name (case insensitive) is reserved: it always leads to the newest version. Choose another."
        )
    if _LIKE_A_VERSION.match(alias):
        raise InvalidParameterValue(f"Version alias name '{alias}' is reserved. Choose one that is no version number.")


def check_model_tag(what: str, key: str, value: str) -> None:
    """Raise unless key and value may be a tag; `what` says of what, for the message. Values are never cut."""
    check_key(what, key)
    if len(value) > MAX_MODEL_TAG_VALUE:
        raise InvalidParameterValue(
            f"The value of {what} '{key}' has {len(value)} characters; shorten it to {MAX_MODEL_TAG_VALUE}."
        )


def version_number(version: str | int) -> int:
    """The number of a version; -1, which none has, when it is out of range.

    Raises:
        InvalidParameterValue: it is no number.
    """
    try:
        number = int(version)
    except ValueError as exc:
        raise InvalidParameterValue(f"Parameter 'version' must be an integer, got '{version}'.") from exc
    return number if 0 < number <= _LARGEST else -1
