"""Requests that both servers are sent, in this order; some change what later ones see.

`{one}`, `{two}`, `{three}`, `{deleted}` are runs of the experiment `{main}`; `{trash}` is a deleted experiment.
"""

from typing import Any, NamedTuple

API = "/api/2.0/mlflow"
NOBODY = "0123456789abcdef0123456789abcdef"


class Case(NamedTuple):
    id: str
    method: str
    path: str
    content: Any = None  # JSON, or bytes sent as they are
    headers: dict[str, str] | None = None


def get(id: str, path: str) -> Case:
    return Case(id, "GET", path if path.startswith("/") else f"{API}/{path}")


def post(id: str, path: str, content: Any = None, headers: dict[str, str] | None = None) -> Case:
    return Case(id, "POST", path if path.startswith("/") else f"{API}/{path}", content, headers)


def metric(**members: Any) -> dict[str, Any]:
    return {"run_id": "{three}", "key": "m", "value": 1.0, "timestamp": 5, "step": 1, **members}


def search(text: str, **members: Any) -> dict[str, Any]:
    return {"experiment_ids": ["{main}"], "filter": text, **members}


EXPERIMENTS = [
    get("experiment by id", "experiments/get?experiment_id={main}"),
    get("deleted experiment by id", "experiments/get?experiment_id={trash}"),
    get("unknown experiment", "experiments/get?experiment_id=987654"),
    get("experiment id that is no number", "experiments/get?experiment_id=abc"),
    get("experiment without id", "experiments/get"),
    get("experiment with an empty id", "experiments/get?experiment_id="),
    get("experiment by camel case", "experiments/get?experimentId={main}"),
    get("experiment through ajax", "/ajax-api/2.0/mlflow/experiments/get?experiment_id={main}"),
    get("experiment by name", "experiments/get-by-name?experiment_name=compat%3A%20main"),
    get("deleted experiment by name", "experiments/get-by-name?experiment_name=compat%3A%20trash"),
    get("unknown name", "experiments/get-by-name?experiment_name=nobody"),
    get("no name", "experiments/get-by-name"),
    post("create without name", "experiments/create", {}),
    post("create with an empty name", "experiments/create", {"name": ""}),
    post("create with a number as name", "experiments/create", {"name": 5}),
    post("create with a name of 501", "experiments/create", {"name": "x" * 501}),
    post("create a name that is taken", "experiments/create", {"name": "compat: main"}),
    post("create a name in the trash", "experiments/create", {"name": "compat: trash"}),
    post(
        "create with a location with a fragment",
        "experiments/create",
        {"name": "c1", "artifact_location": "s3://b/x#y"},
    ),
    post(
        "create with a query in its location", "experiments/create", {"name": "c2", "artifact_location": "s3://b/x?y"}
    ),
    post("create in a run", "experiments/create", {"name": "c3", "artifact_location": "runs:/x/y"}),
    post("create at a host", "experiments/create", {"name": "c4", "artifact_location": "http://host/x"}),
    post("create with tags", "experiments/create", {"name": "c5", "tags": [{"key": "a", "value": "b"}]}),
    post("create with a bad tag", "experiments/create", {"name": "c6", "tags": [{"key": "../a", "value": "b"}]}),
    post("rename", "experiments/update", {"experiment_id": "{main}", "new_name": "compat: renamed"}),
    post("rename back", "experiments/update", {"experiment_id": "{main}", "new_name": "compat: main"}),
    post("rename to the same", "experiments/update", {"experiment_id": "{main}", "new_name": "compat: main"}),
    post("rename to a taken name", "experiments/update", {"experiment_id": "{main}", "new_name": "compat: trash"}),
    post("rename without a name", "experiments/update", {"experiment_id": "{main}"}),
    post("rename in the trash", "experiments/update", {"experiment_id": "{trash}", "new_name": "x"}),
    post("tag an experiment", "experiments/set-experiment-tag", {"experiment_id": "{main}", "key": "k", "value": "v"}),
    post("tag without value", "experiments/set-experiment-tag", {"experiment_id": "{main}", "key": "k2"}),
    post("tag an unknown experiment", "experiments/set-experiment-tag", {"experiment_id": "98765", "key": "k"}),
    post("tag in the trash", "experiments/set-experiment-tag", {"experiment_id": "{trash}", "key": "k"}),
    post(
        "tag with a long value",
        "experiments/set-experiment-tag",
        {"experiment_id": "{main}", "key": "k", "value": "x" * 20001},
    ),
    post("untag", "experiments/delete-experiment-tag", {"experiment_id": "{main}", "key": "k2"}),
    post("untag what is not there", "experiments/delete-experiment-tag", {"experiment_id": "{main}", "key": "k2"}),
    get("experiment with tags", "experiments/get?experiment_id={main}"),
    post("delete an unknown experiment", "experiments/delete", {"experiment_id": "98765"}),
    post("delete twice", "experiments/delete", {"experiment_id": "{trash}"}),
    post("restore what is not deleted", "experiments/restore", {"experiment_id": "{main}"}),
    post("search experiments without a size", "experiments/search", {}),
    post("search experiments", "experiments/search", {"max_results": 10, "filter": "name LIKE 'compat:%'"}),
    post(
        "search the trash",
        "experiments/search",
        {"max_results": 10, "view_type": "DELETED_ONLY", "filter": "name LIKE 'compat:%'"},
    ),
    post(
        "search all by number",
        "experiments/search",
        {"max_results": 10, "view_type": 3, "filter": "name LIKE 'compat:%'"},
    ),
    get("search experiments by query", "experiments/search?max_results=10&filter=name%20LIKE%20%27compat%3A%25%27"),
    post("search experiments by tag", "experiments/search", {"max_results": 10, "filter": "tags.team = 'compat'"}),
    post(
        "order experiments",
        "experiments/search",
        {"max_results": 10, "filter": "name LIKE 'compat:%'", "view_type": "ALL", "order_by": ["name ASC"]},
    ),
    post("order experiments badly", "experiments/search", {"max_results": 10, "order_by": ["color"]}),
    post("a wrong filter of experiments", "experiments/search", {"max_results": 10, "filter": "color = 'red'"}),
    post("too many experiments", "experiments/search", {"max_results": 50001}),
    post("no experiments", "experiments/search", {"max_results": 10, "filter": "name = 'nobody'"}),
]

