"""Requests about the model registry that both servers are sent, in this order; some change what later ones see.

`{one}` is a run of the experiment `{main}`, whose artifact root `{root}` is.
"""

from typing import Any

from tests.compat.requests_table import API, Case, get, post


def send(id: str, method: str, path: str, content: Any = None) -> Case:
    return Case(id, method, f"{API}/{path}", content)


def version(source: str, **members: Any) -> dict[str, Any]:
    return {"name": "m", "source": source, **members}


def model_filter(text: str) -> str:
    return f"registered-models/search?filter={text}"


def version_filter(text: str) -> str:
    return f"model-versions/search?filter={text}"


MODELS = [
    post("create a model", "registered-models/create", {"name": "m", "tags": [{"key": "a", "value": "1"}]}),
    post("create a model with a description", "registered-models/create", {"name": "n", "description": "d"}),
    post("create a model that is there", "registered-models/create", {"name": "m"}),
    post("create a model without name", "registered-models/create", {}),
    post("create a model with an empty name", "registered-models/create", {"name": ""}),
    post("create a model with a slash", "registered-models/create", {"name": "a/b"}),
    post("create a model with a colon", "registered-models/create", {"name": "a:b"}),
    post("create a model named ..", "registered-models/create", {"name": ".."}),
    post("create a model with a number as name", "registered-models/create", {"name": 5}),
    post("create a model with a bad tag", "registered-models/create", {"name": "t", "tags": [{"key": "../x"}]}),
    post("create a model with an empty tag", "registered-models/create", {"name": "ü", "tags": [{"key": "e"}]}),
    get("model", "registered-models/get?name=m"),
    get("model through ajax", "/ajax-api/2.0/mlflow/registered-models/get?name=m"),
    get("unknown model", "registered-models/get?name=nobody"),
    get("model without name", "registered-models/get"),
    send("describe a model", "PATCH", "registered-models/update", {"name": "m", "description": "new"}),
    send("take a description away", "PATCH", "registered-models/update", {"name": "m"}),
    send("describe an unknown model", "PATCH", "registered-models/update", {"name": "x", "description": "new"}),
    post("tag a model", "registered-models/set-tag", {"name": "m", "key": "b", "value": "2"}),
    post("tag a model without value", "registered-models/set-tag", {"name": "m", "key": "c"}),
    post("tag a model without key", "registered-models/set-tag", {"name": "m"}),
    post("tag an unknown model", "registered-models/set-tag", {"name": "x", "key": "b", "value": "2"}),
    post("tag a model too long", "registered-models/set-tag", {"name": "m", "key": "b", "value": "x" * 100_001}),
    send("delete a model's tag", "DELETE", "registered-models/delete-tag", {"name": "m", "key": "b"}),
    send("delete an absent tag of a model", "DELETE", "registered-models/delete-tag", {"name": "m", "key": "zz"}),
    get("model with tags", "registered-models/get?name=m"),
    post("rename to a taken name", "registered-models/rename", {"name": "n", "new_name": "m"}),
    post("rename to nothing", "registered-models/rename", {"name": "n"}),
    post("rename an unknown model", "registered-models/rename", {"name": "x", "new_name": "y"}),
    post("rename", "registered-models/rename", {"name": "n", "new_name": "n2"}),
    send("delete a model by query", "DELETE", "registered-models/delete?name=n2"),
    send("delete a model", "DELETE", "registered-models/delete", {"name": "n2"}),
    send("delete a model again", "DELETE", "registered-models/delete", {"name": "n2"}),
]

