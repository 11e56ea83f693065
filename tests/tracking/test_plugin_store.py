"""A plugin's tracking store, written as for MLflow, behind the client."""

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking.abstract_store import AbstractStore

import mlflow
from mlflow import MlflowClient
from mlflow.contract.caller import EVERYONE
from mlflow.entities import Experiment, Run, RunData, RunInfo, RunStatus, ViewType
from mlflow.exceptions import InvalidParameterValue, MlflowException, NotImplementedByStore, ResourceDoesNotExist


class MemoryStore(AbstractStore):
    """Keeps everything in dictionaries, one set for all instances, as a plugin's remote service would."""

    experiments: dict[str, Experiment] = {}
    runs: dict[str, dict[str, Any]] = {}

    def __init__(self, store_uri: str, artifact_uri: str | None) -> None:
        self.artifact_root = artifact_uri or store_uri.removeprefix("memory:")
        self.experiments.setdefault("0", Experiment("0", "Default", f"{self.artifact_root}/0"))

    def search_experiments(self, view_type=1, max_results=1000, filter_string=None, order_by=None, page_token=None):  # type: ignore[no-untyped-def]
        start = int(page_token or 0)
        found = list(self.experiments.values())
        end = start + min(max_results, 2)
        return PagedList(found[start:end], str(end) if end < len(found) else None)

    def create_experiment(self, name, artifact_location, tags):  # type: ignore[no-untyped-def]
        experiment_id = str(len(self.experiments))
        location = artifact_location or f"{self.artifact_root}/{experiment_id}"
        self.experiments[experiment_id] = Experiment(experiment_id, name, location, tags=tags)
        return experiment_id

    def get_experiment(self, experiment_id):  # type: ignore[no-untyped-def]
        if experiment_id not in self.experiments:
            raise MlflowException(f"No experiment {experiment_id}", "RESOURCE_DOES_NOT_EXIST")
        return self.experiments[experiment_id]

    def delete_experiment(self, experiment_id):  # type: ignore[no-untyped-def]
        self.get_experiment(experiment_id).lifecycle_stage = "deleted"

    def restore_experiment(self, experiment_id):  # type: ignore[no-untyped-def]
        self.get_experiment(experiment_id).lifecycle_stage = "active"

    def rename_experiment(self, experiment_id, new_name):  # type: ignore[no-untyped-def]
        self.get_experiment(experiment_id).name = new_name

    def create_run(self, experiment_id, user_id, start_time, tags, run_name):  # type: ignore[no-untyped-def]
        run_id = uuid.uuid4().hex
        self.runs[run_id] = {
            "info": {"run_id": run_id, "experiment_id": experiment_id, "user_id": user_id, "status": "RUNNING"}
            | {"start_time": start_time, "run_name": run_name or "made up"}
            | {"artifact_uri": f"{self.get_experiment(experiment_id).artifact_location}/{run_id}/artifacts"},
            "metrics": [],
            "params": {},
            "tags": {tag.key: tag for tag in tags},
        }
        return self.get_run(run_id)

    def get_run(self, run_id):  # type: ignore[no-untyped-def]
        if run_id not in self.runs:
            raise ResourceDoesNotExist(f"No run {run_id}")
        found = self.runs[run_id]
        latest = {point.key: point for point in sorted(found["metrics"], key=lambda point: point.step)}
        return Run(RunInfo(**found["info"]), RunData(latest.values(), found["params"].values(), found["tags"].values()))

    def update_run_info(self, run_id, run_status, end_time, run_name):  # type: ignore[no-untyped-def]
        info = self.runs[run_id]["info"]
        info |= {"status": RunStatus.to_string(run_status)} if run_status else {}
        info |= {"end_time": end_time} if end_time else {}
        info |= {"run_name": run_name} if run_name else {}
        return RunInfo(**info)

    def delete_run(self, run_id):  # type: ignore[no-untyped-def]
        self.runs[run_id]["info"]["lifecycle_stage"] = "deleted"

    def restore_run(self, run_id):  # type: ignore[no-untyped-def]
        self.runs[run_id]["info"]["lifecycle_stage"] = "active"

    def get_metric_history(self, run_id, metric_key, max_results=None, page_token=None):  # type: ignore[no-untyped-def]
        return PagedList([point for point in self.runs[run_id]["metrics"] if point.key == metric_key], None)

    def log_batch(self, run_id, metrics, params, tags):  # type: ignore[no-untyped-def]
        found = self.runs[self.get_run(run_id).info.run_id]
        for param in params:
            if found["params"].setdefault(param.key, param) != param:
                raise InvalidParameterValue(f"Param {param.key} is taken")
        found["metrics"] += [point for point in metrics if point not in found["metrics"]]
        found["tags"] |= {tag.key: tag for tag in tags}

    def log_inputs(self, run_id, datasets=None, models=None):  # type: ignore[no-untyped-def]
        self.runs[run_id]["datasets"] = datasets

    def _search_runs(self, experiment_ids, filter_string, run_view_type, max_results, order_by, page_token):  # type: ignore[no-untyped-def, override]
        chosen = [self.get_run(run_id) for run_id in self.runs]
        return [run for run in chosen if run.info.experiment_id in experiment_ids][:max_results], None


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Install the plugin, as a distribution on sys.path with entry points."""
    info = tmp_path / "site" / "memory_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: memory-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mlflow.tracking_store]\nmemory = memory_plugin:MemoryStore\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setitem(sys.modules, "memory_plugin", sys.modules[__name__])
    MemoryStore.experiments.clear()
    MemoryStore.runs.clear()
    uri = f"memory:{tmp_path / 'artifacts'}"
    mlflow.set_tracking_uri(uri)
    yield uri


def test_plugin_store_takes_everything_that_a_run_logs(memory: str) -> None:
    mlflow.set_experiment("with a plugin")
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_param("lr", 0.1)
        mlflow.log_metrics({"loss": 1.0, "acc": 0.5}, step=0)
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metric_history("h", [1.0, 2.0])
        mlflow.set_tag("t", 1)
        mlflow.log_text("hello", "a.txt")
    found = mlflow.get_run(run.info.run_id)
    assert (found.info.status, found.info.run_name) == ("FINISHED", "first")
    assert (found.data.metrics, found.data.params) == ({"loss": 0.5, "acc": 0.5, "h": 2.0}, {"lr": "0.1"})
    assert found.data.tags["t"] == "1"
    assert [point.value for point in MlflowClient().get_metric_history(run.info.run_id, "loss")] == [1.0, 0.5]
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/a.txt") == "hello"
    assert list(mlflow.search_runs()["metrics.loss"]) == [0.5]


def test_plugin_store_keeps_experiments(memory: str) -> None:
    client = MlflowClient()
    ids = [client.create_experiment(f"e{number}") for number in range(4)]
    assert client.get_experiment_by_name("e3") is not None  # on the third page
    client.rename_experiment(ids[0], "renamed")
    client.delete_experiment(ids[1])
    assert client.get_experiment(ids[0]).name == "renamed"
    assert client.get_experiment(ids[1]).lifecycle_stage == "deleted"
    client.restore_experiment(ids[1])
    assert len(client.search_experiments(ViewType.ALL, max_results=2)) == 2
    assert client.get_experiment_by_name("nobody") is None
    with pytest.raises(MlflowException, match="No experiment 77"):
        client.get_experiment("77")


def test_plugin_store_says_what_it_cannot_do(memory: str) -> None:
    client = MlflowClient()
    run = client.create_run("0")
    with pytest.raises(NotImplementedByStore, match="cannot delete tag 't'"):
        client.delete_tag(run.info.run_id, "t")
    with pytest.raises(NotImplementedByStore, match="'count_runs'"):
        client._store.runs.count_runs(EVERYONE, ["0"])
    with pytest.raises(NotImplementedByStore, match="outputs"):
        client.log_outputs(run.info.run_id, [])
    client.log_metric(run.info.run_id, "m", 1.0)
    client.set_terminated(run.info.run_id)
    client.delete_run(run.info.run_id)
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    client.restore_run(run.info.run_id)
    assert client.get_run(run.info.run_id).data.metrics == {"m": 1.0}


def test_store_that_lacks_a_method_cannot_be_made() -> None:
    class Incomplete(AbstractStore):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Incomplete()  # type: ignore[abstract]


def test_unknown_scheme_names_the_entry_points() -> None:
    mlflow.set_tracking_uri("nobody://here")
    with pytest.raises(InvalidParameterValue, match=r"mlflow\.tracking_store"):
        mlflow.search_experiments()
