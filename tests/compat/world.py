"""The same experiments and runs on any server, and its answers without what differs from server to server."""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import quote

import urllib3

JSON = {"Content-Type": "application/json"}
API = "/api/2.0/mlflow"
_TIMES = {"creation_time", "creation_timestamp", "last_update_time", "last_updated_timestamp"}
_TOKENS = {"next_page_token"}
_BY_KEY = {"metrics", "params", "tags"}  # of a run or experiment: their order means nothing


class World:
    """A server with known things on it; their ids differ from server to server, so requests name them `{like_this}`."""

    def __init__(self, url: str, prefix: str = "compat") -> None:
        self.url, self._prefix = url, prefix
        self.names: dict[str, str] = {}
        self._pool = urllib3.PoolManager()
        self._fill()

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
        target = f"{self.url}{self.filled(path, in_url=True)}"
        return self._pool.request(method, target, body=body, headers=headers or {}, retries=False, timeout=60)

    def post(self, path: str, content: Any) -> Any:
        answer = self.send("POST", f"{API}/{path}", self.filled(json.dumps(content)).encode(), JSON)
        assert answer.status == 200, answer.data
        return answer.json()

    def filled(self, text: str, in_url: bool = False) -> str:
        """The text with the names of things replaced by this server's ids."""
        return re.sub(r"{(\w+)}", lambda found: self._id(found[1], found[0], in_url), text)

    def _id(self, name: str, text: str, in_url: bool) -> str:
        known = self.names.get(name)
        if known is None:
            return text
        return quote(known) if in_url else known

    def normal(self, value: Any, key: str = "") -> Any:
        """A JSON value with this server's ids, times and addresses replaced by what they stand for."""
        if isinstance(value, dict):
            kept = {name: member for name, member in value.items() if (name, member) != ("outputs", {})}
            return {name: self.normal(member, name) for name, member in kept.items()}
        if isinstance(value, list):
            items = [self.normal(item, key) for item in value]
            if key == "latest_versions":
                return sorted(items, key=lambda item: str(item["version"]))  # they come in no order
            if key == "metrics" and any("run_id" in item for item in items):
                return sorted(items, key=lambda item: str(item["run_id"]))  # runs come by their random ids
            unordered = key in _BY_KEY and len({item["key"] for item in items}) == len(items)
            return sorted(items, key=lambda item: str(item["key"])) if unordered else items
        if key in _TIMES:
            return type(value).__name__
        if key == "experiment_id" and value not in self.names.values():
            return "{a new number}"  # a server counts what other tests made there too
        if key in _TOKENS:
            return "a token" if value else value
        return self._normal_text(value) if isinstance(value, str) else value

    def _normal_text(self, text: str) -> str:
        for name, known in self.names.items():
            text = text.replace(known, f"{{{name}}}") if len(known) == 32 else text
        if text in self.names.values():
            return next(f"{{{name}}}" for name, known in self.names.items() if known == text)
        text = re.sub(r"\b[0-9a-f]{32}\b", "{a new id}", text)
        text = re.sub(r"mlflow-artifacts:/\d+\b", "mlflow-artifacts:/{n}", text)
        text = re.sub(r"\bm-{a new id}", "m-{a new id}", text)
        return re.sub(r"\b[a-z]+-[a-z]+-\d{1,3}\b", "{a made up name}", text)

    def _fill(self) -> None:
        self._experiment("main", f"{self._prefix}: main", tags=[{"key": "team", "value": self._prefix}])
        self._experiment("trash", f"{self._prefix}: trash")
        self._run("trashed_child", "trash", 1)
        self.post("experiments/delete", {"experiment_id": self.names["trash"]})
        for number, name in enumerate(("one", "two", "three")):
            self._run(name, "main", 1000 + number)
        self._run("deleted", "main", 1)
        self.post("runs/delete", {"run_id": self.names["deleted"]})
        self._log()

    def _log(self) -> None:
        loss = [
            {"key": "loss", "value": v, "timestamp": t, "step": s}
            for v, t, s in ((3.0, 10, 0), (2.0, 20, 1), (1.0, 30, 2), (5.0, 15, 2), (4.0, 30, -1))
        ]
        odd = [
            {"key": "nan", "value": "NaN", "timestamp": 1, "step": 0},
            {"key": "inf", "value": "Infinity", "timestamp": 1, "step": 0},
        ]
        params = [{"key": "lr", "value": "0.1"}, {"key": "empty", "value": ""}]
        tags = [{"key": "stage", "value": "dev"}, {"key": "größe", "value": "mögliche Welt"}]
        self.post("runs/log-batch", {"run_id": "{one}", "metrics": loss + odd, "params": params, "tags": tags})
        more = [{"key": "loss", "value": 0.5, "timestamp": 5, "step": 9}]
        self.post("runs/log-batch", {"run_id": "{two}", "metrics": more, "params": [{"key": "lr", "value": "0.2"}]})
        dataset = {"name": "iris", "digest": "abc", "source_type": "local", "source": '{"uri": "/x"}', "schema": "{}"}
        context = [{"key": "mlflow.data.context", "value": "train"}]
        self.post("runs/log-inputs", {"run_id": "{one}", "datasets": [{"dataset": dataset, "tags": context}]})
        self.post("runs/update", {"run_id": "{two}", "status": "FINISHED", "end_time": 2000})
        for path, content in (("a.txt", b"hello"), ("d/b.json", b"{}"), ("d/e/empty.bin", b""), ("ü b.md", b"# x")):
            self.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{{main}}/{{one}}/artifacts/{quote(path)}", content)

    def _experiment(self, name: str, full_name: str, **members: Any) -> None:
        created = self.post("experiments/create", {"name": full_name, **members})
        self.names[name] = created["experiment_id"]

    def _run(self, name: str, experiment: str, start_time: int) -> None:
        body = {"experiment_id": self.names[experiment], "run_name": name, "start_time": start_time, "user_id": "me"}
        self.names[name] = self.post("runs/create", body)["run"]["info"]["run_id"]


class Outcome(NamedTuple):
    """What is compared: the status, a failure's code, and the parsed body of a success."""

    status: int
    code: str | None
    body: Any

    @classmethod
    def of(cls, world: World, answer: Any) -> "Outcome":
        try:
            content = json.loads(answer.data)
        except ValueError:
            return cls(answer.status, None, answer.data if answer.status < 300 else None)
        if answer.status >= 300:
            return cls(answer.status, content.get("error_code") if isinstance(content, dict) else None, None)
        return cls(answer.status, None, world.normal(content))
