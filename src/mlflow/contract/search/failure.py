"""The failure of a filter or order_by text, with the place for a user interface to underline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlflow.exceptions import InvalidParameterValue


class FilterError(InvalidParameterValue):
    """A filter or order_by text cannot be read.

    Attributes:
        start: index of the first offending character, from 0.
        end: index after the last one; equal to `start` where something is missing.
        expected: what could have stood there.
        reason: the message without the text that it is about.
    """

    def __init__(
        self,
        message: object,
        error_code: int | str | None = None,
        sqlstate: str | None = None,
        error_class: str | None = None,
        *,
        start: int = 0,
        end: int = 0,
        expected: Iterable[str] = (),
        reason: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(message, error_code, sqlstate, error_class, **kwargs)
        self.start = start
        self.end = end
        self.expected = list(expected)
        self.reason = reason or str(message)
