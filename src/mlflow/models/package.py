"""The one way in which models of every flavor are saved to a folder, and loaded from one.

A folder appears as a whole or not at all: it is made beside its place, in a folder that only this user can read, and
renamed when all is there.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.models.code_paths import copy_code, import_code
from mlflow.models.digests import FileDigests
from mlflow.models.environment import CONDA_FILE, PYTHON_ENV_FILE, Environment
from mlflow.models.flavor import Flavor
from mlflow.models.input_example import InputExample
from mlflow.models.manifest import MLMODEL_FILE_NAME, Model
from mlflow.models.module_requirements import pins
from mlflow.models.pickle_policy import UnsafeModel, decide
from mlflow.models.places import model_folder
from mlflow.models.requirements import pin
from mlflow.models.signature import ModelSignature, infer_signature

__all__ = ["FUNCTION_FLAVOR", "LoadedModel", "SaveOptions", "load", "save", "stage"]

FUNCTION_FLAVOR = "python_function"

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
    manifest: Model = options.mlflow_model if options.mlflow_model is not None else Model()
    with stage(Path(path)) as folder:
        _fill(flavor, model, manifest, folder, options, flavor_options)
    return manifest


@contextlib.contextmanager
def stage(path: Path) -> Iterator[Path]:
    """A private folder that takes the given place when the block ends well, and vanishes when it does not.

    Raises:
        ResourceAlreadyExists: there is something at the place.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ResourceAlreadyExists(f"Path '{path}' already exists and is not empty. Choose another one, or empty it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder
        folder.chmod(0o777 & ~_umask())
        if path.exists():
            path.rmdir()
        folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _fill(
    flavor: Flavor, model: Any, manifest: Model, folder: Path, options: SaveOptions, flavor_options: Mapping[str, Any]
) -> None:
    target = folder / flavor.file
    target.parent.mkdir(parents=True, exist_ok=True)
    extra = flavor.dump(model, target, flavor_options)
    code = copy_code(options.code_paths, folder)
    config = flavor.config(extra) | {"code": code} | _copy_extra(options.extra_files, folder)
    _describe(flavor, model, manifest, folder, options)
    if flavor.predict is not None:
        manifest.add_flavor(FUNCTION_FLAVOR, **_function_config(flavor, code), **flavor.pyfunc_config(flavor_options))
    manifest.add_flavor(flavor.name, **config)
    manifest.model_size_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    _environment(flavor, model, options).save(folder)
    FileDigests.of(folder).save(folder)
    manifest.save(folder / MLMODEL_FILE_NAME)


def _function_config(flavor: Flavor, code: str | None) -> dict[str, Any]:
    return {
        "loader_module": flavor.loader_module,
        flavor.data_key: flavor.file,
        "env": {"conda": CONDA_FILE, "virtualenv": PYTHON_ENV_FILE},
        "python_version": platform.python_version(),
        **({"code": code} if code else {}),
    }


def _copy_extra(paths: Iterable[str | Path] | None, folder: Path) -> dict[str, Any]:
    if not paths:
        return {}
    target = folder / "extra_files"
    target.mkdir()
    for path in map(Path, paths):
        if not path.is_file():
            raise InvalidParameterValue(f"Extra file '{path}' is not there. Check the path.")
        shutil.copy2(path, target / path.name)
    return {"extra_files": [{"path": f"extra_files/{Path(path).name}"} for path in paths]}


def _describe(flavor: Flavor, model: Any, manifest: Model, folder: Path, options: SaveOptions) -> None:
    if options.metadata is not None:
        manifest.metadata = options.metadata
    example = InputExample.of(options.input_example) if options.input_example is not None else None
    if example is not None:
        manifest.saved_input_example_info = example.save(folder)
    if options.signature is False:
        manifest.signature = None
    elif options.signature is not None:
        manifest.signature = options.signature
    elif example is not None and manifest.signature is None:
        manifest.signature = _inferred(flavor, model, example)


def _inferred(flavor: Flavor, model: Any, example: InputExample) -> ModelSignature:
    output = None
    if flavor.predict is not None:
        try:
            output = flavor.predict(model, example.data, example.params or {})
        except Exception as exc:  # noqa: BLE001 - any model's own code; saving it must not fail with it
            _LOG.warning("The model could not be called with its input example, so its outputs are unknown: %s", exc)
    return infer_signature(example.data, output, example.params)


def _environment(flavor: Flavor, model: Any, options: SaveOptions) -> Environment:
    inferred = [pin(flavor.distribution), *pins(flavor.needs(model))]
    return Environment.of(
        inferred,
        conda_env=options.conda_env,
        pip_requirements=options.pip_requirements,
        extra_pip_requirements=options.extra_pip_requirements,
    )


def load(flavor: Flavor, model_uri: str | Path, dst_path: str | Path | None = None) -> LoadedModel:
    """Load a model of a flavor.

    Its files must match their digests, and a model that can run code is let pass or refused by the settings that
    `pickle_policy` describes.

    Args:
        flavor: the framework's.
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        dst_path: the folder to download into.

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
    _admit(flavor, str(model_uri), folder, config)
    import_code(folder, config.get("code"))
    return LoadedModel(flavor.load(_file(flavor, folder, config, manifest), config), manifest, folder)


def _admit(flavor: Flavor, source: str, folder: Path, config: Mapping[str, Any]) -> None:
    saved = FileDigests.read(folder)
    if saved is not None:
        saved.check(folder)
    if not flavor.is_safe(config):
        digests = saved or FileDigests.of(folder)
        decide(UnsafeModel(source, folder, digests.model_digest(), flavor.format, flavor.alternative))


def _file(flavor: Flavor, folder: Path, config: Mapping[str, Any], manifest: Model) -> Path:
    function = manifest.flavors.get(FUNCTION_FLAVOR, {})
    name = str(config.get(flavor.file_key) or function.get(flavor.data_key) or flavor.file)
    place = folder / name
    if not place.resolve().is_relative_to(folder.resolve()):
        raise InvalidParameterValue(f"Model file '{name}' is not inside the model. The manifest is broken.")
    if not place.exists():
        raise ResourceDoesNotExist(f"Model '{folder}' has no file '{name}'. Download it again.")
    return place
