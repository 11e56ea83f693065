"""The manifest of a model folder, `MLmodel`: what the model is, how it is loaded, what it takes and gives."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import pkgutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.auth_policy import AuthPolicy
from mlflow.models.input_example import read_example, read_example_params
from mlflow.models.model_info import ModelInfo
from mlflow.models.places import read_manifest
from mlflow.models.resources import Resource, resources_to_dict
from mlflow.models.serving_input import read_serving_input
from mlflow.models.signature import ModelSignature
from mlflow.models.yaml_files import dump_yaml, write_text
from mlflow.types import ParamSchema, Schema
from mlflow.version import API_LEVEL

if TYPE_CHECKING:
    from mlflow.entities import LoggedModel

__all__ = ["MLMODEL_FILE_NAME", "Model", "new_model_uuid"]

MLMODEL_FILE_NAME = "MLmodel"
_LOG = "mlflow.tracking.model_log:log_model"
_KNOWN_MODEL = "mlflow.tracking.model_lookup:known_model"
"""This floor knows no runs nor stores; the one that does provides these."""

# manifest key -> attribute; these keys stand in the manifest only when they have a value
_OPTIONAL = ("artifact_path", "run_id", "mlflow_version")
_SET = ("saved_input_example_info", "metadata", "model_size_bytes", "resources", "auth_policy", "env_vars")
_FLAGS = ("is_signature_from_type_hint", "type_hint_from_example")


def new_model_uuid() -> str:
    """A fresh id of a model that no tracking server knows: 32 hexadecimal digits."""
    return uuid.uuid4().hex


class Model:
    """A model's manifest, in memory.

    Keys of the file that this version does not know are kept: they can be read as attributes and are written again.

    Args:
        artifact_path: where the model is stored; a path below a run, or a URI.
        run_id: the run that made it.
        utc_time_created: `YYYY-MM-DD HH:MM:SS.ffffff` in UTC; now when omitted.
        flavors: name -> how that flavor is loaded; `python_function` when it can be loaded as a function.
        signature: what it takes and gives.
        saved_input_example_info: which files hold an example.
        model_uuid: an id, or a function that makes one, or None.
        mlflow_version: the version that saves it.
        metadata: anything that YAML can hold.
        model_size_bytes: the size of the model's files, without manifest and environment.
        resources: what it may reach when it is served: `Resource`s, their manifest form, or a YAML file.
        env_vars: names of environment variables that it reads.
        auth_policy: whose rights it acts with when it is served.
        model_id: its id in a tracking server, `m-…`.
        prompts: URIs of prompts; kept, not used.
        **kwargs: further keys of the manifest.
    """

    def __init__(
        self,
        artifact_path: str | None = None,
        run_id: str | None = None,
        utc_time_created: str | None = None,
        flavors: Mapping[str, Mapping[str, Any]] | None = None,
        signature: ModelSignature | None = None,
        saved_input_example_info: dict[str, Any] | None = None,
        model_uuid: str | Callable[[], str] | None = new_model_uuid,
        mlflow_version: str | None = API_LEVEL,
        metadata: dict[str, Any] | None = None,
        model_size_bytes: int | None = None,
        resources: str | Path | list[Resource] | Mapping[str, Any] | None = None,
        env_vars: list[str] | None = None,
        auth_policy: AuthPolicy | Mapping[str, Any] | None = None,
        model_id: str | None = None,
        prompts: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.artifact_path = artifact_path
        self.run_id = run_id
        self.utc_time_created = str(utc_time_created or _now())
        self.flavors: dict[str, dict[str, Any]] = {name: dict(config) for name, config in (flavors or {}).items()}
        self.signature = signature
        self.saved_input_example_info = saved_input_example_info
        self.model_uuid = model_uuid() if callable(model_uuid) else model_uuid
        self.mlflow_version = mlflow_version
        self.metadata = metadata
        self.model_size_bytes = model_size_bytes
        self.resources = resources
        self.env_vars = env_vars
        self.auth_policy = auth_policy
        self.model_id = model_id
        self.prompts = prompts
        self._extra = kwargs

    def __getattr__(self, name: str) -> Any:
        extra = vars(self).get("_extra", {})
        if name not in extra:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return extra[name]

    @property
    def resources(self) -> dict[str, Any] | None:
        """What the model may reach when it is served, in the manifest's form."""
        return self._resources

    @resources.setter
    def resources(self, given: str | Path | list[Resource] | Mapping[str, Any] | None) -> None:
        self._resources = resources_to_dict(given) if given is not None else None

    @property
    def auth_policy(self) -> dict[str, Any] | None:
        """Whose rights the model acts with when it is served, in the manifest's form."""
        return self._auth_policy

    @auth_policy.setter
    def auth_policy(self, given: AuthPolicy | Mapping[str, Any] | None) -> None:
        self._auth_policy = given.to_dict() if isinstance(given, AuthPolicy) else dict(given) if given else None

    def add_flavor(self, name: str, **params: Any) -> Self:
        """Say how a flavor loads this model; an entry of that name is replaced."""
        self.flavors[name] = params
        return self

    def get_input_schema(self) -> Schema | None:
        """The schema of the inputs; None when there is no signature, or it has none."""
        return self.signature.inputs if self.signature else None

    def get_output_schema(self) -> Schema | None:
        """The schema of the outputs; None when there is no signature, or it has none."""
        return self.signature.outputs if self.signature else None

    def get_params_schema(self) -> ParamSchema | None:
        """The parameters; None when there is no signature, or it has none."""
        return self.signature.params if self.signature else None

    def load_input_example(self, path: str | Path | None = None) -> Any:
        """The input example, as the model is called with it; None when none was saved.

        Args:
            path: the model's folder; the artifact path when omitted.
        """
        return read_example(self._folder(path), self.saved_input_example_info, self.get_input_schema())

    def load_input_example_params(self, path: str | Path) -> dict[str, Any] | None:
        """The parameters that were saved with the input example; None when there are none."""
        return read_example_params(self._folder(path), self.saved_input_example_info)

    def get_serving_input(self, path: str | Path) -> str | None:
        """The JSON body that a scoring server takes for the input example; None when none was saved."""
        return read_serving_input(self._folder(path), self.saved_input_example_info)

    def _folder(self, path: str | Path | None) -> Path:
        place = path if path is not None else self.artifact_path
        if place is None:
            raise InvalidParameterValue("The model has no folder yet. Pass the path where it was saved.")
        return Path(place)

    def get_model_info(self, logged_model: LoggedModel | None = None) -> ModelInfo:
        """What a caller of `log_model` gets.

        Args:
            logged_model: what the tracking server keeps of it; asked for when omitted and needed.
        """
        return ModelInfo(
            artifact_path=self.artifact_path,
            flavors=self.flavors,
            model_uri=self._uri(),
            model_uuid=self.model_uuid,
            run_id=self.run_id,
            saved_input_example_info=self.saved_input_example_info,
            signature=self.signature,
            utc_time_created=self.utc_time_created,
            mlflow_version=self.mlflow_version,
            metadata=self.metadata,
            env_vars=self.env_vars,
            prompts=self.prompts,
            logged_model=logged_model if logged_model is not None else self._known_model(),
        )

    def _known_model(self) -> Callable[[], LoggedModel | None] | None:
        return functools.partial(_ask, self.model_id) if self.model_id else None

    def _uri(self) -> str:
        return f"models:/{self.model_id}" if self.model_id else f"runs:/{self.run_id}/{self.artifact_path}"

    def get_tags_dict(self) -> dict[str, Any]:
        """What a run's tag `mlflow.log-model.history` keeps of this model."""
        kept = ("run_id", "artifact_path", "utc_time_created", "model_uuid", "flavors")
        return {key: value for key, value in self.to_dict().items() if key in kept}

    def to_dict(self) -> dict[str, Any]:
        """The manifest as a dictionary of plain values."""
        found: dict[str, Any] = {key: getattr(self, key) for key in _OPTIONAL if getattr(self, key) is not None}
        found |= {
            "utc_time_created": self.utc_time_created,
            "flavors": self.flavors,
            "model_uuid": self.model_uuid,
            "prompts": self.prompts,
            "model_id": self.model_id,
        }
        added = {key: value for key, value in vars(self).items() if not key.startswith("_") and key not in _KNOWN}
        found |= self._extra | added
        if self.signature is not None:
            found["signature"] = self.signature.to_dict()
            found["is_signature_from_type_hint"] = self.signature._is_signature_from_type_hint
            found["type_hint_from_example"] = self.signature._is_type_hint_from_example
        return found | {key: getattr(self, key) for key in _SET if getattr(self, key)}

    @classmethod
    def from_dict(cls, model_dict: Mapping[str, Any]) -> Self:
        """The model of a manifest's dictionary.

        Raises:
            InvalidParameterValue: the flavors are not mappings.
            InvalidSignature: the signature is broken.
            SchemaError: a schema of the signature is broken.
        """
        known = {"model_uuid": None, "mlflow_version": None} | dict(model_dict)
        stored = known.get("signature")
        if isinstance(stored, Mapping):
            signature = known["signature"] = ModelSignature.from_dict(stored)
            signature._is_signature_from_type_hint, signature._is_type_hint_from_example = (
                bool(known.pop(flag, False)) for flag in _FLAGS
            )
        known["flavors"] = _checked_flavors(known.get("flavors") or {})
        model = cls(**{key: value for key, value in known.items() if key in _KNOWN})
        model._extra = {key: value for key, value in known.items() if key not in _KNOWN}
        return model

    def to_yaml(self, stream: TextIO | None = None) -> str:
        """The manifest's text, keys sorted; also written to a stream when one is given.

        Raises:
            InvalidParameterValue: the metadata, or a flavor, holds what YAML cannot.
        """
        text = dump_yaml(self.to_dict(), "The manifest")
        if stream is not None:
            stream.write(text)
        return text

    def to_json(self) -> str:
        """The manifest as JSON."""
        return json.dumps(self.to_dict())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the manifest to a file, as a whole or not at all."""
        write_text(Path(path), self.to_yaml())

    @classmethod
    def log(
        cls,
        artifact_path: str | None = None,
        flavor: Any = None,
        registered_model_name: str | None = None,
        await_registration_for: int | None = 300,
        metadata: dict[str, Any] | None = None,
        run_id: str | None = None,
        resources: Any = None,
        auth_policy: Any = None,
        prompts: list[Any] | None = None,
        name: str | None = None,
        model_type: str | None = None,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        step: int = 0,
        model_id: str | None = None,
        **kwargs: Any,
    ) -> ModelInfo:
        """Save a model by its flavor, and log it: to a run where there is one, else to the experiment.

        Args:
            artifact_path: the older word for `name`.
            flavor: a module, or an object, whose `save_model` takes `path` and `mlflow_model`.
            registered_model_name: register the model as a new version of this registered model.
            await_registration_for: seconds to wait until that version is ready; None or 0 for not at all.
            metadata: anything that YAML can hold.
            run_id: another run than the active one.
            resources: what the model may reach when it is served.
            auth_policy: whose rights it acts with when it is served.
            prompts: URIs of prompts; kept, not used.
            name: what the model is called; made up when omitted.
            model_type: what kind of model it is, in the user's words.
            params: parameters to keep with the model, beside the run's.
            tags: tags of the model.
            step: the step of the run that the model belongs to.
            model_id: the logged model to fill, made before; a new one when omitted.
            **kwargs: what `save_model` takes beside path and manifest.

        Raises:
            InvalidParameterValue: a name is not acceptable, or both names were given.
            MlflowException: the model cannot be saved, which leaves nothing behind; or its files cannot be uploaded,
                which leaves a logged model that is marked as failed.
        """
        given = {key: value for key, value in locals().items() if key not in ("cls", "kwargs", "__class__")}
        info: ModelInfo = pkgutil.resolve_name(_LOG)(cls, **given, **kwargs)
        return info

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The model of a folder, or of its manifest file.

        Args:
            path: a path, or the URI of a stored model, of which the manifest alone is read.

        Raises:
            ResourceDoesNotExist: there is no manifest.
            InvalidParameterValue: the file is not one.
        """
        return cls.from_dict(read_manifest(os.fspath(path)))

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Model) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # its attributes may be set

    def __repr__(self) -> str:
        return f"{type(self).__name__}(flavors={sorted(self.flavors)}, model_uuid={self.model_uuid!r})"


_KNOWN = {*_OPTIONAL, *_SET, "utc_time_created", "flavors", "model_uuid", "prompts", "model_id", "signature"}


def _checked_flavors(flavors: Any) -> dict[str, Any]:
    if not isinstance(flavors, Mapping) or not all(isinstance(config, Mapping) for config in flavors.values()):
        raise InvalidParameterValue(f"The manifest has flavors '{flavors}', which are not a mapping of mappings.")
    return dict(flavors)


def _ask(model_id: str) -> LoggedModel | None:
    found: LoggedModel | None = pkgutil.resolve_name(_KNOWN_MODEL)(model_id)
    return found


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
