"""Older module paths, which foreign code and plugins name, and where their content lives here.

`install` puts a finder at the end of `sys.meta_path`, so a real module of the same path always wins. Nothing is
imported before a name of an alias is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

from mlflow._names import GENAI, LATER

__all__ = ["ALIASES", "alias", "install"]

_CODES = {"ErrorCode": "mlflow.exceptions:ErrorCode", "*": "mlflow.exceptions:ErrorCode"}
_IMAGES = "mlflow.tracking.media.image"
_LIMITS = "mlflow.contract.limits"
_MESSAGES = {"*": "mlflow.contract.message_classes"}
_PAGE = {"PagedList": "mlflow.contract.pages:Page"}
_PLUGINS = "mlflow.plugin_bases"
_SELECTION = "mlflow.evaluation.selection"
_URIS = "mlflow.tracking.uris"

ALIASES: dict[str, dict[str, str]] = {
    "mlflow.entities.presigned_download": {"*": "mlflow.entities.presigned_url"},
    "mlflow.entities.presigned_upload": {"*": "mlflow.entities.presigned_url"},
    "mlflow.projects.env_type": {
        **{name: f"mlflow.projects.environment_files:{name}" for name in ("CONDA", "DOCKER", "PYTHON")},
        "ALL": "mlflow.projects.environment_files:ENVIRONMENT_KEYS",
    },
    "mlflow.projects.utils": {
        "GIT_FETCH_DEPTH": "mlflow.projects.sources:GIT_FETCH_DEPTH",
        "MLFLOW_DOCKER_WORKDIR_PATH": "mlflow.projects.docker:CODE_FOLDER",
        "MLFLOW_LOCAL_BACKEND_RUN_ID_CONFIG": "mlflow.projects.settings:RUN_ID",
        "PROJECT_BUILD_IMAGE": "mlflow.projects.settings:BUILD_IMAGE",
        **{
            f"PROJECT_{name}": f"mlflow.projects.settings:{name}"
            for name in ("DOCKER_ARGS", "DOCKER_AUTH", "ENV_MANAGER", "STORAGE_DIR", "SYNCHRONOUS")
        },
        "*": "mlflow.projects.for_plugins",
    },
    "mlflow.keras.autologging": {"*": "mlflow.autologging.keras"},
    "mlflow.keras.callback": {"*": "mlflow.keras"},
    "mlflow.keras.load": {"load_model": "mlflow.keras:load_model"},
    "mlflow.keras.save": {"*": "mlflow.keras"},
    "mlflow.metrics.base": {"*": "mlflow.metrics.value"},
    "mlflow.models.evaluation": {"*": "mlflow.evaluation"},
    "mlflow.models.evaluation.artifacts": {"*": "mlflow.evaluation.artifacts"},
    "mlflow.models.evaluation.base": {
        "EvaluatorBundle": f"{_SELECTION}:EvaluatorBundle",
        "resolve_evaluators_and_configs": f"{_SELECTION}:resolve_evaluators_and_configs",
        "*": "mlflow.evaluation",
    },
    "mlflow.models.evaluation.default_evaluator": {"BuiltInEvaluator": "mlflow.evaluation.built_in:BuiltInEvaluator"},
    "mlflow.models.evaluation.evaluator_registry": {
        "ModelEvaluatorRegistry": "mlflow.evaluation.registry:ModelEvaluatorRegistry",
        "_model_evaluation_registry": "mlflow.evaluation.registry:EVALUATORS",
    },
    "mlflow.models.evaluation.evaluators": {},
    "mlflow.models.evaluation.evaluators.classifier": {
        "ClassifierEvaluator": "mlflow.evaluation.classifier:ClassifierEvaluator"
    },
    "mlflow.models.evaluation.evaluators.default": {"DefaultEvaluator": "mlflow.evaluation.default:DefaultEvaluator"},
    "mlflow.models.evaluation.evaluators.regressor": {
        "RegressorEvaluator": "mlflow.evaluation.regressor:RegressorEvaluator"
    },
    "mlflow.models.evaluation.evaluators.shap": {"ShapEvaluator": "mlflow.evaluation.shap:ShapEvaluator"},
    "mlflow.models.evaluation.validation": {"*": "mlflow.evaluation.validation"},
    "mlflow.protos": {},
    "mlflow.protos.databricks_pb2": _CODES,
    "mlflow.protos.model_registry_pb2": _MESSAGES,
    "mlflow.protos.service_pb2": _MESSAGES,
    "mlflow.protos.webhooks_pb2": _MESSAGES,
    "mlflow.pyfunc.utils": {"pyfunc": "mlflow.pyfunc.validation:pyfunc"},
    "mlflow.pyfunc.utils.data_validation": {"*": "mlflow.pyfunc.validation"},
    "mlflow.store": {},
    "mlflow.store.artifact": {},
    "mlflow.store.artifact.artifact_repo": {"ArtifactRepository": f"{_PLUGINS}:ArtifactRepository"},
    "mlflow.store.entities": _PAGE,
    "mlflow.store.entities.paged_list": _PAGE,
    "mlflow.store.model_registry": {},
    "mlflow.store.model_registry.abstract_store": {
        "AbstractStore": "mlflow.plugin_registry_base:AbstractRegistry",
    },
    "mlflow.store.tracking": {},
    "mlflow.store.tracking.abstract_store": {"AbstractStore": f"{_PLUGINS}:AbstractStore"},
    "mlflow.tracking._model_registry": {},
    "mlflow.tracking._model_registry.fluent": {
        name: f"mlflow.tracking.fluent:{name}"
        for name in ("register_model", "search_model_versions", "search_registered_models", "set_model_version_tag")
    },
    "mlflow.tracking._model_registry.utils": {
        "get_registry_uri": f"{_URIS}:get_registry_uri",
        "set_registry_uri": f"{_URIS}:set_registry_uri",
    },
    "mlflow.tracking._tracking_service": {},
    "mlflow.tracking._tracking_service.utils": {
        "get_tracking_uri": f"{_URIS}:get_tracking_uri",
        "is_tracking_uri_set": f"{_URIS}:is_tracking_uri_set",
        "set_tracking_uri": f"{_URIS}:set_tracking_uri",
    },
    "mlflow.tracking.metric_value_conversion_utils": {
        f"convert_metric_value_to_float_if_{kind}": "mlflow.tracking.metric_value:converted"
        for kind in ("ndarray", "possible", "tensorflow_tensor", "torch_tensor")
    },
    "mlflow.tracking.multimedia": {"Image": f"{_IMAGES}:Image", "convert_to_pil_image": f"{_IMAGES}:picture"},
    "mlflow.utils": {},
    "mlflow.utils.async_logging": {},
    "mlflow.utils.async_logging.run_operations": {"RunOperations": "mlflow.tracking.operations:RunOperations"},
    "mlflow.utils.autologging_utils": {"*": "mlflow.tracking.autologging.queries"},
    "mlflow.utils.mlflow_tags": {"*": "mlflow.tracking.run_tags"},
    "mlflow.webhooks.types": {"*": "mlflow.webhooks.payloads"},
    "mlflow.utils.validation": {
        "MAX_DATASETS_PER_BATCH": f"{_LIMITS}:MAX_DATASETS_PER_BATCH",
        "MAX_ENTITIES_PER_BATCH": f"{_LIMITS}:MAX_BATCH_ENTITIES",
        "MAX_ENTITY_KEY_LENGTH": f"{_LIMITS}:MAX_KEY",
        "MAX_EXPERIMENT_NAME_LENGTH": f"{_LIMITS}:MAX_EXPERIMENT_NAME",
        "MAX_EXPERIMENT_TAG_KEY_LENGTH": f"{_LIMITS}:MAX_KEY",
        "MAX_EXPERIMENT_TAG_VAL_LENGTH": f"{_LIMITS}:MAX_EXPERIMENT_TAG_VALUE",
        "MAX_INPUT_TAG_KEY_SIZE": f"{_LIMITS}:MAX_INPUT_TAG_KEY",
        "MAX_INPUT_TAG_VALUE_SIZE": f"{_LIMITS}:MAX_INPUT_TAG_VALUE",
        "MAX_METRICS_PER_BATCH": f"{_LIMITS}:MAX_BATCH_METRICS",
        "MAX_PARAMS_TAGS_PER_BATCH": f"{_LIMITS}:MAX_BATCH_PARAMS",
        "MAX_PARAM_VAL_LENGTH": f"{_LIMITS}:MAX_PARAM_VALUE",
        "MAX_TAG_VAL_LENGTH": f"{_LIMITS}:MAX_TAG_VALUE",
        "validate_param_and_metric_name": "mlflow.contract.names:is_key",
    },
}
"""Old path -> its names -> where they live (`module` or `module:object`); `*` is an object that has all others."""


def alias(package: str, name: str) -> ModuleType | None:
    """The alias below a package: foreign code reads `mlflow.utils.validation` without importing it."""
    path = f"{package}.{name}"
    return import_module(path) if path in ALIASES else None


def install() -> None:
    """Have older paths found; harmless when done twice."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


