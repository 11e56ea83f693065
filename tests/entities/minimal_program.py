"""Each entity made of as little as it takes, and what it shows then. Runs under either mlflow."""

import json
from collections.abc import Callable
from enum import Enum
from typing import Any

from mlflow import entities as e
from mlflow.entities import model_registry as r
from mlflow.entities.lifecycle_stage import LifecycleStage

TAG, DATASET = e.RunTag("k", "v"), e.Dataset("n", "d", "local", "s")
INFO = e.RunInfo("r", "0", "u", "RUNNING", 1, None, LifecycleStage.ACTIVE)
VERSION = r.ModelVersion("m", "1", 5)

MADE: dict[str, Callable[[], Any]] = {
    "Dataset": lambda: DATASET,
    "DatasetInput": lambda: e.DatasetInput(DATASET),
    "DatasetInput, tags": lambda: e.DatasetInput(DATASET, [e.InputTag("a", "b")]),
    "_DatasetSummary": lambda: e._DatasetSummary("0", "n", "d", "train"),
    "Experiment": lambda: e.Experiment("0", "n", "loc", LifecycleStage.ACTIVE),
    "Experiment, tags": lambda: e.Experiment("0", "n", "loc", "active", [e.ExperimentTag("a", "b")], 1, 2),
    "ExperimentTag": lambda: e.ExperimentTag("a", "b"),
    "FileInfo": lambda: e.FileInfo("p", False, 3),
    "FileInfo, folder": lambda: e.FileInfo("p", True, None),
    "InputTag": lambda: e.InputTag("a", "b"),
    "LoggedModel": lambda: e.LoggedModel("0", "m-1", "n", "loc", 1, 2),
    "LoggedModelInput": lambda: e.LoggedModelInput("m-1"),
    "LoggedModelOutput": lambda: e.LoggedModelOutput("m-1", 3),
    "LoggedModelParameter": lambda: e.LoggedModelParameter("a", "b"),
    "LoggedModelTag": lambda: e.LoggedModelTag("a", "b"),
    "LoggedModelStatus": lambda: e.LoggedModelStatus.READY,
    "Metric": lambda: e.Metric("k", 1.5, 2, 3),
    "Param": lambda: e.Param("a", "b"),
    "RunTag": lambda: TAG,
    "RunInfo": lambda: INFO,
    "RunData": lambda: e.RunData(),
    "RunData, full": lambda: e.RunData([e.Metric("k", 1.5, 2, 3)], [e.Param("a", "b")], [TAG]),
    "RunInputs": lambda: e.RunInputs([]),
    "RunInputs, full": lambda: e.RunInputs([e.DatasetInput(DATASET)], [e.LoggedModelInput("m-1")]),
    "RunOutputs": lambda: e.RunOutputs([]),
    "Run": lambda: e.Run(INFO, e.RunData()),
    "Run, full": lambda: e.Run(INFO, e.RunData([], [], [TAG]), e.RunInputs([]), e.RunOutputs([])),
    "Webhook": lambda: e.Webhook("w", "n", "https://x", [e.WebhookEvent("model_version", "created")], 1, 2),
    "WebhookEvent": lambda: e.WebhookEvent("model_version", "created"),
    "WebhookTestResult": lambda: e.WebhookTestResult(True),
    "ModelVersion": lambda: VERSION,
    "ModelVersion, full": lambda: r.ModelVersion(
        "m", "1", 5, 6, "d", "u", "Staging", "s", "r", "READY", "msg", [r.ModelVersionTag("a", "b")], "link", ["x"]
    ),
    "ModelVersionTag": lambda: r.ModelVersionTag("a", "b"),
    "RegisteredModel": lambda: r.RegisteredModel("m"),
    "RegisteredModel, full": lambda: r.RegisteredModel(
        "m", 1, 2, "d", [VERSION], [r.RegisteredModelTag("a", "b")], [r.RegisteredModelAlias("x", "1")]
    ),
    "RegisteredModelAlias": lambda: r.RegisteredModelAlias("x", "1"),
    "RegisteredModelTag": lambda: r.RegisteredModelTag("a", "b"),
}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (int, float, str, bool, type(None))) else f"<{type(value).__name__}>"


def attempt(call: Callable[[], Any]) -> Any:
    try:
        return plain(call())
    except Exception as exc:  # noqa: BLE001 - what fails there may fail here
        return ["fails", type(exc).__name__]


def shown(make: Callable[[], Any]) -> dict[str, Any]:
    """Attributes without those that are functions, the dictionary, and how it is written."""
    try:
        entity = make()
    except Exception as exc:  # noqa: BLE001
        return {"fails": type(exc).__name__}
    names = [name for name in dir(entity) if not name.startswith("_") and not callable(getattr(entity, name))]
    return {
        "attributes": {name: plain(getattr(entity, name)) for name in names},
        "dict": attempt(lambda: dict(entity)),
        "to_dictionary": attempt(lambda: entity.to_dictionary()),
        "to_dict": attempt(lambda: entity.to_dict()),
        "repr": repr(entity),
    }


print(json.dumps({name: shown(make) for name, make in MADE.items()}))
