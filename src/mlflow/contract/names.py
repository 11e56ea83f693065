"""Which keys and values may be logged: one check for the client's log calls, the journal and every store."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from mlflow.contract.limits import (
    MAX_EXPERIMENT_NAME,
    MAX_EXPERIMENT_TAG_VALUE,
    MAX_KEY,
    MAX_PARAM_VALUE,
    MAX_TAG_VALUE,
)
from mlflow.environment_variables import MLFLOW_TRUNCATE_LONG_VALUES
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "check_experiment_name",
    "check_experiment_tag_value",
    "check_key",
    "check_logged_model_name",
    "check_run_id",
    "is_key",
    "param_value",
    "tag_value",
]

_KEY = re.compile(r"[/\w.\- :]*\Z")
_MODEL_NAME_BARS = frozenset("/:.%\"'")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}\Z")


@lru_cache(maxsize=65536)
def check_key(what: str, key: str) -> None:
    """Raise unless `key` may name a metric, param or tag; `what` says which, for the message.

    A key has 1 to 250 word characters, `/`, `.`, `-`, space or `:`, and is its own normal form as a path, because
    stores of files use it as one. Known keys cost one dictionary look-up.

    Raises:
        InvalidParameterValue: the key is empty, too long, or has a character or path part that it must not have.
    """
    if not key:
        raise InvalidParameterValue(f"A {what} needs a non-empty text as its key, but got '{key}'. Give it a name.")
    if len(key) > MAX_KEY:
        raise InvalidParameterValue(
            f"The {what} key '{key[:60]}…' has {len(key)} characters; shorten it to {MAX_KEY} or fewer."
        )
    if not _KEY.match(key):
        raise InvalidParameterValue(
            f"Invalid {what} key '{key}'. Keys may contain letters, digits, underscores, dashes, periods, spaces, "
            "colons and slashes; rename it."
        )
    if key in {".", ".."} or posixpath.normpath(key) != key or key.startswith(("/", "../")):
        raise InvalidParameterValue(
            f"Invalid {what} key '{key}'. Keys must not be a path that leads elsewhere; "
            f"'{posixpath.normpath('/' + key).lstrip('/')}' would do."
        )


def is_key(name: str) -> bool:
    """Whether the text may name a metric, param or tag; loggers of other libraries ask before they log."""
    try:
        check_key("metric", name)
    except InvalidParameterValue:
        return False
    return True


def check_run_id(run_id: str) -> None:
    """Raise unless the text has the form of a run id."""
    if not _RUN_ID.match(run_id):
        raise InvalidParameterValue(f"Invalid run id '{run_id}'; use letters, digits, '_' and '-', 256 at most.")


def check_experiment_name(name: str) -> None:
    """Raise unless the text may name an experiment: 1 to 500 characters, not only spaces."""
    if not name or not name.strip():
        raise InvalidParameterValue(f"Invalid experiment name '{name}'; give it at least one visible character.")
    if len(name) > MAX_EXPERIMENT_NAME:
        raise InvalidParameterValue(
            f"The experiment name '{name[:60]}…' has {len(name)} characters; shorten it to {MAX_EXPERIMENT_NAME}."
        )


def check_logged_model_name(name: str) -> None:
    """Raise unless the text may name a logged model, so that it can be a part of a path and of a filter."""
    if not name or not _MODEL_NAME_BARS.isdisjoint(name):
        raise InvalidParameterValue(
            f"Invalid model name ({name!r}) provided. Model name must be a non-empty string and cannot contain the "
            "following characters: / : . % \" '. Rename it."
        )


def check_experiment_tag_value(key: str, value: str) -> None:
    """Raise when an experiment tag's value is too long; it is never cut."""
    if len(value) > MAX_EXPERIMENT_TAG_VALUE:
        raise InvalidParameterValue(
            f"Experiment tag '{key}' has a value of {len(value)} characters; shorten it to {MAX_EXPERIMENT_TAG_VALUE}."
        )


def param_value(key: str, value: str) -> str:
    """The value as it is stored: cut to 6,000 characters, or refused, as MLFLOW_TRUNCATE_LONG_VALUES says."""
    return value if len(value) <= MAX_PARAM_VALUE else _cut("param", key, value, MAX_PARAM_VALUE)


def tag_value(key: str, value: str) -> str:
    """The value as it is stored: cut to 8,000 characters, or refused, as MLFLOW_TRUNCATE_LONG_VALUES says."""
    return value if len(value) <= MAX_TAG_VALUE else _cut("tag", key, value, MAX_TAG_VALUE)


def _cut(what: str, key: str, value: str, limit: int) -> str:
    if MLFLOW_TRUNCATE_LONG_VALUES.get():
        return value[:limit]
    raise InvalidParameterValue(f"The value of {what} '{key}' has {len(value)} characters; shorten it to {limit}.")
