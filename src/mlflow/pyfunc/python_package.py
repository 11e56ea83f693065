"""The files and the manifest's entry of a Python model, while it is saved."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from mlflow.artifacts.reading import local_artifact
from mlflow.environment_variables import MLFLOW_LOG_MODEL_COMPRESSION
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.code_model import run_model_script
from mlflow.models.enforcement import enforce_schema
from mlflow.models.environment_reads import model_code
from mlflow.models.flavor import UnpicklableModel
from mlflow.models.input_example import InputExample
from mlflow.models.manifest import Model
from mlflow.models.module_requirements import code_modules, pickle_modules, source_modules
from mlflow.models.package import SaveOptions
from mlflow.models.signature import ModelSignature, infer_signature
from mlflow.pyfunc.model import (
    COMPRESSIONS,
    CONFIG_KEY_ARTIFACTS,
    CONFIG_KEY_COMPRESSION,
    CONFIG_KEY_PYTHON_MODEL,
    PythonFunction,
    PythonModel,
    as_python_model,
    open_function,
    plain,
)
from mlflow.pyfunc.type_hints import convert, resolve_hints
from mlflow.types import Schema
from mlflow.types.inference import infer_param_schema
from mlflow.types.type_hints import infer_schema_from_list_type_hint

__all__ = ["PythonPackage"]

_SUFFIXES = {"lzma": ".xz", "bzip2": ".bz2", "gzip": ".gz"}
_PICKLE = "python_model.pkl"


class PythonPackage:
    """A Python model on its way into a folder.

    Args:
        given: a `PythonModel`, a function, or the path of a script.
        folder: the model's folder.
        config: the model's configuration.
        artifacts: name -> path or URI.

    Raises:
        InvalidParameterValue: it is none of these, or a script or an artifact is not there.
        UnpicklableModel: it cannot be pickled.
    """

    def __init__(self, given: Any, folder: Path, config: dict[str, Any], artifacts: Mapping[str, str]) -> None:
        self._folder = folder
        self._config = config
        self._artifacts = _fetch(artifacts, folder)
        self._script = _copied(Path(given), folder) if isinstance(given, (str, Path)) else None
        self._kind = _compression()
        self._file = _PICKLE + _SUFFIXES.get(self._kind or "", "")
        if self._script is not None:
            with model_code():
                self.model = as_python_model(run_model_script(self._script, config or None, named=given))
        else:
            self.model = as_python_model(given)
            _pickle(self.model, folder / self._file, self._kind)
        self._function: PythonFunction | None = None
        self._schema: Schema | None = None

    @property
    def loader_module(self) -> str:
        """The module that loads such a model."""
        return "mlflow.pyfunc.loaders.code_model" if self._script is not None else "mlflow.pyfunc.model"

    def entry(self, streamable: bool | None) -> dict[str, Any]:
        """The keys of the function's entry that such a model has."""
        streams = type(self.model).predict_stream is not PythonModel.predict_stream
        found: dict[str, Any] = {
            "cloudpickle_version": version("cloudpickle"),
            "streamable": streams if streamable is None else streamable,
        }
        if self._script is not None:
            found["model_code_path"] = self._script.name
        else:
            found[CONFIG_KEY_PYTHON_MODEL] = self._file
            found |= {CONFIG_KEY_COMPRESSION: self._kind} if self._kind else {}
        found |= {CONFIG_KEY_ARTIFACTS: self._artifacts} if self._artifacts else {}
        return found | ({"config": self._config} if self._config else {})

    def with_signature(self, options: SaveOptions, manifest: Model) -> SaveOptions:
        """The options with the signature that follows from type hints, unless one was given.

        Raises:
            InvalidParameterValue: the example does not fit the type hints.
        """
        hints = self.model.predict_type_hints
        example = InputExample.of(options.input_example) if options.input_example is not None else None
        if options.signature is not None or manifest.signature is not None or hints.input is None:
            if options.signature is None and example is not None:
                with warnings.catch_warnings(action="ignore"):  # said when the signature is inferred
                    self._schema = infer_signature(example.data).inputs
            return options
        if example is not None:
            convert(example.data, hints.input)
        inputs = infer_schema_from_list_type_hint(hints.input)
        params = infer_param_schema(example.params) if example is not None and example.params is not None else None
        signature = ModelSignature(inputs, self._outputs(hints.output, example), params)
        signature._is_signature_from_type_hint = True
        return msgspec.structs.replace(options, signature=signature)

    def _outputs(self, hint: Any, example: InputExample | None) -> Schema | None:
        if hint is not None:
            try:
                return infer_schema_from_list_type_hint(hint)
            except InvalidParameterValue:
                pass  # the example may tell
        if example is None:
            return None
        found: Schema | None = infer_signature(None, self.call(example.data, example.params or {})).outputs
        return found

    def call(self, data: Any, params: dict[str, Any]) -> Any:
        """Call the model as it is called after loading."""
        if self._function is None:
            entry = self.entry(None)
            with model_code():
                self._function = open_function(self.model, self._folder, entry, None)
        if self._schema is not None:
            data = enforce_schema(data, self._schema)
        with model_code():
            return self._function.predict(data, params or None)

    def modules(self) -> set[str]:
        """The modules that the model needs."""
        if self._script is not None:
            return source_modules(self._script)
        found = code_modules(self.model, getattr(self.model, "func", None))
        return found | (pickle_modules(self._folder / self._file) if self._kind is None else set())


