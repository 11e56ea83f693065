"""Names that MLflow has and this release has not: they import, and say so when they are used."""

from __future__ import annotations

from typing import Any, NoReturn

from mlflow._names import GENAI
from mlflow.exceptions import ErrorCode, MlflowException

__all__ = ["NotInThisRelease", "Unavailable", "is_generative", "why_unavailable"]


class NotInThisRelease(MlflowException, AttributeError):
    """A name of MLflow's that this release does not have; `hasattr` takes it for absent."""

    def __init__(self, name: str) -> None:
        super().__init__(why_unavailable(name), ErrorCode.NOT_IMPLEMENTED)


class Unavailable:
    """Stands where the name would be; whatever is done with it raises `NotInThisRelease`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotInThisRelease(self._name)

    def __getattr__(self, name: str) -> NoReturn:
        raise NotInThisRelease(f"{self._name}.{name}")

    def __enter__(self) -> NoReturn:
        raise NotInThisRelease(self._name)

    def __exit__(self, *raised: object) -> None: ...

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self._name}: not in this release>"


def is_generative(name: str) -> bool:
    """Whether a name, such as `mlflow.trace` or `mlflow.metrics.toxicity`, belongs to the generative tier."""
    parts = name.removeprefix("mlflow.").split(".")
    return parts[0] in GENAI or ".".join(parts[:2]) in GENAI


def why_unavailable(name: str) -> str:
    """The one message about a missing name, such as `mlflow.trace`."""
    if is_generative(name):
        return (
            f"'{name}' belongs to MLflow's tier for generative applications, which this distribution does not have. "
            "Use the published mlflow package for it."
        )
    return f"'{name}' is not in this release. Leave the call out, or use the published mlflow package for it."
