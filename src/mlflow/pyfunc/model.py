"""Python code as a model: `PythonModel`, plain functions, and how both are stored and loaded.

This module is the `loader_module` of such models, and pickled models name its classes.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mlflow._lazy import attach
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.manifest import Model
from mlflow.pyfunc.type_hints import PredictHints
from mlflow.pyfunc.validation import hints_of, pyfunc
from mlflow.types.type_hints import TypeHints

__all__ = [
    "COMPRESSIONS",
    "PythonFunction",
    "PythonModel",
    "PythonModelContext",
    "as_python_model",
    "inside",
    "open_function",
    "plain",
]

CONFIG_KEY_ARTIFACTS = "artifacts"
CONFIG_KEY_ARTIFACT_RELATIVE_PATH = "path"
CONFIG_KEY_ARTIFACT_URI = "uri"
CONFIG_KEY_PYTHON_MODEL = "python_model"
CONFIG_KEY_CLOUDPICKLE_VERSION = "cloudpickle_version"
CONFIG_KEY_COMPRESSION = "python_model_compression"

COMPRESSIONS: Mapping[str, Any] = {"lzma": lzma, "bzip2": bz2, "gzip": gzip}
"""Setting MLFLOW_LOG_MODEL_COMPRESSION -> module that opens such files."""

__getattr__, __dir__ = attach(
    __name__,
    {
        **{name: f"mlflow.pyfunc.saving:{name}" for name in ("get_default_conda_env", "get_default_pip_requirements")},
        **{name: f"mlflow.pyfunc.elsewhere:{name}" for name in ("ChatAgent", "ChatModel", "ResponsesAgent")},
    },
)


class PythonModelContext:
    """What a model gets beside its data.

    Args:
        artifacts: name -> path of a local file or folder.
        model_config: the configuration that the model was saved or loaded with.
    """

    def __init__(self, artifacts: Mapping[str, str], model_config: Mapping[str, Any]) -> None:
        self._artifacts = dict(artifacts)
        self._model_config = dict(model_config)

    @property
    def artifacts(self) -> dict[str, str]:
        """The local paths of the model's artifacts, by name."""
        return self._artifacts

    @property
    def model_config(self) -> dict[str, Any]:
        """The configuration that the model was saved or loaded with."""
        return self._model_config


class PythonModel:
    """A model made of Python code; derive from it and write `predict`.

    `predict` may leave out `context` and `params`. A type hint `list[X]` of its data becomes the model's signature, and
    data is checked and converted against it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("predict", "predict_stream"):
            method = cls.__dict__.get(name)
            if callable(method):
                setattr(cls, name, pyfunc(method))

    def load_context(self, context: PythonModelContext) -> None:
        """Make ready for predictions, once after loading: read the context's artifacts, for example."""

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Return predictions.

        Args:
            context: artifacts and configuration.
            model_input: what was passed, as the signature or the type hint declares it.
            params: parameters that the signature declares.
        """
        raise NotImplementedError(f"{type(self).__qualname__} has no predict. Write it.")

    def predict_stream(
        self, context: Any, model_input: Any, params: dict[str, Any] | None = None
    ) -> Iterator[Any]:  # pragma: no cover - overridden by models that stream
        """Yield predictions piece by piece; the same arguments as those of `predict`."""
        raise NotImplementedError(f"{type(self).__qualname__} has no predict_stream. Write it.")

    @property
    def predict_type_hints(self) -> TypeHints:
        """The type hints of `predict` from which a signature follows."""
        return hints_of(plain(type(self).predict)).hints


class _FunctionPythonModel(PythonModel):
    """A plain function as a model."""

    def __init__(self, func: Callable[..., Any], signature: Any = None) -> None:
        self.func = pyfunc(func)
        self.signature = signature

    @property
    def predict_type_hints(self) -> TypeHints:
        return hints_of(plain(self.func)).hints

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Call the function."""
        takes = hints_of(plain(self.func)).names
        return self.func(model_input, params) if len(takes) > 1 else self.func(model_input)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The user's own function behind wrappers."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def as_python_model(given: Any) -> PythonModel:
    """The model that a user gave: one, or a function of one argument.

    Raises:
        InvalidParameterValue: it is neither, or takes other arguments.
    """
    if isinstance(given, PythonModel):
        return given
    if not callable(given) or isinstance(given, type):
        raise InvalidParameterValue(
            "`python_model` must be a PythonModel instance, callable object, or path to a script that uses set_model() "
            f"to set one; it is '{given!r:.100}'."
        )
    names = [name for name in hints_of(plain(given)).names if name != "params"]
    if len(names) != 1:
        raise InvalidParameterValue(
            "When `python_model` is a callable object, it must accept exactly one argument. "
            f"Found {len(names)} arguments: {', '.join(names)}."
        )
    return _FunctionPythonModel(given)


