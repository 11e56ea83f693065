"""An ``mlruns`` folder as MLflow's file store wrote it."""

from pathlib import Path
from typing import Any

import yaml

from tests.transfer.legacy_database import CHILD, GONE, LONG, PARENT, RUNNING

EXPERIMENT, TRASHED = "204937156559090096", "631957619719468161"


def make(root: Path) -> None:
    """Make a folder with an experiment of three runs, one of them nested, and one in the trash."""
    write(root / "0" / "meta.yaml", _experiment(root, "0", "Default"))
    folder = root / EXPERIMENT
    write(folder / "meta.yaml", _experiment(root, EXPERIMENT, "sweep/ünï"))
    write(folder / "tags" / "team", "vision")
    write(folder / "datasets" / "d1" / "meta.yaml", {"name": "grid", "digest": "92a7ac9c", "source": "{}"})
    run = add_run(root, PARENT, "parent")
    write(run / "params" / "lr", "0.1")
    write(run / "params" / "model" / "depth", "3")
    write(run / "params" / "long", LONG)
    write(run / "params" / "empty", "")
    write(run / "params" / "text", "line one\r\nline 日本\n")
    write(run / "tags" / "mlflow.runName", "parent")
    write(run / "metrics" / "loss", "".join(f"{1_700_000_000_000 + i} {1 / (i + 1)} {i}\n" for i in range(50)))
    write(run / "metrics" / "val" / "acc", "1700000000500 0.1 0\n1700000000501 0.2 -1\n")
    write(run / "metrics" / "odd", "1 nan 0\n1 inf 1\n1 -inf 2\n1 1e-300 3\n1 1e-300 3\n")
    write(run / "metrics" / "of_model", "1700000000900 0.5 1 grid abc\n")
    write(run / "inputs" / "l1" / "meta.yaml", _link("DATASET", "d1", {"mlflow.data.context": "training"}))
    write(run / "inputs" / "l2" / "meta.yaml", _link("MODEL", "m-1", {}))
    write(run / "outputs" / "m-2" / "meta.yaml", _link("RUN_OUTPUT", "m-2", {}) | {"destination_id": "m-2", "step": 4})
    write(run / "artifacts" / "notes" / "hello.txt", "hello")
    child = add_run(root, CHILD, "child")
    write(child / "tags" / "mlflow.parentRunId", PARENT)
    add_run(root, RUNNING, "running", status=1, end_time=None)
    trash = root / ".trash" / TRASHED
    write(trash / "meta.yaml", _experiment(root, TRASHED, "gone", "deleted"))
    write(trash / GONE / "meta.yaml", _run(root, TRASHED, GONE, "lost", lifecycle_stage="deleted", deleted_time=17))
    write(trash / GONE / "artifacts" / "kept.txt", "kept")
    write(root / "models" / "classifier" / "meta.yaml", {"name": "classifier"})
    write(root / "models" / "classifier" / "version-1" / "meta.yaml", {"version": 1})
    write(folder / "models" / "m-1" / "meta.yaml", {"model_id": "m-1"})
    write(folder / "traces" / "tr-1" / "trace_info.yaml", {"trace_id": "tr-1"})


def add_run(root: Path, run_id: str, name: str, **others: Any) -> Path:
    """Add a run to the experiment and answer its folder."""
    folder = root / EXPERIMENT / run_id
    write(folder / "meta.yaml", _run(root, EXPERIMENT, run_id, name, **others))
    for part in ("metrics", "params", "tags", "artifacts"):
        (folder / part).mkdir()
    return folder


def write(path: Path, content: str | dict[str, Any]) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    path.write_bytes(text.encode())


def _experiment(root: Path, experiment_id: str, name: str, stage: str = "active") -> dict[str, Any]:
    return {
        "artifact_location": (root / experiment_id).as_uri(),
        "creation_time": 1_600_000_000_000,
        "experiment_id": experiment_id,
        "last_update_time": 1_600_000_000_500,
        "lifecycle_stage": stage,
        "name": name,
    }


def _run(root: Path, experiment_id: str, run_id: str, name: str, **others: Any) -> dict[str, Any]:
    run = {
        "artifact_uri": (root / experiment_id / run_id / "artifacts").as_uri(),
        "end_time": 1_700_000_005_000,
        "entry_point_name": "",
        "experiment_id": experiment_id,
        "lifecycle_stage": "active",
        "run_id": run_id,
        "run_name": name,
        "source_type": 4,
        "start_time": 1_700_000_000_000,
        "status": 3,
        "tags": [],
        "user_id": "ada",
    }
    return run | others


def _link(source_type: str, source: str, tags: dict[str, str]) -> dict[str, Any]:
    return {"source_type": source_type, "source_id": source, "destination_id": source, "tags": tags}
