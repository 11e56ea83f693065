"""Files of runs: logged, listed, fetched."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist


def listed(run_id: str, path: str | None = None) -> list[tuple[str, bool, int | None]]:
    return [(info.path, info.is_dir, info.file_size) for info in MlflowClient().list_artifacts(run_id, path)]


def content(run_id: str, path: str) -> bytes:
    return Path(MlflowClient().download_artifacts(run_id, path)).read_bytes()


def test_files_and_folders_are_logged_listed_and_fetched(store: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "deep" / "b.bin").write_bytes(bytes(1000))
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(folder / "a.txt"))
        mlflow.log_artifact(folder / "a.txt", "copies")
        mlflow.log_artifact(str(folder))
        mlflow.log_artifacts(str(folder), "all")
    run_id = run.info.run_id
    assert listed(run_id) == [("a.txt", False, 1), ("all", True, None), ("copies", True, None), ("data", True, None)]
    assert listed(run_id, "all") == [("all/a.txt", False, 1), ("all/deep", True, None)]
    assert listed(run_id, "nowhere") == []
    fetched = Path(MlflowClient().download_artifacts(run_id, "data"))
    assert (fetched / "deep" / "b.bin").read_bytes() == bytes(1000)
    target = tmp_path / "target"
    assert MlflowClient().download_artifacts(run_id, "a.txt", str(target)) == str(target / "a.txt")
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/copies/a.txt") == "a"


def test_texts_dictionaries_and_streams_become_files(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("grüße", "texts/a.txt")
        mlflow.log_dict({"a": [1, 2]}, "a.json")
        mlflow.log_dict({"a": [1, 2]}, "a.yaml")
        mlflow.log_stream(io.BytesIO(b"x" * 3_000_000), "big.bin")
    run_id = run.info.run_id
    assert content(run_id, "texts/a.txt").decode() == "grüße"
    assert json.loads(content(run_id, "a.json")) == yaml.safe_load(content(run_id, "a.yaml")) == {"a": [1, 2]}
    assert len(content(run_id, "big.bin")) == 3_000_000


def test_another_run_can_be_named(database: str, tmp_path: Path) -> None:
    with mlflow.start_run() as first:
        pass
    (tmp_path / "a.txt").write_text("a")
    with mlflow.start_run() as second:
        mlflow.log_text("text", "t.txt", run_id=first.info.run_id)
        mlflow.log_artifact(str(tmp_path / "a.txt"), run_id=first.info.run_id)
        mlflow.log_metric("m", 1.0, run_id=first.info.run_id)
        mlflow.log_params({"p": 1}, run_id=first.info.run_id)
        mlflow.log_metric_history("h", [1.0], run_id=first.info.run_id)
    assert [path for path, *_ in listed(first.info.run_id)] == ["a.txt", "t.txt"]
    assert listed(second.info.run_id) == []
    data = mlflow.get_run(first.info.run_id).data
    assert (data.metrics, data.params) == ({"m": 1.0, "h": 1.0}, {"p": "1"})


@pytest.mark.parametrize("path", ["../a.txt", "/a.txt", "a/../../b", "", "a/", "a%2f..%2f..%2fb"])
def test_path_that_leads_away_is_refused(database: str, path: str) -> None:
    with mlflow.start_run() as run:
        with pytest.raises(InvalidParameterValue):
            mlflow.log_text("x", path)
        assert listed(run.info.run_id) == []


def test_absent_local_file_is_said_so(database: str) -> None:
    with mlflow.start_run(), pytest.raises(FileNotFoundError, match="nowhere"):
        mlflow.log_artifact("/nowhere/at/all")


def test_tables_grow_row_by_row(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 0.1)
        mlflow.log_table({"a": [1, 2]}, "t.json")
        mlflow.log_table(pd.DataFrame({"a": [3], "b": ["x"]}), "t.json")
        mlflow.log_table({"z": [1]}, "other.json")
    with mlflow.start_run() as second:
        mlflow.log_table({"a": [9]}, "t.json")
    frame = mlflow.load_table("t.json", extra_columns=["run_id", "params.lr"])
    assert sorted(frame["a"]) == [1, 2, 3, 9]
    assert set(frame["run_id"]) == {run.info.run_id, second.info.run_id}
    assert list(mlflow.load_table("t.json", run_ids=[second.info.run_id])["a"]) == [9]
    tag = json.loads(mlflow.get_run(run.info.run_id).data.tags["mlflow.loggedArtifacts"])
    assert tag == [{"path": "t.json", "type": "table"}, {"path": "other.json", "type": "table"}]


def test_table_that_nobody_logged_is_said_so(database: str) -> None:
    with mlflow.start_run(), pytest.raises(ResourceDoesNotExist, match="No runs found"):
        mlflow.load_table("nope.json")


def test_unknown_extra_column_is_refused(database: str) -> None:
    with mlflow.start_run():
        mlflow.log_table({"a": [1]}, "t.json")
        with pytest.raises(InvalidParameterValue, match="'colour'"):
            mlflow.load_table("t.json", extra_columns=["colour"])


def test_images_over_steps_have_names_that_say_the_step(store: str) -> None:
    pixels = np.zeros((4, 4, 3), dtype="uint8")
    with mlflow.start_run() as run:
        mlflow.log_image(pixels, "static.png")
        mlflow.log_image(pixels, key="digits/zero", step=3, timestamp=1000)
        mlflow.log_image(mlflow.Image(pixels), key="digits/zero", step=4, synchronous=True)
    names = [path for path, *_ in listed(run.info.run_id, "images")]
    assert len(names) == 4
    assert sum(name.startswith("images/digits~zero+step+3+timestamp+1000+") for name in names) == 2
    assert mlflow.get_run(run.info.run_id).data.tags["mlflow.loggedImages"] == "True"
    assert content(run.info.run_id, "static.png").startswith(b"\x89PNG")


def test_histograms_sound_and_film_are_files_of_their_step(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_histogram("weights", np.arange(100.0), bins=10, step=2)
        mlflow.log_audio("tone", np.zeros(800), 8000, step=2)
        mlflow.log_video("film", np.zeros((2, 8, 8, 3), dtype="uint8"), fps=2, step=2)
    run_id = run.info.run_id
    [(path, _, _)] = listed(run_id, "media/histogram/weights")
    assert sum(json.loads(content(run_id, path))["counts"]) == 100
    assert [listed(run_id, f"media/{kind}")[0][0] for kind in ("audio", "video")] == [
        "media/audio/tone",
        "media/video/film",
    ]


def test_figures_are_drawn(database: str) -> None:
    figure = pytest.importorskip("matplotlib.figure").Figure()
    figure.subplots().plot([1, 2, 3])
    with mlflow.start_run() as run:
        mlflow.log_figure(figure, "plots/line.svg", save_kwargs={"dpi": 50})
        with pytest.raises(MlflowException, match="'<class 'str'>'"):
            mlflow.log_figure("no figure", "a.png")
    assert b"<svg" in content(run.info.run_id, "plots/line.svg")


def test_artifact_functions_find_runs_of_the_store_that_is_set(store: str, tmp_path: Path) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("hello", "a/b.txt")
    run_id = run.info.run_id
    assert Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="a/b.txt")).read_text() == "hello"
    assert [info.path for info in mlflow.artifacts.list_artifacts(run_id=run_id)] == ["a"]
    uri = mlflow.tracking.artifact_utils.get_artifact_uri(run_id, "a/b.txt")
    if not uri.startswith("mlflow-artifacts:"):
        assert os.path.exists(uri)
    with pytest.raises(MlflowException):
        mlflow.artifacts.load_text(f"runs:/{run_id}/absent.txt")
