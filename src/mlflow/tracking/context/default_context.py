"""Who runs what: the user, and the file or command that the interpreter was given."""

from __future__ import annotations

import os
import sys

from mlflow.tracking.context.abstract_context import RunContextProvider

__all__ = ["DefaultRunContext"]

_CONSOLE = "<console>"
_UNKNOWN_USER = "unknown"
_USER_VARIABLES = ("LOGNAME", "USER", "LNAME", "USERNAME")


def user_name() -> str:
    """The login name; "unknown" where neither the environment nor the password database has one."""
    named = next(filter(None, map(os.environ.get, _USER_VARIABLES)), None)
    if named:
        return named
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (KeyError, ImportError):
        return _UNKNOWN_USER


def source_name() -> str:
    """What the interpreter runs: a path as given, `-c`, or "<console>" when nothing was named."""
    return (sys.argv[0] if sys.argv else "") or _CONSOLE


class DefaultRunContext(RunContextProvider):
    """User, source name and source type LOCAL; true everywhere."""

    def in_context(self) -> bool:
        return True

    def tags(self) -> dict[str, str]:
        return {"mlflow.user": user_name(), "mlflow.source.name": source_name(), "mlflow.source.type": "LOCAL"}
