"""Protobuf messages of entities, as bytes, and what is read of them. Runs under either mlflow."""

import json
from typing import Any

from mlflow import entities as e
from mlflow.entities import model_registry as r

DATASET = e.Dataset("n", "d", "local", "s", "schema", "profile")
INFO = e.RunInfo("r", "0", "u", "FINISHED", 1, 2, "active", "uri", "x")
DATA = e.RunData([e.Metric("k", 1.5, 2, 3)], [e.Param("a", "b")], [e.RunTag("t", "v")])
USED = e.RunInputs([e.DatasetInput(DATASET, [e.InputTag("a", "b")])], [e.LoggedModelInput("m-1")])
MADE = e.RunOutputs([e.LoggedModelOutput("m-1", 3)])
VERSION = r.ModelVersion(
    "m", "1", 5, 6, "d", "u", "Staging", "s", "r", "READY", "msg", [r.ModelVersionTag("a", "b")], "link", ["x"]
)
EVENT = e.WebhookEvent("model_version", "created")

ENTITIES: dict[str, Any] = {
    "Dataset": DATASET,
    "DatasetInput": e.DatasetInput(DATASET, [e.InputTag("a", "b")]),
    "Experiment": e.Experiment("0", "n", "loc", "active", [e.ExperimentTag("a", "b")], 1, 2),
    "ExperimentTag": e.ExperimentTag("a", "b"),
    "FileInfo": e.FileInfo("p", False, 5),
    "FileInfo, folder": e.FileInfo("p", True, None),
    "InputTag": e.InputTag("a", "b"),
    "LoggedModel": e.LoggedModel(
        "0", "m-1", "n", "loc", 1, 2, tags=[e.LoggedModelTag("a", "b")], params=[e.LoggedModelParameter("c", "d")]
    ),
    "LoggedModel, failed": e.LoggedModel(
        "0",
        "m-1",
        "n",
        "loc",
        1,
        2,
        "kind",
        "r",
        e.LoggedModelStatus.FAILED,
        "broken",
        [],
        [],
        [e.Metric("k", 1, 2, 3)],
    ),
    "LoggedModelInput": e.LoggedModelInput("m-1"),
    "LoggedModelOutput": e.LoggedModelOutput("m-1", 3),
    "LoggedModelParameter": e.LoggedModelParameter("a", "b"),
    "LoggedModelTag": e.LoggedModelTag("a", "b"),
    "Metric": e.Metric("k", 1.5, 2, 3),
    "Metric, NaN": e.Metric("k", float("nan"), 2**60, -3),
    "Metric, of a model": e.Metric("k", 1.5, 2, 3, "m-1", "n", "d", "r"),
    "ModelVersion": VERSION,
    "ModelVersionTag": r.ModelVersionTag("a", "b"),
    "Param": e.Param("a", "b"),
    "RegisteredModel": r.RegisteredModel(
        "m", 1, 2, "d", [VERSION], [r.RegisteredModelTag("a", "b")], [r.RegisteredModelAlias("x", "1")]
    ),
    "RegisteredModelAlias": r.RegisteredModelAlias("x", "1"),
    "RegisteredModelTag": r.RegisteredModelTag("a", "b"),
    "Run": e.Run(INFO, DATA, USED, MADE),
    "RunData": DATA,
    "RunInfo": INFO,
    "RunInputs": USED,
    "RunOutputs": MADE,
    "RunTag": e.RunTag("k", "v"),
    "Webhook": e.Webhook("w", "n", "https://x", [EVENT], 1, 2, "words", "DISABLED"),
    "WebhookEvent": EVENT,
    "WebhookTestResult": e.WebhookTestResult(True, 200, "body"),
    "_DatasetSummary": e._DatasetSummary("0", "n", "d", "train"),
}
STATES = (e.LoggedModelStatus, e.WebhookStatus)


def messages() -> dict[str, Any]:
    """Full name and bytes of each message; numbers of states."""
    made = {name: entity.to_proto() for name, entity in ENTITIES.items()}
    found: dict[str, Any] = {
        name: [message.DESCRIPTOR.full_name, message.SerializeToString(deterministic=True).hex()]
        for name, message in made.items()
    }
    return found | {kind.__name__: {state.name: state.to_proto() for state in kind} for kind in STATES}


if __name__ == "__main__":
    print(json.dumps(messages()))