class _Finder:
    """Finds aliases, and says of names that are not in this release that they are not.

    No subclass of what importlib.abc offers: importing that takes longer than all the rest of `import mlflow`.
    """

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname in ALIASES:
            return ModuleSpec(fullname, _AliasLoader(), is_package=True)  # type: ignore[arg-type]  # it does what one must
        package, _, rest = fullname.partition(".")
        first, _, second = rest.partition(".")
        if package == "mlflow" and not {first, f"{first}.{second.partition('.')[0]}"}.isdisjoint(LATER | GENAI):
            from mlflow._unavailable import why_unavailable

            raise ModuleNotFoundError(why_unavailable(fullname), name=fullname)
        return None


class _AliasLoader:
    """Fills an alias: its names are looked up on use."""

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave that to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        names = ALIASES[module.__name__]

        def resolve(name: str) -> object:
            from pkgutil import resolve_name

            if (below := alias(module.__name__, name)) is not None:
                return below
            try:
                target = names.get(name) or f"{names['*']}{'.' if ':' in names['*'] else ':'}{name}"
                value = resolve_name(target)
            except (KeyError, AttributeError):
                raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'") from None
            setattr(module, name, value)
            return value

        vars(module).update(__getattr__=resolve, __doc__=f"An older path of {', '.join(names.values()) or 'modules'}.")
