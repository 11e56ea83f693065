"""Experiments' ids, and the clock."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from mlflow.exceptions import InvalidParameterValue

__all__ = ["now", "to_id", "to_ids"]

_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_LARGEST = 2**63 - 1


def now() -> int:
    """The time, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def to_id(experiment_id: str) -> int:
    """The number of an experiment's id; -1, which none has, when it is out of range.

    Raises:
        InvalidParameterValue: it is no number.
    """
    if not _INTEGER.match(experiment_id):
        raise InvalidParameterValue(f"Invalid experiment ID '{experiment_id}'; experiment ID must be a valid integer.")
    number = int(experiment_id) if len(experiment_id) < 30 else -1
    return number if 0 <= number <= _LARGEST else -1


def to_ids(experiment_ids: Iterable[str]) -> list[int]:
    """The numbers of experiments' ids, each once."""
    return list(dict.fromkeys(map(to_id, experiment_ids)))
