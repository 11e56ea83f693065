"""Where the package's messages go when the program has set up no logging: to stderr, from INFO on."""

from __future__ import annotations

import logging
import sys

from mlflow.environment_variables import MLFLOW_CONFIGURE_LOGGING, MLFLOW_LOGGING_LEVEL

__all__ = ["configure_logging"]

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Fallback(logging.Handler):
    """Writes to what is stderr at the moment; silent once the program's own logging shows the messages."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers and sys.stderr is not None:
            sys.stderr.write(f"{self.format(record)}\n")


def configure_logging() -> None:
    """Have messages shown, unless MLFLOW_CONFIGURE_LOGGING is false; harmless when done twice."""
    logger = logging.getLogger("mlflow")
    if not MLFLOW_CONFIGURE_LOGGING.get() or any(isinstance(handler, _Fallback) for handler in logger.handlers):
        return
    handler = _Fallback()
    handler.setFormatter(logging.Formatter(_FORMAT, "%Y/%m/%d %H:%M:%S"))
    logger.addHandler(handler)
    if logger.level == logging.NOTSET:
        logger.setLevel((MLFLOW_LOGGING_LEVEL.get() or "INFO").upper())