RUNS = [
    get("run", "runs/get?run_id={one}"),
    get("run by uuid", "runs/get?run_uuid={one}"),
    get("finished run", "runs/get?run_id={two}"),
    get("deleted run", "runs/get?run_id={deleted}"),
    get("run of a deleted experiment", "runs/get?run_id={trashed_child}"),
    get("unknown run", f"runs/get?run_id={NOBODY}"),
    get("run without id", "runs/get"),
    post("create in the trash", "runs/create", {"experiment_id": "{trash}"}),
    post("create in an unknown experiment", "runs/create", {"experiment_id": "98765"}),
    post("create with a bad experiment id", "runs/create", {"experiment_id": "abc"}),
    post(
        "create with two names",
        "runs/create",
        {"experiment_id": "{main}", "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]},
    ),
    post(
        "create with a name in a tag",
        "runs/create",
        {"experiment_id": "{main}", "tags": [{"key": "mlflow.runName", "value": "b"}], "start_time": 3},
    ),
    post("create with camel case", "runs/create", {"experimentId": "{main}", "runName": "camel", "startTime": "7"}),
    post("create with an unknown member", "runs/create", {"experiment_id": "{main}", "run_name": "u", "color": "red"}),
    post("create with a wrong start", "runs/create", {"experiment_id": "{main}", "start_time": "soon"}),
    post("update a status", "runs/update", {"run_id": "{three}", "status": "FAILED", "end_time": 77}),
    post("update by number", "runs/update", {"run_id": "{three}", "status": 1}),
    post("update to an unknown status", "runs/update", {"run_id": "{three}", "status": "BOGUS"}),
    post("rename a run", "runs/update", {"run_id": "{three}", "run_name": "third"}),
    post("rename a run to nothing", "runs/update", {"run_id": "{three}", "run_name": ""}),
    post("update a deleted run", "runs/update", {"run_id": "{deleted}", "status": "FAILED"}),
    post("update an unknown run", "runs/update", {"run_id": NOBODY, "status": "FAILED"}),
    get("updated run", "runs/get?run_id={three}"),
    post("log a param", "runs/log-parameter", {"run_id": "{three}", "key": "p", "value": "v"}),
    post("log it again", "runs/log-parameter", {"run_id": "{three}", "key": "p", "value": "v"}),
    post("change a param", "runs/log-parameter", {"run_id": "{three}", "key": "p", "value": "w"}),
    post("param without value", "runs/log-parameter", {"run_id": "{three}", "key": "p2"}),
    post("param without key", "runs/log-parameter", {"run_id": "{three}", "value": "v"}),
    post("param that is a number", "runs/log-parameter", {"run_id": "{three}", "key": "p3", "value": 5}),
    post("param with a bad key", "runs/log-parameter", {"run_id": "{three}", "key": "a//b", "value": "v"}),
    post("param of a deleted run", "runs/log-parameter", {"run_id": "{deleted}", "key": "p", "value": "v"}),
    post("param of an unknown run", "runs/log-parameter", {"run_id": NOBODY, "key": "p", "value": "v"}),
    post("param by uuid", "runs/log-parameter", {"run_uuid": "{three}", "key": "p4", "value": "v"}),
    post("set a tag", "runs/set-tag", {"run_id": "{three}", "key": "t", "value": "v"}),
    post("overwrite a tag", "runs/set-tag", {"run_id": "{three}", "key": "t", "value": "w"}),
    post("tag with a bad key", "runs/set-tag", {"run_id": "{three}", "key": "/x", "value": "v"}),
    post("tag with a key of 251", "runs/set-tag", {"run_id": "{three}", "key": "x" * 251, "value": "v"}),
    post("rename by tag", "runs/set-tag", {"run_id": "{three}", "key": "mlflow.runName", "value": "by tag"}),
    post("delete a tag", "runs/delete-tag", {"run_id": "{three}", "key": "t"}),
    post("delete it again", "runs/delete-tag", {"run_id": "{three}", "key": "t"}),
    post(
        "batch",
        "runs/log-batch",
        {
            "run_id": "{three}",
            "params": [{"key": "bp", "value": "1"}],
            "tags": [{"key": "bt", "value": "2"}],
            "metrics": [{"key": "bm", "value": "1.5", "timestamp": "7"}],
        },
    ),
    post(
        "batch with a param twice",
        "runs/log-batch",
        {"run_id": "{three}", "params": [{"key": "q", "value": "1"}, {"key": "q", "value": "1"}]},
    ),
    post(
        "batch that changes a param",
        "runs/log-batch",
        {"run_id": "{three}", "params": [{"key": "bp", "value": "2"}], "tags": [{"key": "never", "value": "2"}]},
    ),
    post(
        "batch with 101 params",
        "runs/log-batch",
        {"run_id": "{three}", "params": [{"key": f"k{i}", "value": "1"} for i in range(101)]},
    ),
    post(
        "batch with 1001 metrics",
        "runs/log-batch",
        {"run_id": "{three}", "metrics": [{"key": "k", "value": 1, "timestamp": 1, "step": i} for i in range(1001)]},
    ),
    post(
        "batch with a metric without key",
        "runs/log-batch",
        {"run_id": "{three}", "metrics": [{"value": 1, "timestamp": 1}]},
    ),
    post(
        "batch with a metric without value",
        "runs/log-batch",
        {"run_id": "{three}", "metrics": [{"key": "k", "timestamp": 1}]},
    ),
    post("empty batch", "runs/log-batch", {"run_id": "{three}"}),
    post("batch without run", "runs/log-batch", {"metrics": []}),
    get("run after all that", "runs/get?run_id={three}"),
    post("delete a run", "runs/delete", {"run_id": "{three}"}),
    post("delete a run twice", "runs/delete", {"run_id": "{three}"}),
    post("restore a run", "runs/restore", {"run_id": "{three}"}),
    post("restore a run twice", "runs/restore", {"run_id": "{three}"}),
    post("delete an unknown run", "runs/delete", {"run_id": NOBODY}),
]

METRICS = [
    post("log a metric", "runs/log-metric", metric()),
    post("log the same point", "runs/log-metric", metric()),
    post("a metric as text", "runs/log-metric", metric(value="2.5", timestamp="6", step="2")),
    post("a metric that is true", "runs/log-metric", metric(value=True, timestamp=7)),
    post("NaN as text", "runs/log-metric", metric(value="NaN", timestamp=8)),
    post("-Infinity as text", "runs/log-metric", metric(value="-Infinity", timestamp=9)),
    post("a metric without value", "runs/log-metric", {"run_id": "{three}", "key": "m", "timestamp": 5}),
    post("a metric without time", "runs/log-metric", {"run_id": "{three}", "key": "m", "value": 5}),
    post("a metric with a word", "runs/log-metric", metric(value="high")),
    post("a metric at a negative time", "runs/log-metric", metric(timestamp=-1)),
    post("a metric at a negative step", "runs/log-metric", metric(step=-5)),
    post("a metric with a bad key", "runs/log-metric", metric(key="a/../b")),
    post("a metric of a deleted run", "runs/log-metric", metric(run_id="{deleted}")),
    post("a metric of an unknown run", "runs/log-metric", metric(run_id=NOBODY)),
    get("run with metrics", "runs/get?run_id={three}"),
    get("history", "metrics/get-history?run_id={one}&metric_key=loss"),
    get("history with NaN", "metrics/get-history?run_id={three}&metric_key=m"),
    get("history with infinity", "metrics/get-history?run_id={one}&metric_key=inf"),
    get("history page", "metrics/get-history?run_id={one}&metric_key=loss&max_results=2"),
    get("history of size 0", "metrics/get-history?run_id={one}&metric_key=loss&max_results=0"),
    get("history with a bad token", "metrics/get-history?run_id={one}&metric_key=loss&max_results=2&page_token=!"),
    get("history of an unknown key", "metrics/get-history?run_id={one}&metric_key=nope"),
    get("history of an unknown run", f"metrics/get-history?run_id={NOBODY}&metric_key=loss"),
    get("history without key", "metrics/get-history?run_id={one}"),
    get("bulk", "/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id={one}&run_id={two}&metric_key=loss"),
    get("bulk without runs", "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=loss"),
    get("bulk of an unknown run", f"/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id={NOBODY}&metric_key=loss"),
    get("bulk of 101 runs", "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=loss" + "&run_id={one}" * 101),
    get(
        "interval", "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&run_ids={two}&metric_key=loss"
    ),
    get(
        "interval thinned",
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&metric_key=loss&max_results=2",
    ),
    get(
        "interval window",
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&metric_key=loss&start_step=0&end_step=1",
    ),
    get(
        "interval with half a window",
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&metric_key=loss&start_step=0",
    ),
    get(
        "interval turned round",
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&metric_key=loss&start_step=5&end_step=1",
    ),
    get(
        "interval too fine",
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={one}&metric_key=loss&max_results=2501",
    ),
]

SEARCH = [
    post("all runs", "runs/search", search("")),
    post("runs nowhere", "runs/search", {}),
    post("runs of no experiment", "runs/search", {"experiment_ids": []}),
    post("runs of an unknown experiment", "runs/search", {"experiment_ids": ["98765"]}),
    post("runs of a wrong experiment", "runs/search", {"experiment_ids": ["abc"]}),
    post("runs by metric", "runs/search", search("metrics.loss < 2")),
    post("runs by param", "runs/search", search("params.lr = '0.1'")),
    post("runs by tag", "runs/search", search("tags.stage LIKE 'd%'")),
    post("runs by a quoted tag", "runs/search", search('tags."stage" = "dev"')),
    post("runs by name", "runs/search", search("run_name = 'one'")),
    post("runs by dataset", "runs/search", search("dataset.name = 'iris'")),
    post("runs that lack a param", "runs/search", search("params.lr IS NULL")),
    post("deleted runs", "runs/search", search("", run_view_type="DELETED_ONLY")),
    post("runs by number of view", "runs/search", search("", run_view_type=3)),
    post("runs by an unknown view", "runs/search", search("", run_view_type="SOME")),
    post("a page of runs", "runs/search", search("", max_results=2)),
    post("a page of 0", "runs/search", search("", max_results=0)),
    post("a page of -1", "runs/search", search("", max_results=-1)),
    post("a page of 50001", "runs/search", search("", max_results=50001)),
    post("a wrong token", "runs/search", search("", page_token="!!!")),
    post("runs by metric order", "runs/search", search("metrics.loss < 100", order_by=["metrics.loss DESC"])),
    post("runs by param order", "runs/search", search("params.lr != 'x'", order_by=["params.lr ASC"])),
    post("runs by start", "runs/search", search("start_time > 1", order_by=["start_time ASC"])),
    post("a wrong order", "runs/search", search("", order_by=["color ASC"])),
    post("a wrong attribute", "runs/search", search("color = 'red'")),
    post("a wrong operator", "runs/search", search("params.lr > 0.1")),
    post("a number for a text", "runs/search", search("tags.stage = 5")),
    post("half a filter", "runs/search", search("metrics.loss <")),
    post("a semicolon", "runs/search", search("metrics.loss < 2; DROP TABLE runs")),
    post("datasets", "/ajax-api/2.0/mlflow/experiments/search-datasets", {"experiment_ids": ["{main}"]}),
    post("datasets of nothing", "/ajax-api/2.0/mlflow/experiments/search-datasets", {"experiment_ids": []}),
    post("log no inputs", "runs/log-inputs", {"run_id": "{one}"}),
    post("log inputs to an unknown run", "runs/log-inputs", {"run_id": NOBODY, "datasets": []}),
    post("log no outputs", "runs/outputs", {"run_id": "{one}"}),
]

ARTIFACTS = [
    get("list", "artifacts/list?run_id={one}"),
    get("list a folder", "artifacts/list?run_id={one}&path=d"),
    get("list a file", "artifacts/list?run_id={one}&path=a.txt"),
    get("list what is not there", "artifacts/list?run_id={one}&path=nope"),
    get("list above", "artifacts/list?run_id={one}&path=../x"),
    get("list of an unknown run", f"artifacts/list?run_id={NOBODY}"),
    get("list by uuid", "artifacts/list?run_uuid={one}"),
    get("file", "/get-artifact?run_uuid={one}&path=a.txt"),
    get("file that is not there", "/get-artifact?run_uuid={one}&path=nope.txt"),
    get("file above", "/get-artifact?run_uuid={one}&path=../../a"),
    get("a folder as a file", "/get-artifact?run_uuid={one}&path=d"),
    get("proxied list", "/api/2.0/mlflow-artifacts/artifacts?path={main}/{one}/artifacts"),
    get("proxied list of nothing", "/api/2.0/mlflow-artifacts/artifacts?path=no/such"),
    get("proxied list above", "/api/2.0/mlflow-artifacts/artifacts?path=../x"),
    get("proxied file", "/api/2.0/mlflow-artifacts/artifacts/{main}/{one}/artifacts/d/b.json"),
    get("proxied file through ajax", "/ajax-api/2.0/mlflow-artifacts/artifacts/{main}/{one}/artifacts/a.txt"),
    get("proxied file that is not there", "/api/2.0/mlflow-artifacts/artifacts/{main}/nope"),
    get("proxied file with encoded dots", "/api/2.0/mlflow-artifacts/artifacts/%252e%252e/x"),
    Case("put", "PUT", "/api/2.0/mlflow-artifacts/artifacts/{main}/{two}/artifacts/x/y.txt", b"new"),
    get("put file", "/api/2.0/mlflow-artifacts/artifacts/{main}/{two}/artifacts/x/y.txt"),
    Case("put above", "PUT", "/api/2.0/mlflow-artifacts/artifacts/%2e%2e/%2e%2e/y.txt", b"new"),
    Case("delete a file", "DELETE", "/api/2.0/mlflow-artifacts/artifacts/{main}/{two}/artifacts/x/y.txt"),
    Case("delete it twice", "DELETE", "/api/2.0/mlflow-artifacts/artifacts/{main}/{two}/artifacts/x/y.txt"),
    post("multipart", "/api/2.0/mlflow-artifacts/mpu/create/{main}/x", {"path": "y", "num_parts": 1}),
    post("upload by page", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid={one}&path=p.txt", b"page", {}),
    post("upload by page without path", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid={one}", b"page", {}),
]

DIALECT = [
    post("no content type", "runs/search", b"{}", {}),
    post("plain text", "runs/search", b"{}", {"Content-Type": "text/plain"}),
    post("json with a charset", "runs/search", b"{}", {"Content-Type": "application/json; charset=utf-8"}),
    post("empty body", "runs/search", b"", {"Content-Type": "application/json"}),
    post("no json", "experiments/create", b"not json", {"Content-Type": "application/json"}),
    post(
        "json in a string",
        "runs/set-tag",
        b'"{\\"run_id\\": \\"x\\", \\"key\\": \\"k\\"}"',
        {"Content-Type": "application/json"},
    ),
    post("a list", "runs/search", b"[]", {"Content-Type": "application/json"}),
    post("both spellings", "runs/set-tag", {"run_id": "{one}", "runId": "{one}", "key": "k", "value": "v"}),
    get("unknown path", "runs/nothing"),
    get("wrong method", "runs/create"),
    Case("options", "OPTIONS", f"{API}/runs/create"),
    get("health", "/health"),
    get("server info", "/api/3.0/mlflow/server-info"),
    get("version", "/version"),
    Case(
        "foreign origin",
        "POST",
        f"{API}/runs/search",
        {},
        {"Content-Type": "application/json", "Origin": "https://evil.example"},
    ),
    Case(
        "local origin",
        "POST",
        f"{API}/runs/search",
        {},
        {"Content-Type": "application/json", "Origin": "http://localhost:3000"},
    ),
    post("tags that are no list", "runs/create", {"experiment_id": "{main}", "tags": "a"}),
    Case("bad host", "GET", f"{API}/experiments/get?experiment_id=0", None, {"Host": "evil.example"}),
]

CASES = [*EXPERIMENTS, *RUNS, *METRICS, *SEARCH, *ARTIFACTS, *DIALECT]
