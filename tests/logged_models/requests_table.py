"""Requests about logged models that both servers are sent, in this order; some change what later ones see.

`{a}`, `{b}`, `{c}` are models of the experiment `{main}` made in this order, `{deleted}` is in the trash, `{one}` is a
run.
"""

from typing import Any, NamedTuple

from tests.compat.requests_table import Case, get, post

NOBODY = "m-0123456789abcdef0123456789abcdef"
MODELS = "logged-models"


def patch(id: str, path: str, content: Any = None) -> Case:
    return Case(id, "PATCH", f"/api/2.0/mlflow/{path}", content)


def delete(id: str, path: str) -> Case:
    return Case(id, "DELETE", f"/api/2.0/mlflow/{path}")


def search(id: str, **members: Any) -> Case:
    return post(id, f"{MODELS}/search", {"experiment_ids": ["{main}"], **members})


def finalize(id: str, status: Any) -> Case:
    return patch(id, f"{MODELS}/{{c}}", {"model_id": "{c}", "status": status})


PARAM = [{"key": "x", "value": "1"}]
X = {"dataset_name": "train", "dataset_digest": "x"}

CREATE = [
    post("model without experiment", MODELS, {}),
    post("model in an unknown experiment", MODELS, {"experiment_id": "98765"}),
    post("model in an experiment that is no number", MODELS, {"experiment_id": "abc"}),
    post("model in the trash", MODELS, {"experiment_id": "{trash}"}),
    post("plain model", MODELS, {"experiment_id": "{other}"}),
    post("model by camel case", MODELS, {"experimentId": "{other}", "modelType": "T", "sourceRunId": "r"}),
    post("model with an empty name", MODELS, {"experiment_id": "{other}", "name": ""}),
    post("model with a number as name", MODELS, {"experiment_id": "{other}", "name": 5}),
    *[
        post(f"model named {name}", MODELS, {"experiment_id": "{other}", "name": name})
        for name in ("a/b", "a:b", "a.b", "a%b", "a'b")
    ],
    post("model with a param twice", MODELS, {"experiment_id": "{other}", "params": PARAM * 2}),
    post("model with a tag twice", MODELS, {"experiment_id": "{other}", "tags": PARAM * 2}),
    post("model with a param without value", MODELS, {"experiment_id": "{other}", "params": [{"key": "x"}]}),
    post("models through ajax", "/ajax-api/2.0/mlflow/logged-models", {"experiment_id": "{other}", "name": "ajax"}),
]
READ = [
    get("model", f"{MODELS}/{{a}}"),
    get("model with points", f"{MODELS}/{{b}}"),
    get("unknown model", f"{MODELS}/{NOBODY}"),
    get("deleted model", f"{MODELS}/{{deleted}}"),
    get("deleted model that is allowed", f"{MODELS}/{{deleted}}?allow_deleted=true"),
    get("files of a model", f"{MODELS}/{{a}}/artifacts/directories"),
    get("files of a folder", f"{MODELS}/{{a}}/artifacts/directories?artifact_directory_path=sub"),
    get("files of a file", f"{MODELS}/{{a}}/artifacts/directories?artifact_directory_path=MLmodel"),
    get("files of nothing", f"{MODELS}/{{a}}/artifacts/directories?artifact_directory_path=nothing"),
    get("files of a parent", f"{MODELS}/{{a}}/artifacts/directories?artifact_directory_path=../.."),
    get("files of an unknown model", f"{MODELS}/{NOBODY}/artifacts/directories"),
    get("file", f"/ajax-api/2.0/mlflow/{MODELS}/{{a}}/artifacts/files?artifact_file_path=MLmodel"),
    get("file that is a folder", f"/ajax-api/2.0/mlflow/{MODELS}/{{a}}/artifacts/files?artifact_file_path=sub"),
    get("file that is not there", f"/ajax-api/2.0/mlflow/{MODELS}/{{a}}/artifacts/files?artifact_file_path=nothing"),
    get("file of a parent", f"/ajax-api/2.0/mlflow/{MODELS}/{{a}}/artifacts/files?artifact_file_path=../x"),
]
CHANGE = [
    finalize("ready", "LOGGED_MODEL_READY"),
    finalize("failed by number", 3),
    finalize("pending by text of a number", "1"),
    patch("no state", f"{MODELS}/{{c}}", {"model_id": "{c}"}),
    patch("state of an unknown model", f"{MODELS}/{NOBODY}", {"model_id": NOBODY, "status": 2}),
    patch("tags", f"{MODELS}/{{c}}/tags", {"tags": [{"key": "k", "value": "v"}, {"key": "ü/x", "value": ""}]}),
    patch("no tags", f"{MODELS}/{{c}}/tags", {}),
    patch("tags of an unknown model", f"{MODELS}/{NOBODY}/tags", {"tags": PARAM}),
    delete("untag", f"{MODELS}/{{c}}/tags/k"),
    delete("untag what is not there", f"{MODELS}/{{c}}/tags/k"),
    post("params", f"{MODELS}/{{c}}/params", {"model_id": "{c}", "params": PARAM}),
    post("params that are there", f"{MODELS}/{{c}}/params", {"model_id": "{c}", "params": PARAM}),
    post("params of an unknown model", f"{MODELS}/{NOBODY}/params", {"model_id": NOBODY, "params": PARAM}),
    get("model that was changed", f"{MODELS}/{{c}}"),
    delete("delete", f"{MODELS}/{{gone}}"),
    delete("delete again", f"{MODELS}/{{gone}}"),
    delete("delete an unknown model", f"{MODELS}/{NOBODY}"),
    get("model that was deleted", f"{MODELS}/{{gone}}"),
    patch("tag what was deleted", f"{MODELS}/{{gone}}/tags", {"tags": PARAM}),
    post(
        "metric of an unknown model",
        "runs/log-metric",
        {"run_id": "{one}", "key": "m", "value": 1, "timestamp": 1, "model_id": NOBODY},
    ),
]
FILTERS = [
    "metrics.m > 0",
    "metrics.m = 1",
    "metrics.m >= 3 AND metrics.m < 8",
    "metrics.m != 9",
    "metrics.other > 1",
    "params.p = '1'",
    "params.p != '1'",
    "params.p LIKE '%'",
    "params.p IN ('1','2')",
    "tags.t='x'",
    "name = 'a'",
    "name IN ('a', 'b')",
    "name LIKE 'A%'",
    "name ILIKE 'A%'",
    "attributes.name = 'a'",
    "model_type = 'T'",
    "model_type != 'T'",
    "model_type = ''",
    "source_run_id = '{one}'",
    "source_run_id != '{one}'",
    "experiment_id = '{main}'",
    "creation_time > 0",
    "creation_timestamp > 0",
    "last_updated_timestamp < 5",
    "lifecycle_stage = 'active'",
    "artifact_location LIKE '%artifacts'",
    "metric.m > 1",
    "name = ",
    "",
]
ORDERS: list[list[dict[str, Any]]] = [
    [{"field_name": "name"}],
    [{"field_name": "name", "ascending": False}],
    [{"field_name": "creation_time"}],
    [{"field_name": "metrics.m", "ascending": False}],
    [{"field_name": "metrics.m"}],
    [{"field_name": "metrics.m", "dataset_name": "train", "dataset_digest": "x"}],
    [{"field_name": "metrics.m", "dataset_name": "train"}],
    [{"field_name": "metrics.nobody"}],
    [{"field_name": "metrics.m"}, {"field_name": "name", "ascending": False}],
    [{"field_name": "params.p"}],
    [{"field_name": "bogus"}],
    [{}],
]
DATASETS: list[list[dict[str, Any]]] = [
    [X],
    [{"dataset_name": "train", "dataset_digest": "nothing"}],
    [{"dataset_name": "nobody", "dataset_digest": "x"}],
    [{}],
    [X, {"dataset_name": "test", "dataset_digest": "y"}],
]
SEARCH = [
    *[search(f"filter {text}", filter=text) for text in FILTERS],
    *[search(f"order {order}", order_by=order) for order in ORDERS],
    *[search(f"datasets {datasets}", datasets=datasets) for datasets in DATASETS],
    search("datasets and a metric", datasets=[X], filter="metrics.m >= 5"),
    search("datasets and a name", datasets=[X], filter="name LIKE '%'"),
    search("page of two", max_results=2),
    search("page of none", max_results=0),
    search("garbage as token of a page", page_token="garbage"),
    post("models of no experiments", f"{MODELS}/search", {"experiment_ids": []}),
    post("models of an unknown experiment", f"{MODELS}/search", {"experiment_ids": ["98765"]}),
    post("models without experiments", f"{MODELS}/search", {}),
    post("models of an experiment that is no number", f"{MODELS}/search", {"experiment_ids": ["abc"]}),
]
LAST = [
    delete("untag with a slash", f"{MODELS}/{{c}}/tags/%C3%BC%2Fx"),
    finalize("no such state", "BOGUS"),
]
CASES = [*CREATE, *READ, *SEARCH, *CHANGE, *LAST]


class Difference(NamedTuple):
    ours: tuple[int, str | None]
    reason: str


INVALID = (400, "INVALID_PARAMETER_VALUE")
DIFFERENCES: dict[str, Difference] = {
    "model by camel case": Difference((200, None), "theirs takes the alias elsewhere, but misses the experiment here"),
    "no such state": Difference(INVALID, "theirs makes the state unspecified"),
    "untag with a slash": Difference((200, None), "theirs has no way to name such a tag"),
    "garbage as token of a page": Difference(INVALID, "theirs fails with 500"),
}
