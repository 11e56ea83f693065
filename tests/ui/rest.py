"""Requests that put something on screen, as any client of the REST API would send them."""

import time
from typing import Any
from urllib.parse import urlencode

import urllib3


class Rest:
    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager()

    def post(self, path: str, **body: Any) -> Any:
        answer = self._pool.request("POST", f"{self.url}{path}", json=body)
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

    def upload(self, run_id: str, path: str, content: bytes) -> None:
        url = f"{self.url}/ajax-api/2.0/mlflow/upload-artifact"
        address = f"{url}?{urlencode({'run_uuid': run_id, 'path': path})}"
        answer = self._pool.request("POST", address, body=content, headers={"content-type": "application/octet-stream"})
        assert answer.status == 200, answer.data


def now() -> int:
    return time.time_ns() // 1_000_000
