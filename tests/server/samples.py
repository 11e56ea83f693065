"""For every endpoint of the table, a request that is right, about things that exist."""

import hashlib
import os
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from mlflow.contract.route import Route
from mlflow.server.table import Endpoint
from tests.server.served import JSON, Served

SECRET = "kept-secret"


class Things(NamedTuple):
    """What the requests are about; all of it carries SECRET in its name."""

    experiment_id: str
    run_id: str
    model_id: str
    webhook_id: str
    upload_id: str
    view_id: str


class Request(NamedTuple):
    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]


def make_things(server: Served) -> Things:
    """An experiment with a run that has a bit of everything and a file, a logged model, and an upload under way."""
    experiment_id = server.new_experiment(SECRET)
    run_id = server.new_run(experiment_id, run_name=SECRET)
    point = {"key": SECRET, "value": 1.0, "timestamp": 1, "step": 0}
    pair = {"key": SECRET, "value": SECRET}
    server.post("runs/log-batch", {"run_id": run_id, "metrics": [point], "params": [pair], "tags": [pair]})
    dataset = {"name": SECRET, "digest": "1", "source_type": "local", "source": "{}"}
    server.post("runs/log-inputs", {"run_id": run_id, "datasets": [{"dataset": dataset, "tags": [pair]}]})
    server.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{experiment_id}/{run_id}/artifacts/a.txt", b"secret")
    upload = server.post("/api/ext/v1/artifacts/uploads", {"path": f"{experiment_id}/u.bin", "size": 3})
    made = {"experiment_id": experiment_id, "name": SECRET, "params": [pair], "tags": [pair]}
    model_id = server.post("logged-models", made).json["model"]["info"]["model_id"]
    server.send("PUT", f"/api/ext/v1/logged-models/{model_id}/artifacts/a.txt", b"secret")
    server.post("registered-models/create", {"name": SECRET, "tags": [pair]})
    source = f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts"
    server.post("model-versions/create", {"name": SECRET, "source": source, "run_id": run_id, "tags": [pair]})
    server.post("registered-models/alias", {"name": SECRET, "alias": SECRET, "version": "1"})
    webhook = {"name": SECRET, "url": "https://127.0.0.1:9/", "events": [NEVER]}
    os.environ["MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS"] = "true"  # for now: what is sent later is sent nowhere
    webhook_id = server.post("webhooks", webhook).json["webhook"]["webhook_id"]
    del os.environ["MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS"]
    view = server.post(f"/api/ext/v1/experiments/{experiment_id}/views", {"name": SECRET, "state": SECRET})
    view_id = view.json["view"]["view_id"]
    return Things(experiment_id, run_id, model_id, webhook_id, upload.json["upload_id"], view_id)


def requests(table: list[Endpoint], things: Things) -> Iterator[tuple[Route, Request]]:
    """One request for each method of each endpoint."""
    for endpoint in table:
        for method in endpoint.route.methods:
            yield endpoint.route, request_of(endpoint.route, method, things)


def request_of(route: Route, method: str, things: Things) -> Request:
    arguments = {field.name: _sample(route, field.name, things) for field in _wanted(route)}
    path = route.paths[0]
    for name in route.in_path:
        value = quote(str(arguments.pop(name)))
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value).replace(f"{{{name}:int}}", value)
    if route.name in BODIES:
        headers, body = BODIES[route.name]
        return Request(method, f"{path}?{urlencode(arguments, doseq=True)}", body, headers)
    if method in {"POST", "PATCH"} or (method == "DELETE" and arguments):
        return Request(method, path, msgspec.json.encode(arguments), JSON)
    return Request(method, f"{path}?{urlencode(arguments, doseq=True)}" if arguments else path, None, {})


def _wanted(route: Route) -> list[Any]:
    return [field for field in msgspec.structs.fields(route.params) if field.required or field.name in OPTIONAL]


def _sample(route: Route, name: str, things: Things) -> Any:
    if name == "name" and route.interface in REGISTRY and route.name != "create_registered_model":
        return SECRET
    by_name = {
        "experiment_id": things.experiment_id,
        "experiment_ids": [things.experiment_id],
        "experiment_name": SECRET,
        "run_id": [things.run_id] if route.name == "get_metric_history_bulk" else things.run_id,
        "run_ids": [things.run_id],
        "run_uuid": things.run_id,
        "model_id": things.model_id,
        "webhook_id": things.webhook_id,
        "upload_id": things.upload_id,
        "view_id": things.view_id,
        "topics": [f"exp:{things.experiment_id}"],
        "artifact_path": f"{things.experiment_id}/{things.run_id}/artifacts/a.txt",
        "path": f"{things.experiment_id}/u.bin" if route.name == "create_upload" else "a.txt",
        "since": 0,
    }
    return by_name.get(name, OTHERS.get(name))


NEVER = {"entity": "BUDGET_POLICY", "action": "EXCEEDED"}  # an event that does not happen here
OPTIONAL = {"experiment_id", "since"}
REGISTRY = {"RegisteredModels", "ModelVersions", "ModelAliases", "RegistryHistory", "ModelArtifacts"}
OTHERS: dict[str, Any] = {
    "name": "another",
    "new_name": SECRET,
    "version": "1",
    "alias": SECRET,
    "stage": "Staging",
    "state": SECRET,
    "source": "s3://bucket/model",
    "time": 2**42,
    "evidence": [{"check": SECRET}],
    "max_results": 10,
    "key": SECRET,
    "keys": [SECRET],
    "metric_key": SECRET,
    "kind": "tag",
    "value": 1.0,
    "timestamp": 1,
    "url": "https://8.8.8.8/",  # nothing is ever sent there
    "events": [NEVER],
    "delivery_id": "none",
    "digest": "1",
    "artifact_file_path": "a.txt",
    "tag_key": SECRET,
    "status": "LOGGED_MODEL_READY",
    "datasets": [],
    "models": [],
    "model_json": '{"run_id": "r", "artifact_path": "m", "utc_time_created": "t", "flavors": {}}',
    "size": 3,
    "sha256": hashlib.sha256(b"abc").hexdigest(),
    "number": 1,
    "journal_id": "0" * 32,
}
BODIES: dict[str, tuple[dict[str, str], bytes]] = {
    "ingest": ({"Content-Type": "application/vnd.mlflow.journal"}, struct.pack("<QI", 0, 0)),
    "upload_artifact": ({}, b"small"),
    "upload_logged_model_artifact": ({}, b"secret"),
    "upload_proxied": ({}, b"secret"),
    "upload_part": ({"X-Content-SHA256": hashlib.sha256(b"abc").hexdigest()}, b"abc"),
    "upload_bundle": ({}, b""),
}
