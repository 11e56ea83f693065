"""Requests that put something on screen, as any client of the REST API would send them."""

import json
import time
from typing import Any
from urllib.parse import quote, urlencode

import urllib3


class Rest:
    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager()

    def post(self, path: str, **body: Any) -> Any:
        return self.send("POST", path, **body)

    def send(self, method: str, path: str, **body: Any) -> Any:
        answer = self._pool.request(method, f"{self.url}{path}", json=body)
        assert answer.status == 200, answer.data
        return answer.json()

    def experiment(self, name: str, **tags: str) -> str:
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        made = self.post("/api/2.0/mlflow/experiments/create", name=name, tags=listed)
        return str(made["experiment_id"])

    def run(self, experiment_id: str, name: str, start: int | None = None, **tags: str) -> str:
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        started = start if start is not None else now()
        made = self.post(
            "/api/2.0/mlflow/runs/create", experiment_id=experiment_id, run_name=name, start_time=started, tags=listed
        )
        return str(made["run"]["info"]["run_id"])

    def log(self, run_id: str, params: dict[str, str] | None = None, **series: list[float]) -> None:
        """Log params, and each metric's values at steps 0, 1, 2 …; `__` in a name stands for `/`."""
        points = [
            {"key": key.replace("__", "/"), "value": value, "step": step, "timestamp": now() + step}
            for key, values in series.items()
            for step, value in enumerate(values)
        ]
        pairs = [{"key": key, "value": value} for key, value in (params or {}).items()]
        for start in range(0, max(len(points), 1), 900):
            body = {"run_id": run_id, "metrics": points[start : start + 900], "params": pairs if start == 0 else []}
            self.post("/api/2.0/mlflow/runs/log-batch", **body)

    def end(self, run_id: str, status: str = "FINISHED") -> None:
        self.post("/api/2.0/mlflow/runs/update", run_id=run_id, status=status, end_time=now())

    def use(self, run_id: str, name: str, digest: str, context: str, **record: Any) -> None:
        """Note that a run used a dataset; `record` has its schema, profile and source as objects."""
        texts = {key: json.dumps(value) for key, value in {"source": {}, **record}.items()}
        dataset = {"name": name, "digest": digest, "source_type": "local", **texts}
        tags = [{"key": "mlflow.data.context", "value": context}]
        self.post("/api/2.0/mlflow/runs/log-inputs", run_id=run_id, datasets=[{"dataset": dataset, "tags": tags}])

    def logged_model(self, experiment_id: str, name: str, run_id: str = "", **params: str) -> str:
        """A logged model that is ready; the answer is its id."""
        pairs = [{"key": key, "value": value} for key, value in params.items()]
        body = {"experiment_id": experiment_id, "name": name, "source_run_id": run_id, "params": pairs}
        model_id = str(self.post("/api/2.0/mlflow/logged-models", **body)["model"]["info"]["model_id"])
        self.send("PATCH", f"/api/2.0/mlflow/logged-models/{model_id}", status="LOGGED_MODEL_READY")
        return model_id

    def output(self, run_id: str, model_id: str, step: int) -> None:
        """Note a logged model among what a run made, at one of its steps."""
        self.post("/api/2.0/mlflow/runs/outputs", run_id=run_id, models=[{"model_id": model_id, "step": step}])

    def measure(self, run_id: str, model_id: str, on: tuple[str, str] | None, **values: float) -> None:
        """Log metrics of a logged model, on a dataset of that name and digest or on none."""
        where = {"dataset_name": on[0], "dataset_digest": on[1]} if on else {}
        for key, value in values.items():
            point = {"key": key, "value": value, "timestamp": now(), "step": 0, "model_id": model_id}
            self.post("/api/2.0/mlflow/runs/log-metric", run_id=run_id, **point, **where)

    def put(self, path: str, content: bytes) -> None:
        """Send a file to an address below which files are put."""
        headers = {"content-type": "application/octet-stream"}
        answer = self._pool.request("PUT", f"{self.url}{quote(path)}", body=content, headers=headers)
        assert answer.status == 200, answer.data

    def upload(self, run_id: str, path: str, content: bytes) -> None:
        url = f"{self.url}/ajax-api/2.0/mlflow/upload-artifact"
        address = f"{url}?{urlencode({'run_uuid': run_id, 'path': path})}"
        answer = self._pool.request("POST", address, body=content, headers={"content-type": "application/octet-stream"})
        assert answer.status == 200, answer.data


def now() -> int:
    return time.time_ns() // 1_000_000
