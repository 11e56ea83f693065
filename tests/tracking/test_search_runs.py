"""Search for runs: lists, and frames as the published package makes them."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import InvalidParameterValue
from tests.fixtures.foreign import Program

FACTS = ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"]

LOGGING = """
import mlflow
mlflow.set_experiment("framed")
with mlflow.start_run(run_name="one"):
    mlflow.log_metrics({"b": 1, "a": 2}); mlflow.log_params({"q": 1}); mlflow.set_tag("zz", 1)
with mlflow.start_run(run_name="two"):
    mlflow.log_metric("c", float("nan")); mlflow.log_param("r", None)
mlflow.start_run(run_name="three")
"""
DESCRIBING = """
import json
def described(frame):
    stable = frame.drop(columns=["run_id", "artifact_uri", "start_time", "end_time"])
    rows = json.loads(stable.to_json(orient="records"))
    return {"dtypes": {name: str(kind) for name, kind in frame.dtypes.items()}, "rows": rows, "index": str(frame.index)}
frames = [mlflow.search_runs(order_by=["attributes.run_name"]), mlflow.search_runs(filter_string="params.q = '7'")]
print("FRAMES", json.dumps([described(frame) for frame in frames]))
"""


@pytest.fixture
def two_runs(store: str) -> tuple[str, str]:
    with mlflow.start_run(run_name="first") as first:
        mlflow.log_metrics({"loss": 0.5, "acc": math.nan})
        mlflow.log_param("lr", "0.1")
    with mlflow.start_run(run_name="second") as second:
        mlflow.log_metric("loss", 0.25)
        mlflow.set_tag("team", "a")
    return first.info.run_id, second.info.run_id


def test_frame_has_a_column_for_each_key(two_runs: tuple[str, str]) -> None:
    frame = mlflow.search_runs()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns[:6]) == FACTS
    assert list(frame["run_id"]) == [two_runs[1], two_runs[0]]
    assert {"metrics.loss", "metrics.acc", "params.lr", "tags.team", "tags.mlflow.runName"} <= set(frame.columns)
    assert list(frame["metrics.loss"]) == [0.25, 0.5]
    assert frame["metrics.acc"].isna().all() and str(frame["metrics.acc"].dtype) == "float64"
    assert pd.isna(frame["params.lr"][0]) and frame["params.lr"][1] == "0.1"
    assert isinstance(frame["start_time"].dtype, pd.DatetimeTZDtype)
    assert list(frame["status"]) == ["FINISHED", "FINISHED"]


def test_list_holds_runs(two_runs: tuple[str, str]) -> None:
    found = mlflow.search_runs(output_format="list", filter_string="metrics.loss < 0.3")
    assert [run.info.run_name for run in found] == ["second"]
    found = mlflow.search_runs(output_format="list", order_by=["metrics.loss DESC"], max_results=1)
    assert [run.info.run_name for run in found] == ["first"]


def test_running_run_has_no_end(database: str) -> None:
    mlflow.start_run()
    frame = mlflow.search_runs()
    assert isinstance(frame, pd.DataFrame)
    assert pd.isna(frame["end_time"][0])


def test_places_are_ids_names_or_everywhere(database: str, caplog: pytest.LogCaptureFixture) -> None:
    ids = {}
    for name in ("one", "two"):
        ids[name] = mlflow.set_experiment(name).experiment_id
        mlflow.start_run()
        mlflow.end_run()
    assert len(mlflow.search_runs(experiment_ids=[ids["one"]])) == 1
    assert len(mlflow.search_runs(experiment_names=["one", "two", "none"])) == 2
    assert "Cannot retrieve experiment by name none" in caplog.text
    assert len(mlflow.search_runs(search_all_experiments=True)) == 2
    assert len(mlflow.search_runs()) == 1
    assert len(mlflow.search_runs(experiment_names=["none"])) == 0
    with pytest.raises(InvalidParameterValue, match="but not both"):
        mlflow.search_runs(experiment_ids=["1"], experiment_names=["one"])
    with pytest.raises(ValueError, match="'pandas' or 'list'"):
        mlflow.search_runs(output_format="csv")  # type: ignore[arg-type]


def test_search_goes_through_all_pages(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.tracking.session_search.PAGE", 3)
    for number in range(10):
        with mlflow.start_run():
            mlflow.log_metric("n", number)
    frame = mlflow.search_runs(order_by=["metrics.n ASC"])
    assert list(frame["metrics.n"]) == list(range(10))
    assert len(mlflow.search_runs(max_results=7)) == 7


@pytest.mark.oracle
def test_frames_are_those_of_the_published_package(run_published: Program, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'published.db'}"
    shown = run_published(LOGGING + DESCRIBING, {"MLFLOW_TRACKING_URI": uri})
    theirs = json.loads(shown.partition("FRAMES ")[2].splitlines()[0])
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'own.db'}")
    exec(LOGGING)
    namespace: dict[str, object] = {"mlflow": mlflow}
    exec(DESCRIBING.rpartition("print(")[0], namespace)
    ours = [namespace["described"](frame) for frame in namespace["frames"]]  # type: ignore[operator, attr-defined]
    for own, published in zip(ours, theirs, strict=True):
        extra = {name for name in own["dtypes"] if name.startswith("tags.mlflow.source.")}
        kept = {name: kind for name, kind in own["dtypes"].items() if name not in extra}
        assert kept == {name: kind for name, kind in published["dtypes"].items() if name not in extra}
        assert own["index"] == published["index"]
        assert [{key: value for key, value in row.items() if key not in extra} for row in own["rows"]] == [
            {key: value for key, value in row.items() if key not in extra} for row in published["rows"]
        ]
