"""A loaded model: data is checked against its signature, then whatever the model is made of is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models.enforcement import enforce_params, enforce_schema
from mlflow.models.manifest import Model
from mlflow.models.surface import FlavorFunction
from mlflow.types import Schema

__all__ = ["PyFuncModel"]


class PyFuncModel:
    """A model of any flavor as a function; `load_model` makes it.

    Args:
        model_meta: the model's manifest.
        model_impl: what its loader returned; it has a method `predict`.
        predict_fn: the name of that method.
        predict_stream_fn: the name of the method that yields; None when there is none.
        model_id: the model's id in a tracking server.
        model_config: the configuration it was loaded with.
        folder: where its files are; None for a model that was not loaded from files.
    """

    def __init__(
        self,
        model_meta: Model,
        model_impl: Any,
        predict_fn: str = "predict",
        predict_stream_fn: str | None = None,
        model_id: str | None = None,
        model_config: dict[str, Any] | None = None,
        folder: Path | None = None,
    ) -> None:
        if not hasattr(model_impl, predict_fn):
            raise InvalidParameterValue(f"Model implementation is missing required {predict_fn} method.")
        self._model_meta = model_meta
        self._model_impl = model_impl
        self._predict_fn: Callable[..., Any] = getattr(model_impl, predict_fn)
        self._predict_stream_fn: Callable[..., Any] | None = (
            getattr(model_impl, predict_stream_fn) if predict_stream_fn else None
        )
        self._takes_params = _takes_params(self._predict_fn)
        self._model_id = model_id
        self._model_config = model_config or {}
        self._folder = folder

    @property
    def metadata(self) -> Model:
        """The model's manifest."""
        return self._model_meta

    @property
    def model_id(self) -> str | None:
        """The model's id in a tracking server, `m-…`; None when it was not logged."""
        return self._model_id

    @property
    def model_config(self) -> dict[str, Any]:
        """The configuration the model was saved with, and loaded with."""
        return self._model_config

    @property
    def loader_module(self) -> str:
        """The module that loaded it."""
        return str(self._model_meta.flavors["python_function"]["loader_module"])

    @property
    def input_schema(self) -> Schema | None:
        """The schema of its data."""
        return self._model_meta.get_input_schema()

    @property
    def input_example(self) -> Any:
        """The example that the model was saved with, as it is called with it; None when there is none.

        Raises:
            ResourceDoesNotExist: its file is gone.
        """
        return self._model_meta.load_input_example(self._folder) if self._folder is not None else None

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions.

        Args:
            data: a DataFrame, Series, array, sparse matrix, scalar, list or dictionary that fits the signature.
            params: parameters that the signature declares.

        Raises:
            SchemaEnforcementFailed: an input is missing, or does not fit without loss.
            InvalidParameterValue: the data does not fit the model's type hints.
        """
        return self.predict_enforced(*self.enforce(data, params))

    def predict_enforced(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions for what `enforce` returned, which is not looked at again."""
        return self._predict_fn(data, params=params) if self._takes_params else self._predict_fn(data)

    def by_rows(self, names: Sequence[str]) -> Callable[[Any], Any] | None:
        """What calls the model with an array of numbers, to the same predictions as with a table of them.

        Args:
            names: of its columns, in order.

        Returns:
            None where the model wants a table.
        """
        return self._model_impl.by_rows(names) if isinstance(self._model_impl, FlavorFunction) else None

    def predict_stream(self, data: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """Yield predictions piece by piece.

        Args:
            data: one input; a list of one counts as that one.
            params: parameters that the signature declares.

        Raises:
            MlflowException: the model does not stream.
            InvalidParameterValue: the data is a list of several inputs.
        """
        if self._predict_stream_fn is None:
            raise MlflowException("This model does not support predict_stream method. Call predict.")
        data, params = self.enforce(data, params)
        if isinstance(data, list):
            if len(data) != 1:
                raise InvalidParameterValue(
                    f"'predict_stream' requires single input, but it got a list of {len(data)}. Pass one input."
                )
            data = data[0]
        found: Iterator[Any] = (
            self._predict_stream_fn(data, params=params)
            if _takes_params(self._predict_stream_fn)
            else self._predict_stream_fn(data)
        )
        return found

    def enforce(self, data: Any, params: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any] | None]:
        """Data and parameters as the signature declares them; a signature from type hints leaves the data to these.

        Raises:
            SchemaEnforcementFailed: an input is missing, or does not fit without loss.
        """
        signature = self._model_meta.signature
        schema = signature.inputs if signature else None
        if schema is not None and not (signature and signature._is_signature_from_type_hint):
            data = enforce_schema(data, schema)
        declared = signature.params if signature else None
        return data, enforce_params(params, declared) if params or declared is not None else params

    def unwrap_python_model(self) -> Any:
        """The `PythonModel` inside.

        Raises:
            MlflowException: there is none: the model is of another flavor.
        """
        found = getattr(self._model_impl, "python_model", None)
        if found is None:
            raise MlflowException(
                f"The model was loaded by '{self.loader_module}' and is no PythonModel. Call get_raw_model, or load it "
                "by its flavor."
            )
        return found

    def get_raw_model(self) -> Any:
        """The framework's own model.

        Raises:
            NotImplementedError: it has none, as Python models.
        """
        if not hasattr(self._model_impl, "get_raw_model"):
            raise NotImplementedError("`get_raw_model` is not implemented by the underlying model")
        return self._model_impl.get_raw_model()

    def __eq__(self, other: object) -> bool:
        return self._model_meta == other._model_meta if isinstance(other, PyFuncModel) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as its manifest

    def __repr__(self) -> str:
        known = {
            "artifact_path": self._model_meta.artifact_path,
            "run_id": self._model_meta.run_id,
            "flavor": self.loader_module,
        }
        lines = [f"  {name}: {value}" for name, value in known.items() if value is not None]
        return "\n".join(["mlflow.pyfunc.loaded_model:", *lines, ""])


def _takes_params(function: Callable[..., Any]) -> bool:
    import inspect

    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # of built-in functions
        return False
    return "params" in parameters or any(one.kind is one.VAR_KEYWORD for one in parameters.values())
