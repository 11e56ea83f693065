"""Keeps what goes wrong in autologging away from the training that it watches."""

from __future__ import annotations

import contextlib
import functools
import logging
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, ParamSpec

from mlflow.environment_variables import MLFLOW_AUTOLOGGING_TESTING
from mlflow.tracking.autologging.settings import settings

__all__ = ["guard", "guarded", "logger", "report"]

P = ParamSpec("P")

logger = logging.getLogger("mlflow.autologging")

_told: set[tuple[str, str, type[BaseException]]] = set()
_silent: ContextVar[bool] = ContextVar("mlflow_autologging_silent", default=False)


class guard:  # noqa: N801 - read as the verb it is: `with guard("sklearn", "log the model"):`
    """Do something of autologging: a failure is warned of, once of each kind, and goes no further.

    With MLFLOW_AUTOLOGGING_TESTING it is raised. Messages of the package are kept back where `silent` was asked for.

    Args:
        integration: whose it is.
        doing: what, in words, for the warning.
    """

    def __init__(self, integration: str, doing: str) -> None:
        self._integration, self._doing = integration, doing
        self._warnings, self._quiet = warnings.catch_warnings(), _quiet(integration)

    def __enter__(self) -> None:
        """Metrics and plots that are computed unasked shall not warn the user of them."""
        self._quiet.__enter__()
        self._warnings.__enter__()
        if not MLFLOW_AUTOLOGGING_TESTING.get():
            warnings.simplefilter("ignore")

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self._warnings.__exit__(kind, exc, traceback)
        handled = isinstance(exc, Exception) and not MLFLOW_AUTOLOGGING_TESTING.get()
        if handled and exc is not None:
            report(self._integration, self._doing, exc)
        self._quiet.__exit__(None, None, None)
        return handled


def guarded(doing: str) -> Callable[[Callable[P, Any]], Callable[P, None]]:
    """Make a function safe to call from a training; `doing` says what it does. It answers None.

    The function is a method of an object that has `integration`, the name of one.
    """

    def decorate(function: Callable[P, Any]) -> Callable[P, None]:
        @functools.wraps(function)
        def safe(*args: P.args, **kwargs: P.kwargs) -> None:
            integration = getattr(args[0], "integration", "unknown")
            with _quiet(integration):
                try:
                    function(*args, **kwargs)
                except Exception as exc:
                    if MLFLOW_AUTOLOGGING_TESTING.get():
                        raise
                    report(integration, doing, exc)

        return safe

    return decorate


def report(integration: str, doing: str, exc: BaseException) -> None:
    """Warn of a failure; once for each kind of it."""
    kind = (integration, doing, type(exc))
    if kind not in _told:
        _told.add(kind)
        logger.warning(
            "%s autologging could not %s, and leaves it out; your training is not affected. %s: %s",
            integration,
            doing,
            type(exc).__name__,
            str(exc)[:1000],
        )
        logger.debug("Where it happened:", exc_info=exc)


@contextlib.contextmanager
def _quiet(integration: str) -> Iterator[None]:
    """Keep the package's own messages back, if asked."""
    if not settings.get(integration, "silent"):
        yield
        return
    for handler in logging.getLogger("mlflow").handlers:
        if _let_pass not in handler.filters:
            handler.addFilter(_let_pass)
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def _let_pass(record: logging.LogRecord) -> bool:
    return not _silent.get()
