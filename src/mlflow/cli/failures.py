"""A failure as one line on stderr: what happened, and what to do."""

from __future__ import annotations

import errno
import logging

import click

from mlflow.exceptions import MlflowException

__all__ = ["Failure", "as_failure"]

_LOG = logging.getLogger(__name__)
_REMEDIES = {
    errno.ENOSPC: "Make room there, then repeat the command.",
    errno.EDQUOT: "Make room there, then repeat the command.",
    errno.EACCES: "Choose another path, or get the permission.",
    errno.EPERM: "Choose another path, or get the permission.",
    errno.EROFS: "Choose another path; that file system cannot be written.",
    errno.ENOENT: "Check the path.",
    errno.EISDIR: "Name a file.",
    errno.ENOTDIR: "Name a folder.",
    errno.EEXIST: "Choose another path.",
}


class Failure(click.ClickException):
    """Ends a command with exit code 1 and one line."""

    def format_message(self) -> str:
        """The message on one line."""
        return " ".join(self.message.split())


def as_failure(error: Exception) -> Failure:
    """What a command says about an exception; the traceback of one that nobody expects is logged for debugging."""
    if isinstance(error, MlflowException):
        return Failure(error.message)
    if isinstance(error, OSError):
        return Failure(_of_system(error))
    _LOG.debug("A command failed.", exc_info=error)
    if type(error).__module__.startswith("sqlalchemy"):
        reason = getattr(error, "orig", None) or error
        return Failure(f"The database refuses: {reason}. Check its address, its permissions and its state.")
    return Failure(
        f"Unexpected {type(error).__name__}: {error}. Please report it, with what MLFLOW_LOGGING_LEVEL=DEBUG shows."
    )


def _of_system(error: OSError) -> str:
    where = f" '{error.filename}'" if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "Check the path and the disk.")
    return f"{error.strerror or error}:{where} {remedy}" if where else f"{error.strerror or error}. {remedy}"
