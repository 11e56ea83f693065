"""The table of public names: its typing twin, what MLflow's has besides, and the older module paths."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlflow
from mlflow._aliases import ALIASES
from mlflow._names import GENAI, LATER, NAMES
from mlflow._unavailable import NotInThisRelease

PUBLISHED = json.loads((Path(__file__).parent / "tracking" / "published_api.json").read_text())

# What the lists of the published package name and this release has not, each with its reason.
NOT_HERE = {
    "mlflow.entities.": {
        "dataset_record": "evaluation datasets belong to the tier for generative applications",
        "dataset_record_source": "as above",
        "document": "as above",
        "entity_type": "as above",
        "link": "as above",
        "model_registry.prompt": "prompts belong to the tier for generative applications",
        "model_registry.prompt_version": "as above",
        "workspace": "workspaces are switched off",
    },
    "mlflow.": {
        "evaluation": "records of generative evaluations; the module here is that of mlflow.evaluate",
        "server": "handlers of another web framework; the server is one application here",
    },
    "mlflow.metrics.": {
        "metric_definitions": "a module of the published package's inside; its metrics stand in mlflow.metrics"
    },
    "mlflow.keras.": {
        "utils": "functions of the published package's inside",
    },
    "mlflow.models.": {
        "cli": "commands of the published package; those here are in mlflow.cli",
        "dependencies_schemas": "retrievers belong to the tier for generative applications",
        "display_utils": "functions of the published package's inside",
        "docker_utils": "steps of the published package's inside; images are built by mlflow.models.build_docker",
        "evaluation.calibration_curve": "functions of the published package's inside",
        "evaluation.deprecated": "as above",
        "evaluation.lift_curve": "as above",
        "evaluation.utils": "as above",
        "flavor_backend": "serving comes later",
        "flavor_backend_registry": "as above",
        "python_api": "as above",
        "rag_signatures": "the tier for generative applications",
        "wheeled_model": "a class of the published package's inside; mlflow.models.add_libraries_to_model is here",
    },
    "mlflow.pytorch.": {"pickle_module": "a module of the published package's inside; its models load without it"},
    "mlflow.pyfunc.": {
        "backend": "serving comes later",
        "dbconnect_artifact_cache": "of Databricks",
        "loaders.chat_agent": "the tier for generative applications",
        "loaders.chat_model": "as above",
        "loaders.responses_agent": "as above",
        "scoring_server": "serving comes later",
        "spark_model_cache": "a class of the published package's inside; executors load models by themselves",
        "stdin_server": "serving comes later",
        "utils.environment": "functions of the published package's inside",
        "utils.input_converter": "as above",
        "utils.serving_data_parser": "as above",
    },
    "mlflow.webhooks.": {
        "delivery": "functions of the published server's inside",
        "ssrf": "as above",
    },
    "mlflow.sklearn.": {"utils": "functions of the published package's inside"},
    "mlflow.tracking.": {"registry": "a class of the published package's inside; plugins register by entry points"},
}
NAMES_NOT_HERE = {
    "mlflow.keras": "MlflowCallback is a subclass of Keras', which is not installed where this runs",
    "mlflow.keras.callback": "as above",
    "mlflow.keras.load": "a class of the published package's inside",
    "mlflow.statsmodels": "a class of the published package's inside",
    "mlflow.tensorflow": "callbacks are subclasses of Keras', which is not installed where this runs",
    "mlflow.transformers": "steps of the published package's inside, and weights that stay on a hub",
    "mlflow": LATER,
    "mlflow.entities": "workspaces and the generative tier, as their modules above",
    "mlflow.entities.model_registry": "prompts belong to the tier for generative applications",
    "mlflow.entities.presigned_upload": "a helper of the published server",
    "mlflow.entities.run_info": "decorators of the published package's inside",
    "mlflow.webhooks.types": "events of the tier for generative applications",
    "mlflow.projects.docker": "steps of the published package's inside",
    "mlflow.models": "wheels and retrievers, as their modules above",
    "mlflow.models.evaluation.evaluator_registry": "a function of the published package's inside",
    "mlflow.models.utils": "pictures and types of other platforms; functions of the published package's inside",
    "mlflow.pyfunc": "archives of Databricks, and hints taken from examples",
    "mlflow.pyfunc.model": "a model that asks a deployment, which comes with deployments",
    "mlflow.tracking": "functions of the published package's inside that begin with an underscore",
    "mlflow.tracking.fluent": "ActiveModelContext is of models, which come later",
    "mlflow.tracking.multimedia": "the size and the call that make thumbnails",
}


def is_explained(module: str) -> bool:
    return any(
        module == prefix + name or module.startswith(f"{prefix}{name}.")
        for prefix, names in NOT_HERE.items()
        for name in names
    )


def later(module: str) -> bool:
    return module.removeprefix("mlflow.").partition(".")[0] in LATER | GENAI


def twin() -> dict[str, str]:
    """Names of the stub -> `module` or `module:attribute`, as the table writes them."""
    tree = ast.parse((Path(mlflow.__file__).parent / "__init__.pyi").read_text())
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                target = f"mlflow.{name.name}" if node.module == "mlflow" else f"{node.module}:{name.name}"
                found[name.asname or name.name] = target
    return found


def test_typing_twin_says_the_same_as_the_table() -> None:
    assert twin() == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_of_the_table_resolves(name: str) -> None:
    assert getattr(mlflow, name) is not None


def test_every_published_name_is_here_or_known_to_be_missing() -> None:
    assert {name for name in PUBLISHED["top_level"] if name not in NAMES} <= LATER | GENAI
    assert NAMES.keys() & (LATER | GENAI) == set()


@pytest.mark.parametrize("name", ["trace", "login", "rfunc", "genai"])
def test_missing_name_imports_and_says_so_when_used(name: str) -> None:
    value = getattr(mlflow, name)
    with pytest.raises(NotInThisRelease, match=f"'mlflow.{name}"):
        value()
    with pytest.raises(NotInThisRelease, match="published mlflow package"):
        value.anything()


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'logmetric'"):
        mlflow.logmetric  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("module", ["mlflow.openai", "mlflow.rfunc", "mlflow.tracing"])
def test_missing_module_is_an_import_error_that_says_why(module: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"'{module}'"):
        importlib.import_module(module)


@pytest.mark.parametrize("module", sorted(name for name in PUBLISHED["modules"] if not later(name)))
def test_classic_module_imports_with_its_names(module: str) -> None:
    if is_explained(module):
        pytest.skip("not in this release; the reason stands above")
    imported = importlib.import_module(module)
    missing = [name for name in PUBLISHED["modules"][module] if not hasattr(imported, name)]
    assert not missing or module in NAMES_NOT_HERE


@pytest.mark.parametrize("path", PUBLISHED["plugin_paths"])
def test_class_that_plugins_subclass_imports(path: str) -> None:
    module, _, name = path.rpartition(".")
    if later(module) or is_explained(module) or "model_registry" in module or "workspace" in module:
        pytest.skip("its part comes later")
    assert isinstance(getattr(importlib.import_module(module), name), type)


@pytest.mark.parametrize("path", sorted(ALIASES))
def test_every_alias_leads_somewhere(path: str) -> None:
    imported = importlib.import_module(path)
    for name in ALIASES[path]:
        assert name == "*" or hasattr(imported, name)
    assert not hasattr(imported, "certainly_not")


def test_names_that_integrations_import_are_here() -> None:
    from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME
    from mlflow.utils.validation import MAX_PARAM_VAL_LENGTH, MAX_PARAMS_TAGS_PER_BATCH, MAX_TAG_VAL_LENGTH

    from mlflow.tracking.context.registry import resolve_tags

    assert (MLFLOW_RUN_NAME, MAX_PARAM_VAL_LENGTH, MAX_TAG_VAL_LENGTH) == ("mlflow.runName", 6000, 8000)
    assert (MAX_PARAMS_TAGS_PER_BATCH, ErrorCode.Name(RESOURCE_DOES_NOT_EXIST)) == (100, "RESOURCE_DOES_NOT_EXIST")
    assert PagedList([1], "t").token == "t"
    assert callable(resolve_tags)


def test_older_paths_can_be_read_without_importing_them() -> None:
    program = "import mlflow; print(mlflow.utils.validation.MAX_PARAM_VAL_LENGTH, mlflow.version.VERSION)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"6000 {mlflow.__version__}\n"


def test_context_tells_that_it_has_a_registry() -> None:
    program = "from mlflow.tracking import MlflowClient, context; print(hasattr(context, 'registry'))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_resolved_name_is_not_looked_up_again() -> None:
    mlflow.log_metric  # noqa: B018
    assert "log_metric" in vars(mlflow)