def _fetch(artifacts: Mapping[str, str], folder: Path) -> dict[str, dict[str, str]]:
    """Put artifacts into the model's folder, and return what the manifest says of them."""
    if not isinstance(artifacts, Mapping):
        raise InvalidParameterValue(f"Artifacts are '{type(artifacts).__name__}'. Pass a dictionary of names to URIs.")
    found, taken = {}, set()
    for name, uri in artifacts.items():
        base = Path(str(uri).rstrip("/")).name
        place = Path("artifacts", *([str(name)] if base in taken else []), base)
        taken.add(base)
        _fetch_one(str(uri), folder / place)
        found[str(name)] = {"path": place.as_posix(), "uri": str(uri)}
    return found


def _fetch_one(uri: str, target: Path) -> None:
    if uri.startswith("hf:"):
        raise InvalidParameterValue(
            f"Artifact '{uri}' is on the Hugging Face hub. Download it by huggingface_hub.snapshot_download, and pass "
            "the folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with local_artifact(uri) as local:
        if local.is_dir():
            shutil.copytree(local, target)
        else:
            shutil.copy2(local, target)


def _copied(script: Path, folder: Path) -> Path:
    if not script.is_file():
        raise InvalidParameterValue(
            f"The provided model path '{script}' is not a file with Python code. Pass the path of a script that calls "
            "mlflow.models.set_model."
        )
    target = folder / script.name
    shutil.copy2(script, target)
    return target


def _compression() -> str | None:
    kind = MLFLOW_LOG_MODEL_COMPRESSION.get()
    if kind is not None and kind not in COMPRESSIONS:
        raise InvalidParameterValue(f"MLFLOW_LOG_MODEL_COMPRESSION is '{kind}'. Use one of {sorted(COMPRESSIONS)}.")
    return kind


def _pickle(model: PythonModel, path: Path, kind: str | None) -> None:
    import cloudpickle

    for function in (type(model).predict, type(model).predict_stream, getattr(model, "func", None)):
        if function is not None:
            resolve_hints(plain(function))
    try:
        content = cloudpickle.dumps(model)
    except Exception as exc:  # whatever the model's parts raise
        raise UnpicklableModel(
            f"The Python model cannot be pickled: {type(exc).__name__}: {exc}. Make what cannot be pickled in "
            "load_context, or save the model from code: pass the path of a script as python_model."
        ) from exc
    path.write_bytes(COMPRESSIONS[kind].compress(content) if kind else content)
