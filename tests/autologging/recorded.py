"""Read back what was logged."""

from typing import Any

import pytest

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


def same(ours: Any, theirs: Any, tolerance: float = 1e-6) -> bool:
    """Whether two answers are alike; numbers up to a relative tolerance."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key], tolerance) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(same(*pair, tolerance) for pair in zip(ours, theirs, strict=True))
    if isinstance(ours, float) or isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, rel=tolerance))
    return bool(ours == theirs)


def differences(found: dict[str, Any], expected: dict[str, Any], tolerance: float = 1e-6) -> dict[str, Any]:
    """What is not alike, by name: as it is here, and as it is expected."""
    assert found.keys() == expected.keys()
    pairs = {name: (found[name], expected[name]) for name in expected}
    return {name: pair for name, pair in pairs.items() if not same(*pair, tolerance)}
