"""Which evaluators run, with which configuration, and those that others bring."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow.models.evaluation import ModelEvaluator

import mlflow
from mlflow.evaluation.registry import BUILT_IN, ENTRY_POINT_GROUP, EVALUATORS, _plugins
from mlflow.exceptions import InvalidParameterValue
from mlflow.models import EvaluationResult, list_evaluators

CALLS: list[dict[str, Any]] = []


class Counting(ModelEvaluator):
    """An evaluator that keeps what it was called with."""

    @classmethod
    def can_evaluate(cls, *, model_type: Any, evaluator_config: Any, **kwargs: Any) -> bool:
        return model_type != "refused"

    def evaluate(self, **arguments: Any) -> EvaluationResult:
        CALLS.append(arguments)
        return EvaluationResult({"rows": len(arguments["dataset"].features_data)}, {})


@pytest.fixture
def counting() -> Iterator[str]:
    CALLS.clear()
    EVALUATORS.register("counting", Counting)
    yield "counting"
    EVALUATORS._own.clear()


def evaluate(data: pd.DataFrame, **options: Any) -> dict[str, Any]:
    arguments = {"targets": "t", "predictions": "p", "model_type": "regressor", **options}
    return mlflow.evaluate(data=data, **arguments).metrics


def test_built_in_evaluators_are_listed_first(counting: str) -> None:
    assert list_evaluators() == ["default", "classifier", "regressor", "shap", "counting"]


def test_evaluator_of_ones_own_is_called_with_all_there_is(counting: str, small: pd.DataFrame) -> None:
    found = evaluate(
        small, evaluators=counting, evaluator_config={"a": 1}, model_type="anything", custom_artifacts=[print]
    )
    [call] = CALLS
    assert found == {"rows": 4}
    assert (call["model_type"], call["evaluator_config"], call["custom_artifacts"]) == ("anything", {"a": 1}, [print])
    assert call["dataset"].targets_name == "t"
    assert mlflow.get_run(call["run_id"]).info.status == "FINISHED"
    assert (call["model"], call["model_id"]) == (None, None)


def test_all_that_can_evaluate_do_unless_one_is_named(counting: str, small: pd.DataFrame) -> None:
    assert {"rows", "r2_score"} <= evaluate(small).keys()
    assert "rows" not in evaluate(small, evaluators="default")
    assert "rows" not in evaluate(small, evaluators="regressor")
    assert "r2_score" not in evaluate(small, evaluators=["counting"])


def test_configuration_is_flat_for_one_and_by_name_for_several(counting: str, small: pd.DataFrame) -> None:
    assert "a_r2_score" in evaluate(small, evaluator_config={"metric_prefix": "a_"})
    assert "a_r2_score" in evaluate(small, evaluators="default", evaluator_config={"metric_prefix": "a_"})
    assert "a_r2_score" in evaluate(small, evaluator_config={"default": {"metric_prefix": "a_"}})
    by_name = {"regressor": {"metric_prefix": "a_"}}
    found = evaluate(small, evaluators=["regressor", "counting"], evaluator_config=by_name)
    assert {"a_r2_score", "rows"} <= found.keys()
    assert {"a_r2_score", "r2_score"} <= evaluate(
        small, evaluators=["regressor", "default"], evaluator_config=by_name
    ).keys()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"evaluators": "zzz"}, "no evaluator 'zzz'. Use one of .*regressor"),
        ({"evaluators": ["default", "zzz"]}, "no evaluator 'zzz'"),
        ({"evaluators": 3}, "evaluators are '3'"),
        ({"evaluators": "classifier"}, r"No evaluator of \['classifier'\] takes models of the type 'regressor'"),
        ({"evaluators": ["regressor"], "evaluator_config": {"metric_prefix": "a"}}, "evaluator_config has the keys"),
        ({"evaluator_config": 3}, "evaluator_config is a 'int'"),
        ({"evaluator_config": {"log_explainer": "maybe"}}, "log_explainer"),
        ({"evaluator_config": {"explainability_algorithm": "zzz"}}, "explainability_algorithm"),
    ],
    ids=str,
)
def test_wrong_choice_is_named(small: pd.DataFrame, options: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        evaluate(small, **options)
    assert mlflow.search_runs().empty


def test_older_paths_lead_to_the_same_classes() -> None:
    from mlflow.models.evaluation import EvaluationDataset as Published
    from mlflow.models.evaluation.artifacts import ImageEvaluationArtifact
    from mlflow.models.evaluation.base import EvaluationMetric
    from mlflow.models.evaluation.default_evaluator import BuiltInEvaluator
    from mlflow.models.evaluation.evaluator_registry import _model_evaluation_registry
    from mlflow.models.evaluation.validation import ModelValidationFailedException

    import mlflow.evaluation.artifacts as ours
    from mlflow.data.evaluation_dataset import EvaluationDataset

    assert Published is EvaluationDataset
    assert ImageEvaluationArtifact is ours.ImageEvaluationArtifact
    assert EvaluationMetric is mlflow.metrics.EvaluationMetric
    assert issubclass(BuiltInEvaluator, ModelEvaluator)
    assert _model_evaluation_registry is EVALUATORS
    assert issubclass(ModelValidationFailedException, mlflow.MlflowException)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, of which one brings an evaluator and one brings a broken one."""
    folder = tmp_path / "installed"
    information = folder / "plugins-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: plugins\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        f"[{ENTRY_POINT_GROUP}]\nones = evaluator_of_ones:Ones\nbroken = no_such_module:Nothing\n"
    )
    (folder / "evaluator_of_ones.py").write_text(
        "from mlflow.models.evaluation import EvaluationResult, ModelEvaluator\n"
        "class Ones(ModelEvaluator):\n"
        "    @classmethod\n"
        "    def can_evaluate(cls, *, model_type, evaluator_config, **kwargs):\n"
        "        return True\n"
        "    def evaluate(self, *, dataset, **kwargs):\n"
        "        return EvaluationResult({'ones': 1.0}, {})\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    _plugins.cache_clear()
    yield folder
    _plugins.cache_clear()


def test_installed_package_brings_an_evaluator(installed: Path, small: pd.DataFrame) -> None:
    with pytest.warns(UserWarning, match="Evaluator 'broken' cannot be used: No module named 'no_such_module'"):
        assert list_evaluators() == [*BUILT_IN, "ones"]
    assert evaluate(small, evaluators="ones", model_type="anything") == {"ones": 1.0}
