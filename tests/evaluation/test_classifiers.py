"""Classifiers: metrics against scikit-learn's own, and the files that go with them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk
from sklearn.tree import DecisionTreeClassifier

import mlflow
from mlflow.exceptions import InvalidParameterValue
from mlflow.models import EvaluationResult

pytestmark = pytest.mark.long

QUIET = {"log_model_explainability": False}
Save = Callable[..., str]


def evaluate(model: Any, data: Any, **config: Any) -> EvaluationResult:
    return mlflow.evaluate(model, data, targets="target", model_type="classifier", evaluator_config=QUIET | config)


def logged_files(result: EvaluationResult) -> list[str]:
    return sorted(info.path for info in mlflow.MlflowClient().list_artifacts(str(result.run_id)))


def test_two_classes_have_the_metrics_of_scikit_learn(tumours: pd.DataFrame, save: Save, fit: Any) -> None:
    result = evaluate(save(tumours), tumours)
    model, y = fit(tumours), tumours["target"]
    said, probable = model.predict(tumours.iloc[:, :4]), model.predict_proba(tumours.iloc[:, :4])[:, 1]
    negative, false_positive, false_negative, positive = sk.confusion_matrix(y, said).ravel()
    assert result.metrics == pytest.approx(
        {
            "score": model.score(tumours.iloc[:, :4], y),
            "true_negatives": negative,
            "false_positives": false_positive,
            "false_negatives": false_negative,
            "true_positives": positive,
            "example_count": 569,
            "accuracy_score": sk.accuracy_score(y, said),
            "recall_score": sk.recall_score(y, said),
            "precision_score": sk.precision_score(y, said),
            "f1_score": sk.f1_score(y, said),
            "log_loss": sk.log_loss(y, probable),
            "roc_auc": sk.roc_auc_score(y, probable),
            "precision_recall_auc": sk.average_precision_score(y, probable),
        }
    )
    assert mlflow.get_run(str(result.run_id)).data.metrics == pytest.approx(result.metrics)


def test_two_classes_have_five_pictures_that_can_be_read(tumours: pd.DataFrame, save: Save) -> None:
    result = evaluate(save(tumours), tumours, metric_prefix="val_")
    names = {
        *("calibration_curve_plot", "confusion_matrix", "lift_curve_plot"),
        *("precision_recall_curve_plot", "roc_curve_plot"),
    }
    assert result.artifacts.keys() == names
    assert logged_files(result) == sorted(f"val_{name}.png" for name in names)
    for name, artifact in result.artifacts.items():
        assert artifact.uri.endswith(f"/val_{name}.png")
        stored = mlflow.artifacts.load_image(f"runs:/{result.run_id}/val_{name}.png")
        assert stored.size == artifact.content.size
        assert min(stored.size) >= 700
        assert stored.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert all(name.startswith("val_") for name in result.metrics)


def test_several_classes_are_averaged_and_told_apart(flowers: pd.DataFrame, save: Save, fit: Any) -> None:
    result = evaluate(save(flowers), flowers)
    model, y = fit(flowers), flowers["target"]
    said, probable = model.predict(flowers.iloc[:, :4]), model.predict_proba(flowers.iloc[:, :4])
    assert result.metrics == pytest.approx(
        {
            "score": sk.accuracy_score(y, said),
            "example_count": 150,
            "accuracy_score": sk.accuracy_score(y, said),
            "recall_score": sk.recall_score(y, said, average="weighted"),
            "precision_score": sk.precision_score(y, said, average="weighted"),
            "f1_score": sk.f1_score(y, said, average="weighted"),
            "log_loss": sk.log_loss(y, probable),
            "roc_auc": sk.roc_auc_score(y, probable, multi_class="ovr", average="weighted"),
        }
    )
    table = result.artifacts["per_class_metrics"].content
    assert list(table["positive_class"]) == [0, 1, 2]
    assert table["true_positives"].tolist() == [((y == k) & (said == k)).sum() for k in range(3)]
    assert table["roc_auc"].tolist() == pytest.approx([sk.roc_auc_score(y == k, probable[:, k]) for k in range(3)])
    pictures = ["calibration_curve_plot.png", "confusion_matrix.png", "precision_recall_curve_plot.png"]
    assert logged_files(result) == sorted([*pictures, "per_class_metrics.csv", "roc_curve_plot.png"])


def test_many_classes_have_no_curves_of_each(flowers: pd.DataFrame, save: Save) -> None:
    result = evaluate(save(flowers), flowers, max_classes_for_multiclass_roc_pr=2)
    assert "roc_curve_plot" not in result.artifacts
    assert "calibration_curve_plot" in result.artifacts


def test_average_is_the_one_asked_for(flowers: pd.DataFrame, fit: Any) -> None:
    model = fit(flowers, DecisionTreeClassifier(max_depth=1, random_state=0))
    result = evaluate(model.predict, flowers, average="macro")
    said = model.predict(flowers.iloc[:, :4])
    assert result.metrics["recall_score"] == pytest.approx(sk.recall_score(flowers["target"], said, average="macro"))
    assert result.metrics["precision_score"] == pytest.approx(
        sk.precision_score(flowers["target"], said, average="macro", zero_division=0)
    )


def test_positive_class_is_the_one_asked_for(tumours: pd.DataFrame, save: Save, fit: Any) -> None:
    weights = np.arange(len(tumours)) + 1.0
    result = evaluate(save(tumours), tumours, pos_label=0, sample_weights=weights)
    model, y = fit(tumours), tumours["target"]
    said, probable = model.predict(tumours.iloc[:, :4]), model.predict_proba(tumours.iloc[:, :4])
    assert result.metrics["true_positives"] == ((y == 0) & (said == 0)).sum()
    expected = sk.recall_score(y, said, pos_label=0, sample_weight=weights)
    assert result.metrics["recall_score"] == pytest.approx(expected)
    assert result.metrics["roc_auc"] == pytest.approx(sk.roc_auc_score(y == 0, probable[:, 0], sample_weight=weights))
    assert result.metrics["log_loss"] == pytest.approx(sk.log_loss(y, probable, sample_weight=weights))


@pytest.mark.parametrize(
    ("targets", "predictions"),
    [
        (["no", "yes", "no", "yes"], ["no", "yes", "yes", "yes"]),
        ([False, True, False, True], [False, True, True, True]),
    ],
    ids=["text", "booleans"],
)
def test_classes_need_not_be_numbers(targets: list[Any], predictions: list[Any]) -> None:
    frame = pd.DataFrame({"target": targets, "p": predictions})
    result = mlflow.evaluate(data=frame, targets="target", predictions="p", model_type="classifier")
    counts = [result.metrics[f"{kind}_negatives"] for kind in ("true", "false")]
    assert (counts, result.metrics["precision_score"]) == ([1, 0], pytest.approx(2 / 3))
    assert list(result.artifacts) == ["confusion_matrix"]


def test_class_that_only_the_model_knows_stays_a_class(flowers: pd.DataFrame, save: Save) -> None:
    result = evaluate(save(flowers), flowers[flowers["target"] < 2])
    assert len(result.artifacts["per_class_metrics"].content) == 3
    assert "log_loss" in result.metrics
    assert "roc_auc" not in result.metrics


def test_class_that_only_the_settings_name_stays_a_class(small: pd.DataFrame) -> None:
    result = mlflow.evaluate(
        data=small, targets="t", predictions="p", model_type="classifier", evaluator_config={"label_list": [0, 1, 2]}
    )
    assert result.artifacts["per_class_metrics"].content["positive_class"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("change", "config", "message"),
    [
        ({"t": 1, "p": 1}, {}, "only the class '1'"),
        ({"t": [1, None, 0, 1]}, {}, "targets lack a class in 1 rows"),
        ({"p": [0.1, 0.2, 0.3, 0.9]}, {}, "predictions are continuous numbers such as 0.1"),
        ({"t": list("abab")}, {}, "different types"),
        ({}, {"pos_label": 7}, "pos_label is '7', but the classes are"),
        ({"t": [0, 1, 2, 1]}, {"label_list": [0, 1]}, r"two classes \[0, 1\], but the data has 2 too"),
        ({}, {"sample_weights": [1, 2]}, r"shape \(2,\) for 4 rows"),
    ],
    ids=["one class", "missing class", "continuous", "mixed", "positive class", "unlisted class", "weights"],
)
def test_what_is_wrong_is_named(small: pd.DataFrame, change: Any, config: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        mlflow.evaluate(
            data=small.assign(**change), targets="t", predictions="p", model_type="classifier", evaluator_config=config
        )
    assert mlflow.active_run() is None
    assert mlflow.search_runs(output_format="list")[0].info.status == "FAILED"


def test_setting_of_the_wrong_type_is_named_before_a_run_begins(small: pd.DataFrame) -> None:
    with pytest.raises(InvalidParameterValue, match=r"evaluator_config cannot be used: .*average"):
        mlflow.evaluate(
            data=small, targets="t", predictions="p", model_type="classifier", evaluator_config={"average": 3}
        )
    assert mlflow.search_runs().empty
