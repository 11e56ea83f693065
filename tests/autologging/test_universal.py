"""`mlflow.autolog()`: all frameworks, whenever they are imported, and none of them because of it."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest
import sklearn  # noqa: F401 - what is imported is switched on at once

import mlflow
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.autologging.queries import autologging_is_disabled, get_autologging_config
from mlflow.tracking.autologging.settings import settings
from mlflow.tracking.autologging.universal import INTEGRATIONS
from tests.fixtures.foreign import run_program
from tests.fixtures.processes import PYTHON

pytestmark = pytest.mark.long

FIT = """
import json, sys, mlflow
{before}
assert not {{"sklearn", "numpy", "pandas", "torch", "xgboost"}} & set(sys.modules), "autolog imported a framework"
import sklearn.linear_model
{after}
sklearn.linear_model.LinearRegression().fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0])
runs = mlflow.MlflowClient().search_runs(["0"])
print(json.dumps([[run.data.tags.get("mlflow.autologging"), run.data.tags.get("team"), len(run.outputs.model_outputs)]
                  for run in runs]))
"""


def printed(tmp_path: Path, before: str = "", after: str = "") -> list[list[object]]:
    environment = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
        "MLFLOW_CAPTURE": "false",
        "MLFLOW_AUTOLOGGING_TESTING": "true",
    }
    output = run_program(PYTHON, FIT.format(before=before, after=after), tmp_path, environment, 100)
    found: list[list[object]] = json.loads(output.splitlines()[-1])
    return found


def test_switched_on_before_the_framework_is_imported(tmp_path: Path) -> None:
    assert printed(tmp_path, before="mlflow.autolog(log_models=False)") == [["sklearn", None, 0]]


def test_switched_on_after_the_framework_was_imported(tmp_path: Path) -> None:
    assert printed(tmp_path, after="mlflow.autolog(log_models=False, extra_tags={'team': 'a'})") == [
        ["sklearn", "a", 0]
    ]


def test_framework_of_its_own_is_switched_on_before_it_is_imported(tmp_path: Path) -> None:
    assert printed(tmp_path, before="mlflow.sklearn.autolog()") == [["sklearn", None, 1]]


def test_what_is_said_to_a_framework_goes_before_what_is_said_to_all() -> None:
    mlflow.sklearn.autolog(disable=True)
    mlflow.autolog()
    assert autologging_is_disabled("sklearn")
    mlflow.sklearn.autolog(log_models=False)
    mlflow.autolog(disable=True)
    assert get_autologging_config("sklearn", "log_models") is False
    assert not autologging_is_disabled("sklearn")


def test_excluded_framework_is_left_alone() -> None:
    mlflow.autolog(exclude_flavors=["sklearn"])
    assert autologging_is_disabled("sklearn")
    mlflow.autolog()
    assert not autologging_is_disabled("sklearn")


def test_arguments_reach_the_frameworks_that_take_them() -> None:
    mlflow.autolog(exclusive=True, log_input_examples=True)
    assert get_autologging_config("sklearn", "exclusive") is True
    assert get_autologging_config("sklearn", "log_input_examples") is True
    assert get_autologging_config("sklearn", "max_tuning_runs") == 5
    assert get_autologging_config("sklearn", "log_traces") is None
    mlflow.autolog(disable=True)
    assert autologging_is_disabled("sklearn")


@pytest.mark.parametrize("flavors", ["sklearn", [1], 7])
def test_flavors_to_exclude_are_a_list_of_names(flavors: object) -> None:
    with pytest.raises(InvalidParameterValue, match="Pass a list of names"):
        mlflow.autolog(exclude_flavors=flavors)  # type: ignore[arg-type]
    assert settings.names() == []


def test_older_path_of_the_questions_works() -> None:
    from mlflow.utils.autologging_utils import autologging_is_disabled as asked  # type: ignore[import-not-found]

    assert asked("sklearn")


PACKAGE = """
import sys
from pathlib import Path
import mlflow
from mlflow.tracking.autologging.imports import when_imported

Path("late").mkdir()
Path("late/__init__.py").write_text("from late.inner import number")
Path("late/inner.py").write_text("number = 1")
sys.path.insert(0, ".")
seen = []

def again(module):
    seen.append(module.__name__)
    when_imported("late", lambda module: seen.append("again"))
    when_imported("late.inner", lambda module: seen.append(f"{module.__name__} {module.number}"))

when_imported("late", again)
when_imported("late.*", lambda module: seen.append(f"below {module.__name__}"))
import late
print(seen)
"""


def test_who_asks_while_a_package_is_imported_is_told_too(tmp_path: Path) -> None:
    told = "['below late.inner', 'late', 'again', 'late.inner 1', 'below late']"
    assert run_program(PYTHON, PACKAGE, tmp_path, {}, 60).strip() == told


@pytest.mark.parametrize("name", sorted(INTEGRATIONS))
def test_every_framework_of_the_table_has_its_autolog_and_imports_nothing(name: str) -> None:
    package, module = INTEGRATIONS[name]
    loaded = package in sys.modules
    assert import_module(module).autolog.integration.defaults["disable"] is False
    assert (package in sys.modules) is loaded
