"""Why an object cannot become a file."""

from __future__ import annotations

import importlib
from typing import Any

from mlflow.exceptions import InvalidParameterValue, MlflowException

__all__ = ["InvalidMedia", "InvalidMediaType", "MissingPackage", "package"]


class InvalidMedia(InvalidParameterValue, ValueError):
    """An image, table, sound … has a shape, range or name that cannot be stored."""


class InvalidMediaType(InvalidParameterValue, TypeError):
    """An object is of a kind that cannot be stored this way."""


class MissingPackage(MlflowException, ImportError):
    """An optional package does this, and it is not installed."""


def package(name: str, install: str) -> Any:
    """Import an optional package.

    Raises:
        MissingPackage: it is not installed; the message names what to install.
    """
    try:
        return importlib.import_module(name)
    except ImportError as exc:
        raise MissingPackage(
            f"'{name}' is needed here and cannot be imported: {exc}. Run `pip install '{install}'`."
        ) from exc
