"""Programs that know no logged models see them among the artifacts of their run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.served import Served, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("models")) as running:
        yield running


@pytest.fixture(scope="module")
def run_id(server: Served) -> str:
    """A run with a file, and a model whose folder has a file and a folder."""
    experiment_id = server.new_experiment("with models")
    run_id = server.new_run(experiment_id)
    files = f"/api/2.0/mlflow-artifacts/artifacts/{experiment_id}"
    assert server.send("PUT", f"{files}/{run_id}/artifacts/z.txt", b"of the run").status == 200
    made = {"experiment_id": experiment_id, "name": "model", "source_run_id": run_id}
    model_id = server.post("logged-models", made).json["model"]["info"]["model_id"]
    for path in ("MLmodel", "data/weights.bin"):
        assert server.send("PUT", f"/api/ext/v1/logged-models/{model_id}/artifacts/{path}", path.encode()).status == 200
    return run_id


def listed(server: Served, run_id: str, path: str) -> list[tuple[str, bool]]:
    answer = server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path={path}")
    return [(entry["path"], entry["is_dir"]) for entry in answer.json.get("files", [])]


def test_models_stand_beside_the_files_of_their_run(server: Served, run_id: str) -> None:
    assert listed(server, run_id, "") == [("model", True), ("z.txt", False)]
    assert listed(server, run_id, "model") == [("model/MLmodel", False), ("model/data", True)]
    assert listed(server, run_id, "model/data") == [("model/data/weights.bin", False)]
    assert listed(server, run_id, "nothing") == []


def test_file_of_a_model_is_read_through_its_run(server: Served, run_id: str) -> None:
    assert server.get(f"/get-artifact?run_id={run_id}&path=model/data/weights.bin").body == b"data/weights.bin"
    assert server.get(f"/get-artifact?run_id={run_id}&path=z.txt").body == b"of the run"
    for path in ("model/nothing", "nothing"):
        assert server.get(f"/get-artifact?run_id={run_id}&path={path}").status == 404


def proxied(server: Served, run_id: str, path: str, client: str) -> list[tuple[str, bool]]:
    """A folder below a run's root as the proxy lists it, which is how MLflow's clients list runs' files."""
    root = server.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").json["run"]["info"]["artifact_uri"]
    folder = f"{root.removeprefix('mlflow-artifacts:/')}/{path}".rstrip("/")
    agent = {"User-Agent": f"mlflow-python-client/{client}"}
    answer = server.get(f"/api/2.0/mlflow-artifacts/artifacts?path={folder}", agent)
    assert answer.status == 200, answer.body
    return [(entry["path"], entry["is_dir"]) for entry in answer.json.get("files", [])]


def test_client_of_mlflow_2_lists_models_behind_the_proxy(server: Served, run_id: str) -> None:
    assert proxied(server, run_id, "", "2.22.0") == [("model", True), ("z.txt", False)]
    assert proxied(server, run_id, "model", "2.22.0") == [("MLmodel", False), ("data", True)]
    assert proxied(server, run_id, "model/data", "2.22.0") == [("weights.bin", False)]
    assert proxied(server, run_id, "nothing", "2.22.0") == []
    assert proxied(server, run_id, "", "3.17.2") == [("z.txt", False)]


def test_file_of_a_model_is_downloaded_from_its_runs_place_behind_the_proxy(server: Served, run_id: str) -> None:
    root = server.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").json["run"]["info"]["artifact_uri"]
    files = f"/api/2.0/mlflow-artifacts/artifacts/{root.removeprefix('mlflow-artifacts:/')}"
    assert server.get(f"{files}/model/data/weights.bin").body == b"data/weights.bin"
    assert server.get(f"{files}/z.txt").body == b"of the run"
    for path in ("model/nothing", "nothing/x", "model/../../x"):
        assert server.get(f"{files}/{path}").status in (400, 404)
    elsewhere = files.replace(run_id, "0" * 32)
    assert server.get(f"{elsewhere}/model/MLmodel").status == 404


@pytest.mark.parametrize("path", ["../x", "model/../../x", "/etc/passwd"])
def test_model_is_no_way_out(server: Served, run_id: str, path: str) -> None:
    assert server.get(f"/get-artifact?run_id={run_id}&path={path}").status == 400


def test_files_of_models_stay_below_the_models_folder(server: Served, run_id: str, tmp_path: Path) -> None:
    answer = server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path=model/..")
    assert answer.status == 400
