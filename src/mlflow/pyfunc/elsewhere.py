"""Names of MLflow's that this release has no part for: they import, and say so when they are used."""

from __future__ import annotations

from typing import Any, NoReturn

from mlflow.exceptions import ErrorCode, MlflowException

__all__ = ["ChatAgent", "ChatModel", "ResponsesAgent", "build_model_env"]


class NotHere(MlflowException):
    """A kind of model, or a way to run one, that this release does not have."""

    code = ErrorCode.NOT_IMPLEMENTED


class _Refused:
    """A class to derive from; deriving fails with the reason."""

    def __init_subclass__(cls) -> None:
        if cls.__module__ != __name__:
            raise NotHere(
                f"'mlflow.pyfunc.{cls.__mro__[1].__name__}' belongs to MLflow's tier for generative applications, "
                "which this distribution does not have. Derive from mlflow.pyfunc.PythonModel, or use the published "
                "mlflow package."
            )


class ChatAgent(_Refused):
    """Not in this distribution."""


class ChatModel(_Refused):
    """Not in this distribution."""


class ResponsesAgent(_Refused):
    """Not in this distribution."""


def build_model_env(model_uri: str, *args: Any, **kwargs: Any) -> NoReturn:
    """An archive of a model's environment for Databricks; not in this release."""
    raise NotHere(
        f"'mlflow.pyfunc.build_model_env' is not in this release. Install what get_model_dependencies('{model_uri}') "
        "names."
    )
