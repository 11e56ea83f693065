"""Results that are saved and loaded, and their artifacts."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.metrics import MetricValue
from mlflow.models import EvaluationArtifact, EvaluationResult, make_metric


@pytest.fixture
def result(small: pd.DataFrame) -> EvaluationResult:
    def made(eval_df: Any, builtin_metrics: Any, artifacts_dir: str) -> dict[str, Any]:
        Path(artifacts_dir, "a.txt").write_text("hello")
        return {
            "document": {"a": 1},
            "table": eval_df,
            "array": np.arange(3),
            "object": range(3),
            "text": Path(artifacts_dir, "a.txt"),
        }

    metric = make_metric(
        eval_fn=lambda predictions: MetricValue(scores=[1.0, 2.0, 3.0, 4.0]), greater_is_better=True, name="rows"
    )
    return mlflow.evaluate(
        data=small,
        targets="t",
        predictions="p",
        model_type="classifier",
        extra_metrics=[metric],
        custom_artifacts=[made],
    )


def test_saved_result_is_loaded_with_all_it_had(result: EvaluationResult, tmp_path: Path) -> None:
    result.save(tmp_path / "saved")
    loaded = EvaluationResult.load(tmp_path / "saved")
    assert loaded.metrics == result.metrics
    assert {name: (type(a), a.uri) for name, a in loaded.artifacts.items()} == {
        name: (type(a), a.uri) for name, a in result.artifacts.items()
    }
    assert loaded.artifacts["document"].content == {"a": 1}
    assert loaded.artifacts["text"].content == "hello"
    assert loaded.artifacts["array"].content.tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(loaded.artifacts["table"].content, result.artifacts["table"].content)
    assert loaded.artifacts["confusion_matrix"].content.size == result.artifacts["confusion_matrix"].content.size
    pd.testing.assert_frame_equal(loaded.tables["eval_results_table"], result.tables["eval_results_table"])


def test_artifact_reads_its_content_from_the_run(result: EvaluationResult) -> None:
    artifact = result.artifacts["document"]
    fresh = type(artifact)(artifact.uri)
    assert fresh.content == {"a": 1}
    assert repr(fresh) == f"JsonEvaluationArtifact(uri='{artifact.uri}')"


def test_pickled_artifact_is_read_back_only_where_settings_allow_it(
    result: EvaluationResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result.save(tmp_path)
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    loaded = EvaluationResult.load(tmp_path)
    assert loaded.artifacts["document"].content == {"a": 1}
    with pytest.raises(PermissionDenied, match="pickle"):
        loaded.artifacts["object"].content  # noqa: B018
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    assert EvaluationResult.load(tmp_path).artifacts["object"].content == range(3)


def test_table_that_was_saved_empty_is_read_from_the_run(result: EvaluationResult, tmp_path: Path) -> None:
    result.save(tmp_path)
    (tmp_path / "artifacts" / "eval_results_table.json").write_text("null")
    assert len(EvaluationResult.load(tmp_path).tables["eval_results_table"]) == 4


def test_folder_without_a_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match=f"'{tmp_path}' holds no evaluation result"):
        EvaluationResult.load(tmp_path)


@pytest.mark.parametrize("kind", ["no.such.Kind", "os.path.join", "Kind"])
def test_saved_result_names_kinds_of_artifacts_only(tmp_path: Path, kind: str) -> None:
    (tmp_path / "metrics.json").write_text("{}")
    (tmp_path / "artifacts_metadata.json").write_text(json.dumps({"a": {"uri": "/x/a.txt", "class_name": kind}}))
    with pytest.raises(InvalidParameterValue, match=kind):
        EvaluationResult.load(tmp_path)


class Shout(EvaluationArtifact):
    """A kind of artifact that somebody else brings."""

    def _load_content_from_file(self, local_artifact_path: str) -> str:
        return Path(local_artifact_path).read_text().upper()

    def _save(self, output_artifact_path: str) -> None:
        Path(output_artifact_path).write_text(self.content)


def test_foreign_kind_of_artifact_is_kept_by_its_own_class(tmp_path: Path) -> None:
    EvaluationResult({"a": np.float64(1)}, {"loud": Shout("/elsewhere/loud.txt", "hey")}).save(tmp_path)
    told = json.loads((tmp_path / "artifacts_metadata.json").read_text())
    assert told["loud"]["class_name"] == f"{Shout.__module__}.Shout"
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"a": 1.0}