VERSIONS = [
    post("create a version", "model-versions/create", version("s3://b/1", tags=[{"key": "k", "value": "v"}])),
    post(
        "create a version with everything",
        "model-versions/create",
        version("s3://b/2", run_id="r1", run_link="http://x", description="d"),
    ),
    post("create a version of a run", "model-versions/create", version("{root}/model", run_id="{one}")),
    post("create a version by a runs URI", "model-versions/create", version("runs:/{one}/model", run_id="{one}")),
    post("create a version by a models URI", "model-versions/create", version("models:/m/2")),
    post("create a version of no model", "model-versions/create", {"name": "x", "source": "s3://b/1"}),
    post("create a version without source", "model-versions/create", {"name": "m"}),
    post("create a version of a local path", "model-versions/create", version("/etc")),
    post("create a version of a file URI", "model-versions/create", version("file:///etc")),
    post("create a version with ..", "model-versions/create", version("s3://b/a/../c")),
    post("create a version with encoded ..", "model-versions/create", version("s3://b/a%2f..%2fc")),
    post("create a version of another run", "model-versions/create", version("runs:/{one}/model", run_id="r2")),
    post("create a version of a run unnamed", "model-versions/create", version("runs:/{one}/model")),
    post("create a version outside its run", "model-versions/create", version("mlflow-artifacts:/9", run_id="{one}")),
    post("create a version of a web address", "model-versions/create", version("http://host/model")),
    post("create a version of a bucket", "model-versions/create", version("s3://bucket")),
    post("create a version of an unknown scheme", "model-versions/create", version("bogus://u/x")),
    post("create a version of an unknown version", "model-versions/create", version("models:/m/77")),
    post("create a version of an unknown alias", "model-versions/create", version("models:/m@nobody")),
    post("create a version with a bad tag", "model-versions/create", version("s3://b/1", tags=[{"key": "../x"}])),
    get("version", "model-versions/get?name=m&version=1"),
    get("version with everything", "model-versions/get?name=m&version=2"),
    get("version of a version", "model-versions/get?name=m&version=5"),
    get("unknown version", "model-versions/get?name=m&version=99"),
    get("version of an unknown model", "model-versions/get?name=x&version=1"),
    get("version that is no number", "model-versions/get?name=m&version=x"),
    get("version without number", "model-versions/get?name=m"),
    get("download URI", "model-versions/get-download-uri?name=m&version=3"),
    get("download URI of a version of a version", "model-versions/get-download-uri?name=m&version=5"),
    get("download URI of an unknown version", "model-versions/get-download-uri?name=m&version=99"),
    send("describe a version", "PATCH", "model-versions/update", {"name": "m", "version": "1", "description": "x"}),
    send("version as a number", "PATCH", "model-versions/update", {"name": "m", "version": 1, "description": "x"}),
    post("tag a version", "model-versions/set-tag", {"name": "m", "version": "1", "key": "b", "value": "2"}),
    post("tag an unknown version", "model-versions/set-tag", {"name": "m", "version": "99", "key": "b", "value": "2"}),
    send("delete a version's tag", "DELETE", "model-versions/delete-tag", {"name": "m", "version": "1", "key": "b"}),
    send("delete an absent tag", "DELETE", "model-versions/delete-tag", {"name": "m", "version": "1", "key": "zz"}),
]

STAGES = [
    post("to production", "model-versions/transition-stage", {"name": "m", "version": "1", "stage": "PRODUCTION"}),
    post(
        "to production, others to the archive",
        "model-versions/transition-stage",
        {"name": "m", "version": "2", "stage": "Production", "archive_existing_versions": True},
    ),
    post("to an unknown stage", "model-versions/transition-stage", {"name": "m", "version": "1", "stage": "x"}),
    post(
        "to no stage and archive",
        "model-versions/transition-stage",
        {"name": "m", "version": "1", "stage": "None", "archive_existing_versions": True},
    ),
    post(
        "unknown version to a stage", "model-versions/transition-stage", {"name": "m", "version": "9", "stage": "None"}
    ),
    get("latest versions", "registered-models/get-latest-versions?name=m"),
    post("latest versions of a stage", "registered-models/get-latest-versions", {"name": "m", "stages": ["archived"]}),
    post("latest versions of a bad stage", "registered-models/get-latest-versions", {"name": "m", "stages": ["x"]}),
    get("latest versions of an unknown model", "registered-models/get-latest-versions?name=x"),
    post("create a version by a stage", "model-versions/create", version("models:/m/production")),
    post("create a version by a stage unknown", "model-versions/create", version("models:/m/bogus")),
    post("create a version by latest", "model-versions/create", version("models:/m/latest")),
]

