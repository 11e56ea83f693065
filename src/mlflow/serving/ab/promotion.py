"""A promotion under way: the registry is asked beside the decisions, as its checks take their time, or it is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from mlflow.exceptions import MlflowException

__all__ = ["Promotion"]

_LOG = logging.getLogger(__name__)


class Promotion:
    """Asks the registry for an alias.

    Args:
        variant: of the challenger.
        reason: why.
        evidence: the numbers behind it.
        command: the number of the operator's command; None where a rule asks.
        ask: moves the alias, and answers which; None where there is none to move.

    Attributes:
        is_over: whether the registry has answered, or is away.
        alias: that was moved.
        failure: why none was.
    """

    def __init__(
        self,
        variant: str,
        reason: str,
        evidence: Mapping[str, Any],
        command: int | None,
        ask: Callable[[], str | None],
    ) -> None:
        self.variant, self.reason, self.evidence, self.command = variant, reason, evidence, command
        self._ask = ask
        self.is_over = False
        self.alias: str | None = None
        self.failure: MlflowException | None = None

    def run(self) -> None:
        """Ask, and note the answer; from any thread."""
        try:
            self.alias = self._ask()
        except MlflowException as exc:
            self.failure = exc
        except Exception as exc:  # noqa: BLE001 - told to who asked
            _LOG.exception("The promotion of '%s' failed.", self.variant)
            self.failure = MlflowException(f"The promotion failed: {type(exc).__name__}. See the log.")
        self.is_over = True
