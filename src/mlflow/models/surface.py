"""What users call of a flavor, derived from its `Flavor`: `save_model`, `load_model`, `log_model` and the defaults.

A signature is declared as words in MLflow's order: `path conda_env code_paths pyfunc_predict_fn='predict' **`. A word
is a parameter whose default is None, or that of `_DEFAULTS`, unless it says `name=literal`; `name!` has no default;
`**` stands for `**kwargs`. The model's own parameter comes first and is not among the words.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any, Protocol

from mlflow.models.environment import Environment
from mlflow.models.flavor import Flavor
from mlflow.models.manifest import Model
from mlflow.models.model_info import ModelInfo
from mlflow.models.package import FUNCTION_FLAVOR, LoadedModel, SaveOptions, load, save
from mlflow.models.requirements import pin

__all__ = ["LOG", "SAVE", "FlavorFunction", "LogModel", "SaveModel", "Surface"]

SAVE = (
    "path conda_env code_paths mlflow_model signature input_example pip_requirements extra_pip_requirements "
    "metadata extra_files"
)
LOG = (
    "artifact_path conda_env code_paths registered_model_name signature input_example await_registration_for "
    "pip_requirements extra_pip_requirements metadata extra_files name params tags model_type step model_id **"
)
AWAIT_SECONDS = 300

_SHARED = {
    "path": "the folder to save to; it must not exist, or be empty.",
    "conda_env": "the whole environment: a dictionary as conda has it, or the path of its YAML file.",
    "code_paths": "files and folders of code that the model needs.",
    "mlflow_model": "the manifest to fill in; a new one when omitted.",
    "signature": "what the model takes and gives; inferred from the example when omitted, left out when False.",
    "input_example": "data to call the model with, or a pair of data and parameters.",
    "pip_requirements": "all requirements, as a list or the path of a file.",
    "extra_pip_requirements": "requirements beside the inferred ones.",
    "metadata": "anything that YAML can hold.",
    "extra_files": "further files to keep with it.",
    "artifact_path": "the older word for `name`.",
    "name": "what the model is called.",
    "registered_model_name": "register the model as a new version of this registered model.",
    "await_registration_for": "seconds to wait until that version is ready; None or 0 for not at all.",
    "params": "parameters to keep with the model.",
    "tags": "tags of the model.",
    "model_type": "what kind of model it is, in the user's words.",
    "step": "the step of the run that the model belongs to.",
    "model_id": "the logged model to fill, made before; a new one when omitted.",
    "model_uri": "a path, or a `runs:`, `models:`, `s3:` … URI.",
    "dst_path": "the folder to download into; made if absent.",
    "prompts": "URIs of prompts that the model uses.",
}
"""Parameters of all flavors, and what they mean."""

_DEFAULTS: dict[str, Any] = {"await_registration_for": AWAIT_SECONDS, "step": 0, "path": Parameter.empty}
_OWN = "passed on to the framework."
_OPTIONS = frozenset(SaveOptions.__struct_fields__)


class SaveModel(Protocol):
    """Save a model to a folder; further options are the flavor's own."""

    def __call__(
        self,
        *args: Any,
        conda_env: dict[str, Any] | str | None = None,
        code_paths: list[str] | None = None,
        mlflow_model: Any = None,
        signature: Any = None,
        input_example: Any = None,
        pip_requirements: list[str] | str | None = None,
        extra_pip_requirements: list[str] | str | None = None,
        metadata: dict[str, Any] | None = None,
        **options: Any,
    ) -> None: ...


class LogModel(Protocol):
    """Log a model to the active run; further options are the flavor's own."""

    def __call__(
        self,
        *args: Any,
        name: str | None = None,
        registered_model_name: str | None = None,
        signature: Any = None,
        input_example: Any = None,
        params: dict[str, Any] | None = None,
        tags: dict[str, Any] | None = None,
        **options: Any,
    ) -> ModelInfo: ...


