"""The one way in which models of every flavor are saved to a folder, and loaded from one."""

from __future__ import annotations

import logging
import pickle
import platform
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.artifacts.whole_folders import stage
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.models.code_paths import copy_code, import_code
from mlflow.models.digests import FileDigests
from mlflow.models.environment import CONDA_FILE, PYTHON_ENV_FILE, Environment
from mlflow.models.environment_reads import are_noted, model_code, noted_names, write_reads
from mlflow.models.extra_files import copy_extra
from mlflow.models.flavor import Flavor, UnpicklableModel
from mlflow.models.input_example import InputExample
from mlflow.models.manifest import MLMODEL_FILE_NAME, Model
from mlflow.models.module_requirements import pins
from mlflow.models.pickle_policy import UnsafeModel, decide
from mlflow.models.places import model_folder
from mlflow.models.requirements import Requirements, pin
from mlflow.models.signature import InvalidSignatureType, ModelSignature, infer_signature
from mlflow.models.training_profile import write_training_profile
from mlflow.models.uv_project import UvProject, locked_or

__all__ = [
    "FUNCTION_FLAVOR",
    "LoadedModel",
    "SaveOptions",
    "admit",
    "describe",
    "function_entry",
    "inferred_requirements",
    "load",
    "save",
    "seal",
    "stored_requirements",
]

FUNCTION_FLAVOR = "python_function"
_WITHOUT_CODE = "save it without code_paths"

_LOG = logging.getLogger(__name__)


class SaveOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What every flavor's `save_model` takes beside the model and the path.

    Args:
        conda_env: the whole environment as conda has it; this or one of the next two.
        pip_requirements: all requirements.
        extra_pip_requirements: requirements beside the inferred ones.
        code_paths: files and folders of code that the model needs.
        signature: what it takes and gives; inferred from the example when None, left out when False.
        input_example: data, or a pair of data and parameters.
        metadata: anything that YAML can hold.
        extra_files: further files to keep with it.
        mlflow_model: the manifest to fill in; a new one when None.
    """

    conda_env: dict[str, Any] | str | Path | None = None
    pip_requirements: Any = None
    extra_pip_requirements: Any = None
    code_paths: Any = None
    signature: Any = None
    input_example: Any = None
    metadata: dict[str, Any] | None = None
    extra_files: Any = None
    mlflow_model: Any = None


class LoadedModel(msgspec.Struct, frozen=True):
    """A model of the framework, and what its folder says of it."""

    model: Any
    manifest: Model
    folder: Path


def save(
    flavor: Flavor,
    model: Any,
    path: str | Path,
    options: SaveOptions | None = None,
    **flavor_options: Any,
) -> Model:
    """Save a model to a new folder.

    Args:
        flavor: the framework's.
        model: a model of it.
        path: the folder; it must not exist, or be empty.
        options: what all flavors take.
        **flavor_options: what this flavor's `dump` takes.

    Returns:
        The manifest as it was written.

    Raises:
        ResourceAlreadyExists: the folder holds something.
        NotOfThisFlavor: the flavor does not take such a model.
        InvalidParameterValue: an option is broken; nothing is left behind.
    """
    options = options or SaveOptions()
    flavor.check(model)
    flavor_options = dict(flavor.prepare(model, {**flavor_options, "input_example": options.input_example}))
    manifest: Model = options.mlflow_model if options.mlflow_model is not None else Model()
    with stage(Path(path)) as folder:
        _fill(flavor, model, manifest, folder, options, flavor_options)
    return manifest


def _fill(
    flavor: Flavor, model: Any, manifest: Model, folder: Path, options: SaveOptions, flavor_options: Mapping[str, Any]
) -> None:
    name = flavor.file_of(model, flavor_options)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    named = {flavor.file_key: name} if flavor.file_key else {}
    extra = named | dict(_dumped(flavor, model, target, flavor_options))
    code = copy_code(options.code_paths, folder)
    config = flavor.config(extra) | {"code": code} | copy_extra(options.extra_files, folder)
    function: dict[str, Any] = {}
    if flavor.predict is not None and flavor.is_function(model, flavor_options):
        entry = function_entry(flavor.loader_module, code, **({flavor.data_key: name} if flavor.data_key else {}))
        function = entry | dict(flavor.pyfunc_config(flavor_options))
        manifest.add_flavor(FUNCTION_FLAVOR, **function)
    stored = dict(flavor.stored_config(folder))
    if manifest.signature is None and options.input_example is None:
        manifest.signature = flavor.signature(model, flavor_options)
    call = _caller(flavor, model, config | function | stored) if function else None
    describe(manifest, folder, options, call)
    manifest.add_flavor(flavor.name, **config)
    write_training_profile(folder, options.input_example, call)
    seal(manifest, folder, _environment(flavor, model, target, options, flavor_options))


def _dumped(flavor: Flavor, model: Any, target: Path, options: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return flavor.dump(model, target, options)
    except (pickle.PicklingError, TypeError, AttributeError) as exc:
        if not isinstance(exc, pickle.PicklingError) and "pickle" not in str(exc):
            raise
        raise UnpicklableModel(
            f"The {flavor.name} model cannot be pickled: {type(exc).__name__}: {exc}. Take what cannot be pickled, "
            "such as a lock, an open file or a connection, out of the model before it is saved."
        ) from exc


def _caller(flavor: Flavor, model: Any, config: Mapping[str, Any]) -> Callable[[Any, dict[str, Any]], Any]:
    def call(data: Any, params: dict[str, Any]) -> Any:
        assert flavor.predict is not None  # else there were no function
        return flavor.predict(flavor.as_function(model, config), data, params, config)

    return call


def seal(manifest: Model, folder: Path, environment: Environment) -> None:
    """Write what comes last to a model's folder: size, environment, digests, manifest."""
    if manifest.saved_input_example_info and (names := noted_names()):
        manifest.env_vars = sorted(names)
        write_reads(folder, names)
    manifest.model_size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    environment.save(folder)
    FileDigests.of(folder).save(folder)
    manifest.save(folder / MLMODEL_FILE_NAME)


