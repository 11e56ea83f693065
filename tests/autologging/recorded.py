"""Read back what was logged."""

from typing import Any

import mlflow
from mlflow.entities import Run


def runs(*experiments: str) -> list[Run]:
    """All runs, the oldest first."""
    client = mlflow.MlflowClient()
    return list(client.search_runs(experiments or ["0"], order_by=["attributes.start_time ASC"]))


def only_run() -> Run:
    """The one run there is."""
    (run,) = runs()
    return run


def parents() -> list[Run]:
    return [run for run in runs() if "mlflow.parentRunId" not in run.data.tags]


def files(run: Run, path: str | None = None) -> list[str]:
    return [file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id, path)]


def inputs(run: Run) -> list[tuple[str, str]]:
    """Name and context of each dataset."""
    return [(used.dataset.name, used.tags[0].value) for used in run.inputs.dataset_inputs]


def history(run: Run, key: str) -> list[tuple[int, float]]:
    points: Any = mlflow.MlflowClient().get_metric_history(run.info.run_id, key)
    return [(point.step, point.value) for point in points]