class PythonFunction:
    """A loaded Python model, to be called with data that fits its signature."""

    def __init__(self, model: PythonModel, context: PythonModelContext) -> None:
        self.python_model = model
        self.context = context

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Call the model's `predict` with what it takes."""
        return self._call(self.python_model.predict, data, params)

    def predict_stream(self, data: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """Call the model's `predict_stream` with what it takes."""
        found: Iterator[Any] = self._call(self.python_model.predict_stream, data, params)
        return found

    def _call(self, method: Callable[..., Any], data: Any, params: dict[str, Any] | None) -> Any:
        hints: PredictHints = hints_of(plain(method.__func__ if hasattr(method, "__func__") else method))
        given: dict[str, Any] = {}
        if hints.context is not None:
            given[hints.context] = self.context
        if "params" in hints.names:
            given["params"] = params
        if hints.parameter is None:
            raise InvalidParameterValue(f"predict of '{type(self.python_model).__qualname__}' takes no data.")
        return method(**{hints.parameter: data}, **given)

    def get_raw_model(self) -> Any:
        """A Python model has no framework's model inside."""
        raise NotImplementedError("`get_raw_model` is not implemented by the underlying model")


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> PythonFunction:
    """Load a pickled model of a folder."""
    folder = Path(path)
    config = Model.load(folder).flavors["python_function"]
    name = config.get(CONFIG_KEY_PYTHON_MODEL)
    if not isinstance(name, str) or not inside(folder, name).is_file():
        raise ResourceDoesNotExist(
            f"Model '{folder}' has no file '{name}', which its manifest names. Download it again."
        )
    return open_function(_unpickled(inside(folder, name), config), folder, config, model_config)


def _unpickled(path: Path, config: Mapping[str, Any]) -> Any:
    content = path.read_bytes()
    kind = config.get(CONFIG_KEY_COMPRESSION)
    if kind is not None:
        if kind not in COMPRESSIONS:
            raise InvalidParameterValue(f"Model '{path}' is compressed by '{kind}'. Known are {sorted(COMPRESSIONS)}.")
        content = COMPRESSIONS[kind].decompress(content)
    return pickle.loads(content)  # noqa: S301 - admitted before


def open_function(
    model: Any, folder: Path, config: Mapping[str, Any], model_config: Mapping[str, Any] | None
) -> PythonFunction:
    """A model with its context, made ready.

    Args:
        model: a `PythonModel` or a function.
        folder: the model's folder.
        config: the function's entry of the manifest.
        model_config: overrides what it was saved with.
    """
    python_model = as_python_model(model)
    saved = config.get("config")
    context = PythonModelContext(
        {
            name: str(inside(folder, str(entry[CONFIG_KEY_ARTIFACT_RELATIVE_PATH])))
            for name, entry in (config.get(CONFIG_KEY_ARTIFACTS) or {}).items()
        },
        {**(saved if isinstance(saved, Mapping) else {}), **(model_config or {})},
    )
    python_model.load_context(context)
    return PythonFunction(python_model, context)


def inside(folder: Path, name: str) -> Path:
    """A path in a model's folder.

    Raises:
        InvalidParameterValue: it leads out of it.
    """
    place = folder / name
    if not place.resolve().is_relative_to(folder.resolve()):
        raise InvalidParameterValue(f"Path '{name}' is not inside the model. The manifest is broken.")
    return place