def function_entry(loader_module: str, code: str | None, **entry: Any) -> dict[str, Any]:
    """The entry of `python_function` in a manifest."""
    return {
        "loader_module": loader_module,
        "env": {"conda": CONDA_FILE, "virtualenv": PYTHON_ENV_FILE},
        "python_version": platform.python_version(),
        **({"code": code} if code else {}),
        **entry,
    }


def describe(
    manifest: Model, folder: Path, options: SaveOptions, call: Callable[[Any, dict[str, Any]], Any] | None
) -> None:
    """Put metadata, example and signature into a manifest; the example's files into the folder.

    Args:
        manifest: the model's.
        folder: the model's.
        options: what was given.
        call: the model, to learn what it returns for the example; None when it cannot be called.
    """
    if options.metadata is not None:
        manifest.metadata = options.metadata
    example = InputExample.of(options.input_example) if options.input_example is not None else None
    if example is not None:
        manifest.saved_input_example_info = example.save(folder)
    if options.signature is False:
        manifest.signature = None
    elif options.signature is not None:
        manifest.signature = _given(options.signature)
    elif example is not None and manifest.signature is None:
        output = _called(call, example) if call is not None else None
        manifest.signature = infer_signature(example.data, output, example.params)
        return
    if example is None:
        return
    if isinstance(options.signature, ModelSignature) and not options.signature._is_signature_from_type_hint:
        _check_example(example, options.signature)
    if call is not None and are_noted():
        _called(call, example)


def _check_example(example: InputExample, signature: ModelSignature) -> None:
    """Warn of an example that the signature does not take, since requests like it will be refused."""
    if signature.inputs is None:
        return
    from mlflow.models.enforcement import enforce_schema  # which needs pandas

    try:
        enforce_schema(example.data, signature.inputs)
    except (MlflowException, TypeError, ValueError) as exc:
        _LOG.warning(
            "The input example does not fit the signature, so requests like it will be refused: %s Give another "
            "signature, or another example.",
            getattr(exc, "message", exc),
        )


def _given(signature: Any) -> ModelSignature:
    if not isinstance(signature, ModelSignature):
        raise InvalidSignatureType(
            f"The signature is '{type(signature).__name__}'. Pass a ModelSignature, which infer_signature makes."
        )
    return signature


def _called(call: Callable[[Any, dict[str, Any]], Any], example: InputExample) -> Any:
    try:
        with model_code():
            return call(example.data, example.params or {})
    except Exception as exc:  # noqa: BLE001 - any model's own code; saving it must not fail with it
        _LOG.warning("The model could not be called with its input example, so its outputs are unknown: %s", exc)
        return None


def _environment(
    flavor: Flavor, model: Any, target: Path, options: SaveOptions, flavor_options: Mapping[str, Any]
) -> Environment:
    named = (flavor.distribution, *flavor.also(flavor_options))
    return Environment.of(
        inferred_requirements(options, [*map(pin, named), *pins(flavor.needs(model, target))]),
        conda_env=options.conda_env,
        pip_requirements=options.pip_requirements,
        extra_pip_requirements=options.extra_pip_requirements,
    )


