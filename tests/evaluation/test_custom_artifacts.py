"""Files of one's own: what a function may return, and what becomes of it."""

import logging
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import mlflow
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models import EvaluationResult


def evaluate(data: pd.DataFrame, *functions: Any) -> EvaluationResult:
    return mlflow.evaluate(
        data=data, targets="t", predictions="p", model_type="regressor", custom_artifacts=list(functions)
    )


def returns(value: Any) -> Any:
    def made(eval_df: Any, builtin_metrics: Any, artifacts_dir: str) -> Any:
        return value

    return made


def test_each_kind_of_value_becomes_its_kind_of_file(small: pd.DataFrame) -> None:
    def made(eval_df: pd.DataFrame, builtin_metrics: dict[str, float], artifacts_dir: str) -> dict[str, Any]:
        assert list(eval_df.columns) == ["prediction", "target"]
        assert builtin_metrics["mean_absolute_error"] == 0.25
        text = Path(artifacts_dir, "notes.txt")
        text.write_text("hello")
        figure = Figure()
        figure.add_subplot().plot([1, 2])
        return {
            "table": eval_df,
            "array": np.arange(3),
            "figure": figure,
            "document": {"a": np.float32(0.5)},
            "list": [1, 2],
            "number": 3,
            "json_text": '{"x": 2}',
            "object": range(3),
            "notes": str(text),
        }

    result = evaluate(small, made)
    kinds = {
        name: type(artifact).__name__.removesuffix("EvaluationArtifact") for name, artifact in result.artifacts.items()
    }
    assert kinds == {
        "table": "Csv",
        "array": "Numpy",
        "figure": "Image",
        "document": "Json",
        "list": "Json",
        "number": "Json",
        "json_text": "Json",
        "object": "Pickle",
        "notes": "Text",
    }
    content = {name: artifact.content for name, artifact in result.artifacts.items()}
    assert (content["document"], content["json_text"], content["object"]) == ({"a": 0.5}, {"x": 2}, range(3))
    assert content["notes"] == "hello"
    files = {info.path for info in mlflow.MlflowClient().list_artifacts(str(result.run_id))}
    assert files == {
        *("table.csv", "array.npy", "figure.png", "document.json", "list.json", "number.json"),
        *("json_text.json", "object.pickle", "notes.txt"),
    }
    assert mlflow.artifacts.load_text(f"runs:/{result.run_id}/notes.txt") == "hello"


def test_useless_answer_is_left_out_with_a_warning(small: pd.DataFrame, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        result = evaluate(small, returns(3), returns({1: "a"}), returns({"kept": {"a": 1}}))
    assert list(result.artifacts) == ["kept"]
    assert "'made' at index 0 of custom_artifacts" in caplog.text
    assert "'made' at index 1 of custom_artifacts" in caplog.text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": "plain text"}, "neither an existing file nor a JSON document"),
        ({"a": lambda: 3}, "cannot be pickled"),
        ({"a": __file__}, "Files may end in .csv"),
    ],
    ids=["text", "lambda", "extension"],
)
def test_what_no_file_can_be_made_of_is_named(small: pd.DataFrame, value: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=f"'made' at index 0 .*artifact 'a'.*{message}"):
        evaluate(small, returns(value))


def test_error_names_the_function_and_the_reason(small: pd.DataFrame) -> None:
    def broken(eval_df: Any, builtin_metrics: Any, artifacts_dir: str) -> Any:
        raise ValueError("bad thing")

    with pytest.raises(MlflowException, match="'broken' at index 0 of custom_artifacts failed: ValueError: bad thing"):
        evaluate(small, broken)
    with pytest.raises(InvalidParameterValue, match="list of functions"):
        evaluate(small, 3)


def test_pictures_ignore_the_users_style_and_leave_it_alone(small: pd.DataFrame) -> None:
    with mpl.rc_context({"figure.facecolor": "black", "axes.facecolor": "black"}):
        result = mlflow.evaluate(data=small, targets="t", predictions="p", model_type="classifier")
        assert mpl.rcParams["figure.facecolor"] == "black"
    picture = result.artifacts["confusion_matrix"].content.convert("RGB")
    assert picture.getpixel((2, 2)) == (255, 255, 255)
