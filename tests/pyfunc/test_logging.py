"""Models on the way a user takes: logged to a store, found by every kind of URI, loaded, called, registered."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import mlflow
from mlflow.entities import LoggedModelStatus
from mlflow.exceptions import BadRequest, InvalidParameterValue, InvalidState, MlflowException, ResourceDoesNotExist
from mlflow.models.digests import DigestMismatch
from mlflow.models.pickle_policy import PickleRefused
from mlflow.models.places import model_folder

FRAME = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 0.0, 1.0, 0.0]})
PINS = ["numpy"]


@pytest.fixture
def estimator() -> LogisticRegression:
    return LogisticRegression().fit(FRAME, [0, 0, 1, 1])


@pytest.fixture(params=["database", "server"])
def store(request: pytest.FixtureRequest) -> str:
    """A database, and a server, set as the tracking store."""
    found: str = request.getfixturevalue(request.param)
    return found


HELD = (number for number in range(1))
"""What a pickle cannot hold."""


def echo(rows: Any) -> Any:
    return rows


def test_logged_model_is_found_by_its_id_its_run_and_its_version(store: str, estimator: Any) -> None:
    name = f"fraud-{abs(hash(store))}"
    with mlflow.start_run() as run:
        mlflow.log_param("depth", 3)
        mlflow.log_metric("accuracy", 0.75)
        info = mlflow.sklearn.log_model(
            estimator, name="model", input_example=FRAME, params={"kind": "small"}, tags={"team": "a"},
            model_type="classifier", registered_model_name=name, metadata={"about": 1},
        )  # fmt: skip
    assert (info.model_uri, str(info.registered_model_version)) == (f"models:/{info.model_id}", "1")
    assert (info.run_id, info.name, info.metadata) == (run.info.run_id, "model", {"about": 1})
    assert info.params == {"kind": "small", "depth": "3"}
    assert info.tags is not None
    assert info.tags["team"] == "a"
    mlflow.MlflowClient().set_registered_model_alias(name, "champion", "1")
    expected = estimator.predict(FRAME).tolist()
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/model", f"models:/{name}/1", f"models:/{name}@champion"):
        loaded = mlflow.pyfunc.load_model(uri)
        assert loaded.predict(FRAME).tolist() == expected
        assert (loaded.model_id, loaded.metadata.run_id) == (info.model_id, run.info.run_id)
        assert mlflow.sklearn.load_model(uri).predict(FRAME).tolist() == expected
        assert mlflow.models.get_model_info(uri).model_uuid == info.model_id
    logged = mlflow.MlflowClient().get_logged_model(str(info.model_id))
    assert (logged.status, logged.model_type) == (LoggedModelStatus.READY, "classifier")
    assert [metric.value for metric in logged.metrics or ()] == [0.75]
    outputs = mlflow.get_run(run.info.run_id).outputs
    assert outputs is not None
    assert [output.model_id for output in outputs.model_outputs] == [info.model_id]


def test_model_without_a_run_belongs_to_the_experiment(store: str) -> None:
    info = mlflow.pyfunc.log_model(name="echo", python_model=echo, pip_requirements=PINS)
    assert (info.run_id, mlflow.active_run()) == (None, None)
    logged = mlflow.MlflowClient().get_logged_model(str(info.model_id))
    assert (logged.source_run_id, logged.name) == (None, "echo")
    last = mlflow.last_logged_model()
    assert last is not None
    assert last.model_id == info.model_id


def test_snippet_of_the_overview_runs_as_written(store: str, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("a b")

    class Words(mlflow.pyfunc.PythonModel):
        def load_context(self, context):  # type: ignore[no-untyped-def]
            with open(context.artifacts["words"]) as file:
                self.words = file.read().split()

        def predict(self, context, model_input):  # type: ignore[no-untyped-def]
            return model_input["word"].isin(self.words)

    conda_env = {
        "channels": ["defaults"],
        "dependencies": ["python=3.11", "pip", {"pip": ["mlflow", "pandas"]}],
        "name": "words_env",
    }
    with mlflow.start_run() as run:
        mlflow.pyfunc.log_model(
            artifact_path="words_model",
            python_model=Words(),
            artifacts={"words": str(tmp_path / "words.txt")},
            conda_env=conda_env,
        )
    loaded = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/words_model")
    assert loaded.predict(pd.DataFrame({"word": ["a", "z"]})).tolist() == [True, False]


def test_model_made_before_is_filled(store: str) -> None:
    client = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        made = client.create_logged_model(run.info.experiment_id, "early", run.info.run_id)
        info = mlflow.pyfunc.log_model(
            python_model=echo, model_id=made.model_id, params={"late": 1}, pip_requirements=PINS
        )
    assert (info.model_id, info.name, info.params) == (made.model_id, "early", {"late": "1"})
    assert mlflow.pyfunc.load_model(f"models:/{made.model_id}").predict(1) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"name": "a/b"}, InvalidParameterValue, "Invalid model name"),
        ({"name": "a", "artifact_path": "b"}, InvalidParameterValue, "only specify `name`"),
        ({"name": "a", "python_model": 42}, InvalidParameterValue, "must be a PythonModel instance"),
        (
            {"name": "a", "python_model": lambda rows, held=(i for i in ()): rows},
            MlflowException,
            "exactly one|pickled",
        ),
        ({"model_id": "m-absent"}, ResourceDoesNotExist, "m-absent"),
    ],
)
def test_model_that_cannot_be_saved_leaves_nothing(
    database: str, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with mlflow.start_run() as run, pytest.raises(error, match=message):
        mlflow.pyfunc.log_model(**{"python_model": echo, "pip_requirements": PINS, **options})
    assert list(mlflow.MlflowClient().search_logged_models([run.info.experiment_id])) == []
    assert mlflow.MlflowClient().list_artifacts(run.info.run_id) == []


def test_model_whose_files_cannot_be_stored_is_marked_and_not_registered(database: str, tmp_path: Path) -> None:
    experiment = mlflow.create_experiment("broken", artifact_location=str(tmp_path / "file" / "artifacts"))
    (tmp_path / "file").write_text("not a folder")
    with mlflow.start_run(experiment_id=experiment) as run, pytest.raises((MlflowException, OSError)):
        mlflow.pyfunc.log_model(name="echo", python_model=echo, registered_model_name="never", pip_requirements=PINS)
    (model,) = mlflow.MlflowClient().search_logged_models([experiment])
    assert model.status is LoggedModelStatus.FAILED
    outputs = mlflow.get_run(run.info.run_id).outputs
    assert outputs is None or outputs.model_outputs == []
    assert mlflow.search_registered_models() == []


def test_model_of_an_offline_run_is_kept_as_files_of_the_run(
    server: str, estimator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_OFFLINE", "always")
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(estimator, name="model")
        assert (info.model_id, info.model_uri) == (None, f"runs:/{run.info.run_id}/model")
        with pytest.raises(InvalidState, match="register it after `mlflow sync`"):
            mlflow.sklearn.log_model(estimator, name="other", registered_model_name="fraud")
    monkeypatch.setenv("MLFLOW_OFFLINE", "never")
    found = mlflow.get_run(run.info.run_id)
    (noted,) = json.loads(found.data.tags["mlflow.log-model.history"])
    assert noted["artifact_path"] == "model"
    assert mlflow.sklearn.load_model(info.model_uri).predict(FRAME).tolist() == [0, 0, 1, 1]


@pytest.fixture
def pickled(store: str) -> str:
    return mlflow.pyfunc.log_model(name="echo", python_model=echo, pip_requirements=PINS).model_uri


def pickle_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "pickle_policy" in record.name]


def test_pickled_model_loads_with_one_line_that_names_digest_and_alternative(
    pickled: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        assert mlflow.pyfunc.load_model(pickled).predict(1) == 1
    (line,) = pickle_lines(caplog)
    assert f"Loading '{pickled}' (sha256 " in line
    assert "mlflow.models.set_model" in line


def test_settings_decide_about_pickled_models(
    pickled: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    with pytest.raises(PickleRefused, match="Trust it by MLFLOW_TRUSTED_MODELS=") as caught:
        mlflow.pyfunc.load_model(pickled)
    digest = caught.value.message.partition("MLFLOW_TRUSTED_MODELS=")[2].partition(",")[0]
    caplog.clear()
    for trusted in (digest, pickled, "models:/"):
        monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", trusted)
        assert mlflow.pyfunc.load_model(pickled).predict(1) == 1
    monkeypatch.delenv("MLFLOW_TRUSTED_MODELS")
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    assert mlflow.pyfunc.load_model(pickled).predict(1) == 1
    assert pickle_lines(caplog) == []
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(PickleRefused):
        mlflow.pyfunc.load_model(pickled)


def test_safe_model_loads_whatever_the_settings_say(
    database: str, estimator: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    uri = mlflow.sklearn.log_model(estimator, name="model").model_uri
    assert mlflow.pyfunc.load_model(uri).predict(FRAME).tolist() == [0, 0, 1, 1]
    assert pickle_lines(caplog) == []


@pytest.mark.parametrize("policy", ["allow", "warn"])
def test_changed_file_is_never_loaded(database: str, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", policy)
    uri = mlflow.pyfunc.log_model(name="echo", python_model=echo, pip_requirements=PINS).model_uri
    path = model_folder(uri) / "python_model.pkl"
    path.write_bytes(path.read_bytes() + b".")
    with pytest.raises(DigestMismatch, match=r"'python_model\.pkl' changed"):
        mlflow.pyfunc.load_model(uri)


def test_external_model_says_that_its_files_are_elsewhere(database: str) -> None:
    external = mlflow.create_external_model(name="elsewhere")
    with pytest.raises(BadRequest, match="is external: its files are not stored here"):
        mlflow.pyfunc.load_model(external.model_uri)