def inferred_requirements(options: SaveOptions, inferred: Iterable[str], project: UvProject | None = None) -> list[str]:
    """What a model needs where its caller does not give all of it.

    Args:
        options: what the caller gave.
        inferred: requirements for what is installed here.
        project: the uv project that they are locked in; the one of the working folder when None.
    """
    if options.pip_requirements is not None or options.conda_env is not None:
        return []
    return locked_or(project or UvProject.find(), inferred)


def load(
    flavor: Flavor,
    model_uri: str | Path,
    dst_path: str | Path | None = None,
    *,
    source: str = "",
    **flavor_options: Any,
) -> LoadedModel:
    """Load a model of a flavor.

    Its files must match their digests, and a model that can run code is let pass or refused by the settings that
    `pickle_policy` describes.

    Args:
        flavor: the framework's.
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        dst_path: the folder to download into.
        source: the URI that was asked for, where the model was downloaded before.
        **flavor_options: what this flavor's `load` takes.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is none of this flavor.
        FrameworkMissing: the framework is not installed.
        DigestMismatch: a file is not the one that was saved.
        PickleRefused: the settings forbid to load it.
    """
    folder = model_folder(model_uri, dst_path)
    manifest = Model.load(folder)
    config = manifest.flavors.get(flavor.name)
    if config is None:
        raise InvalidParameterValue(
            f"Model '{model_uri}' has no flavor '{flavor.name}'. Load it by one of {sorted(manifest.flavors)}."
        )
    flavor.require()

    code = config.get("code")

    def risk() -> str:
        if not flavor.is_safe(config):
            return flavor.format
        # what has yet to be imported is looked for in the model's code first, be it of Python's own library
        return flavor.runs_code(_file(flavor, folder, config, manifest)) or ("code" if code else "")

    alternative = _WITHOUT_CODE if flavor.is_safe(config) and code else flavor.alternative
    admit(source or str(model_uri), folder, format=risk, alternative=alternative)
    import_code(folder, code)
    model = flavor.load(_file(flavor, folder, config, manifest), config, flavor_options)
    return LoadedModel(model, manifest, folder)


def admit(source: str, folder: Path, *, format: str | Callable[[], str] = "", alternative: str = "") -> None:
    """Let a model be loaded, or refuse it.

    Args:
        source: the URI that was asked for.
        folder: the model's folder.
        format: what in it can run code when it is loaded; empty for nothing. A function is asked once the files are
            known to be those that were saved.
        alternative: how to save such a model safely.

    Raises:
        DigestMismatch: a file is not the one that was saved.
        PickleRefused: the settings forbid to load it.
    """
    saved = FileDigests.read(folder)
    there = saved.check(folder) if saved is not None else None
    risk = format() if callable(format) else format
    if risk:
        digests = there or FileDigests.of(folder)
        decide(UnsafeModel(source, folder, digests.model_digest(), risk, alternative))


def _file(flavor: Flavor, folder: Path, config: Mapping[str, Any], manifest: Model) -> Path:
    function = manifest.flavors.get(FUNCTION_FLAVOR, {})
    named = config.get(flavor.file_key) or function.get(flavor.data_key) or flavor.file
    if not isinstance(named, str):
        raise InvalidParameterValue(f"Model '{folder}' does not say which file holds it. The manifest is broken.")
    name = named
    place = folder / name
    if not place.resolve().is_relative_to(folder.resolve()):
        raise InvalidParameterValue(f"Model file '{name}' is not inside the model. The manifest is broken.")
    if not place.exists():
        raise ResourceDoesNotExist(
            f"Model '{folder}' has no file '{name}', which its manifest names: it was not stored as a whole. Download "
            "it again, or log it again."
        )
    return place


def stored_requirements(flavor: Flavor, model_uri: str | Path) -> list[str]:
    """The requirements of a stored model, as they would be inferred if it were saved here and now.

    Raises:
        MlflowException: it cannot be loaded.
    """
    loaded = load(flavor, model_uri)
    config = loaded.manifest.flavors[flavor.name]
    named = map(pin, (flavor.distribution, *flavor.also(config)))
    needs = flavor.needs(loaded.model, _file(flavor, loaded.folder, config, loaded.manifest))
    return Requirements.read([*named, *pins(needs)]).lines
