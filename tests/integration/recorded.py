"""Read back over HTTP what a library has logged."""

import json
from typing import Any
from urllib.parse import quote

import urllib3


def ask(url: str, path: str, content: dict[str, Any] | None = None) -> Any:
    """GET, or POST where there is content, below /api/2.0/mlflow/."""
    address = f"{url}/api/2.0/mlflow/{path}"
    answer = urllib3.request("POST", address, json=content) if content else urllib3.request("GET", address)
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def runs_of(url: str, experiment: str) -> list[dict[str, Any]]:
    """The runs of an experiment by name, oldest first, with params, tags and latest metrics as mappings."""
    found = ask(url, f"experiments/get-by-name?experiment_name={quote(experiment)}")
    query = {"experiment_ids": [found["experiment"]["experiment_id"]], "order_by": ["attributes.start_time ASC"]}
    return [as_mappings(run) for run in ask(url, "runs/search", query).get("runs", [])]


def as_mappings(run: dict[str, Any]) -> dict[str, Any]:
    kinds = ("params", "tags", "metrics")
    return {
        "id": run["info"]["run_id"],
        "status": run["info"]["status"],
        "name": run["info"]["run_name"],
        **{kind: {item["key"]: item["value"] for item in run["data"].get(kind, [])} for kind in kinds},
    }


def history(url: str, run_id: str, key: str) -> list[float]:
    points = ask(url, f"metrics/get-history?run_id={run_id}&metric_key={quote(key)}").get("metrics", [])
    return [point["value"] for point in points]


def artifacts(url: str, run_id: str, path: str = "") -> set[str]:
    """Paths directly below ``path``."""
    answer = ask(url, f"artifacts/list?run_id={run_id}" + (f"&path={quote(path)}" if path else ""))
    return {file["path"] for file in answer.get("files", [])}