class Surface:
    """The public functions of a flavor's module.

    Args:
        flavor: the framework's.
        model: what `save_model` and `log_model` call the model.
        save: the words of `save_model` after the model.
        log: the words of `log_model` after the model.
        load: the words of `load_model` after the URI.
        defaults: the words of `get_default_pip_requirements` and `get_default_conda_env`.
        meanings: what the flavor's own parameters mean, for help().
    """

    def __init__(
        self,
        flavor: Flavor,
        *,
        model: str,
        save: str = SAVE,
        log: str = LOG,
        load: str = "dst_path",
        defaults: str = "",
        meanings: Mapping[str, str] | None = None,
    ) -> None:
        self.flavor = flavor
        self._model = model
        about = _SHARED | {model: f"a model of {flavor.distribution}."} | dict(meanings or {})
        make = _Maker(flavor.loader_module, about)
        self.save_model: SaveModel = make("save_model", f"{model}! {save}", self._save, "Save a model to a folder.")
        self.log_model: LogModel = make(
            "log_model", f"{model}! {log}", self._log, "Log a model to the active run, and return what is known of it."
        )
        self.load_model: Callable[..., Any] = make(
            "load_model", f"model_uri! {load}", self._load, "Load a model of this flavor, as its framework has it."
        )
        self.get_default_pip_requirements: Callable[..., list[str]] = make(
            "get_default_pip_requirements", defaults, self._requirements, "The requirements that every model has."
        )
        self.get_default_conda_env: Callable[..., dict[str, Any]] = make(
            "get_default_conda_env", defaults, self._conda, "The conda environment with those requirements."
        )

    def _save(self, arguments: dict[str, Any]) -> None:
        model, path = arguments.pop(self._model), arguments.pop("path")
        shared = {name: arguments.pop(name) for name in _OPTIONS & arguments.keys()}
        save(self.flavor, model, path, SaveOptions(**shared), **arguments)

    def _log(self, arguments: dict[str, Any]) -> ModelInfo:
        further = arguments.pop("kwargs", {})
        return Model.log(flavor=self, **arguments, **further)

    def _load(self, arguments: dict[str, Any]) -> Any:
        return load(self.flavor, arguments.pop("model_uri"), arguments.pop("dst_path", None), **arguments).model

    def _requirements(self, arguments: dict[str, Any]) -> list[str]:
        return [*map(pin, (self.flavor.distribution, *self.flavor.also(arguments)))]

    def _conda(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return Environment.of(self._requirements(arguments)).to_conda()

    def load_pyfunc(self, path: str, model_config: dict[str, Any] | None = None) -> FlavorFunction:
        """Load a model to be called: what `_load_pyfunc` of the loader module is.

        Args:
            path: what the function's entry in the manifest names, or the model's folder.
            model_config: overrides entries of the manifest.
        """
        return self.function(model_folder_of(Path(path)), "", model_config)

    def function(self, folder: Path, source: str, model_config: Mapping[str, Any] | None = None) -> FlavorFunction:
        """The model of a folder, to be called.

        Args:
            folder: the model's.
            source: the URI that was asked for.
            model_config: overrides entries of the manifest.
        """
        return FlavorFunction(self.flavor, load(self.flavor, folder, source=source), model_config or {})


class FlavorFunction:
    """A loaded model of a flavor, to be called with data that fits its signature."""

    def __init__(self, flavor: Flavor, loaded: LoadedModel, model_config: Mapping[str, Any]) -> None:
        entries = loaded.manifest.flavors
        self._flavor = flavor
        stored = flavor.stored_config(loaded.folder)
        self._config = {**entries[flavor.name], **entries.get(FUNCTION_FLAVOR, {}), **stored, **model_config}
        self._model = flavor.as_function(loaded.model, self._config)

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Call the model.

        Args:
            data: what the framework's predictions are made of.
            params: the signature's parameters.
        """
        if self._flavor.predict is None:  # the manifest names this module, but its models are no functions
            raise NotImplementedError(f"Models of the {self._flavor.name} flavor cannot be called. Load them by it.")
        return self._flavor.predict(self._model, data, params or {}, self._config)

    def by_rows(self, names: Sequence[str]) -> Callable[[Any], Any] | None:
        """What calls the model with an array whose columns these are, in their order; None where it wants a table."""
        return self._flavor.by_rows(self._model, self._config, names)

    def get_raw_model(self) -> Any:
        """The framework's own model."""
        return self._model


def model_folder_of(path: Path) -> Path:
    """The folder of the model that a file or folder belongs to; the path itself when it is in none."""
    return next((place for place in (path, *path.parents) if (place / "MLmodel").is_file()), path)


class _Maker:
    """Makes functions with a declared signature."""

    def __init__(self, module: str, about: Mapping[str, str]) -> None:
        self._module = module
        self._about = about

    def __call__(self, name: str, words: str, call: Callable[[dict[str, Any]], Any], does: str) -> Any:
        signature = declared(words)

        def function(*args: Any, **kwargs: Any) -> Any:
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as exc:
                raise TypeError(f"{name}() {exc}") from None
            bound.apply_defaults()
            return call(dict(bound.arguments))

        function.__signature__ = signature  # type: ignore[attr-defined]  # inspect.signature reads it
        function.__name__ = function.__qualname__ = name
        function.__module__ = self._module
        function.__doc__ = self._text(does, signature)
        return function

    def _text(self, does: str, signature: Signature) -> str:
        lines = [f"    {name}: {self._about.get(name, _OWN)}" for name in signature.parameters]
        return "\n".join([does, *(["", "Args:", *lines] if lines else [])])


def declared(words: str) -> Signature:
    """The signature of declared words; see this module's text."""
    return Signature([_parameter(word) for word in words.split()])


def _parameter(word: str) -> Parameter:
    if word == "**":
        return Parameter("kwargs", Parameter.VAR_KEYWORD)
    if word.endswith("!"):
        return Parameter(word[:-1], Parameter.POSITIONAL_OR_KEYWORD)
    name, given, literal = word.partition("=")
    default = ast.literal_eval(literal) if given else _DEFAULTS.get(name)
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default)