ALIASES = [
    post("set an alias", "registered-models/alias", {"name": "m", "alias": "champ", "version": "1"}),
    post("move an alias", "registered-models/alias", {"name": "m", "alias": "champ", "version": "2"}),
    post("alias of an unknown version", "registered-models/alias", {"name": "m", "alias": "champ", "version": "99"}),
    post("alias named latest", "registered-models/alias", {"name": "m", "alias": "Latest", "version": "1"}),
    post("alias like a version", "registered-models/alias", {"name": "m", "alias": "v1", "version": "1"}),
    post("alias with a space", "registered-models/alias", {"name": "m", "alias": "a b", "version": "1"}),
    post("alias without version", "registered-models/alias", {"name": "m", "alias": "a"}),
    get("version by alias", "registered-models/alias?name=m&alias=champ"),
    get("version by another case", "registered-models/alias?name=m&alias=Champ"),
    get("version by latest", "registered-models/alias?name=m&alias=latest"),
    get("version by unknown alias", "registered-models/alias?name=m&alias=nobody"),
    get("version by alias of an unknown model", "registered-models/alias?name=x&alias=champ"),
    get("model with aliases", "registered-models/get?name=m"),
    get("version with aliases", "model-versions/get?name=m&version=2"),
    send("delete an alias", "DELETE", "registered-models/alias", {"name": "m", "alias": "champ"}),
    send("delete an absent alias", "DELETE", "registered-models/alias", {"name": "m", "alias": "champ"}),
]

SEARCHES = [
    get("all models", "registered-models/search"),
    get("models by name", model_filter("name%3D%27m%27")),
    get("models by tag", model_filter("tags.a%3D%271%27")),
    get("models like", model_filter("name%20ILIKE%20%27M%25%27")),
    get("models but no prompts", model_filter("tag.%60mlflow.prompt.is_prompt%60%20%21%3D%20%27true%27")),
    get("prompts", model_filter("tags.%60mlflow.prompt.is_prompt%60%20%3D%20%27true%27")),
    get("models by an unknown attribute", model_filter("bogus%3D%27m%27")),
    get("models by OR and nothing", model_filter("name%20%3D")),
    get("models by last update", "registered-models/search?order_by=last_updated_timestamp%20DESC"),
    get("models by creation", "registered-models/search?order_by=creation_timestamp"),
    get("first model", "registered-models/search?max_results=1"),
    get("too many models", "registered-models/search?max_results=1001"),
    get("models by a bad token", "registered-models/search?page_token=zzz"),
    get("versions of a model", version_filter("name%3D%27m%27") + "&order_by=version_number%20ASC"),
    get("versions by run", version_filter("run_id%3D%27r1%27") + "&order_by=version_number%20ASC"),
    get("versions by number", version_filter("version_number%20%3E%3D%205") + "&order_by=version_number"),
    get("versions by quoted number", version_filter("version_number%20%3D%20%271%27")),
    get("versions by source", version_filter("source_path%20LIKE%20%27s3%3A//%25%27") + "&order_by=version_number"),
    get("versions by tag", version_filter("tags.k%20%3D%20%27v%27")),
    get("versions by stage", version_filter("current_stage%20%3D%20%27Production%27")),
    get("no versions", "model-versions/search?max_results=0"),
    get("first version by page", version_filter("name%3D%27m%27") + "&max_results=1&order_by=version_number"),
]

DELETIONS = [
    send("delete a version", "DELETE", "model-versions/delete", {"name": "m", "version": "8"}),
    send("delete a version again", "DELETE", "model-versions/delete", {"name": "m", "version": "8"}),
    send("delete a version without number", "DELETE", "model-versions/delete", {"name": "m"}),
    send("delete the model with versions", "DELETE", "registered-models/delete", {"name": "m"}),
    get("version of a deleted model", "model-versions/get?name=m&version=1"),
    post("create the model again", "registered-models/create", {"name": "m"}),
    post("create its first version again", "model-versions/create", version("s3://b/1")),
]

REGISTRY_CASES = [*MODELS, *VERSIONS, *STAGES, *ALIASES, *SEARCHES, *DELETIONS]
