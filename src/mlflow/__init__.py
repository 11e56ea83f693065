"""Track experiments: runs, params, metrics, tags and files.

    >>> import mlflow
    >>> with mlflow.start_run():  # doctest: +SKIP
    ...     mlflow.log_metric("loss", 0.1, step=3)

This package is a table of names that are resolved on use (PEP 562): `_names` is the table, `__init__.pyi` its typing
twin, `_aliases` the older module paths.
"""

from mlflow._aliases import alias, install
from mlflow._lazy import attach
from mlflow._names import GENAI, LATER, NAMES

__all__ = list(NAMES)

_resolve, __dir__ = attach(__name__, NAMES)


def __getattr__(name: str) -> object:
    if name in LATER or name in GENAI:
        from mlflow._unavailable import Unavailable

        return Unavailable(f"mlflow.{name}")
    return alias(__name__, name) or _resolve(name)


install()
