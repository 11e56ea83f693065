"""The model that is evaluated: whatever the user gives, as an object with `predict`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore

__all__ = ["FunctionModel", "model_of", "raw_model"]

_TAKEN = (
    "Give the URI of a logged or saved model, what mlflow.pyfunc.load_model returned, a function of a DataFrame such "
    "as `estimator.predict`, or None with predictions in the data."
)


class FunctionModel:
    """A function as a model."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """What the function returns for a DataFrame of features."""
        return self.function(data)


def model_of(given: Any, model_config: dict[str, Any] | None = None) -> Any:
    """An object with `predict` for what a user gave; None for None.

    Raises:
        InvalidParameterValue: it is no model.
        ResourceDoesNotExist: there is no model at the URI.
    """
    if given is None:
        return None
    if isinstance(given, str):
        return _loaded(given, model_config)
    if _is_pyfunc(given):
        return given
    if callable(given):
        return FunctionModel(given)
    raise InvalidParameterValue(f"Model is a '{type(given).__name__}'. {_TAKEN}")


def _loaded(uri: str, model_config: dict[str, Any] | None) -> Any:
    if uri.startswith("endpoints:"):
        raise NotImplementedByStore(f"Model '{uri}' is a deployment's endpoint, which is not evaluated here. {_TAKEN}")
    from mlflow.pyfunc import load_model

    return load_model(uri, model_config=model_config)


def _is_pyfunc(model: Any) -> bool:
    return callable(getattr(model, "predict", None)) and hasattr(model, "metadata")


def raw_model(model: Any) -> Any:
    """The framework's own model inside of a loaded one; None where there is none to be had."""
    unwrap = getattr(model, "get_raw_model", None)
    if not callable(unwrap):
        return None
    try:
        return unwrap()
    except NotImplementedError:
        return None
