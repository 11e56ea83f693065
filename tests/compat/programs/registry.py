"""Registers, finds, moves, copies and deletes models; prints what it saw."""

import json
import os
import uuid

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

mlflow.set_experiment(os.environ["PROGRAM_EXPERIMENT"])
client = MlflowClient()
suffix = uuid.uuid4().hex
name, other, new = f"model {suffix}", f"other {suffix}", f"new {suffix}"
seen: dict[str, object] = {}
run_ids: dict[str, str] = {}


def plain(text: object) -> object:
    if not isinstance(text, str):
        return text
    for known, stands_for in {suffix: "…", **run_ids}.items():
        text = text.replace(known, stands_for)
    return text


def version(found: object) -> dict[str, object]:
    fields = ("name", "current_stage", "source", "run_id", "status", "description", "run_link", "tags", "aliases")
    shown = {field: plain(getattr(found, field)) for field in fields}
    source = str(shown["source"]).rpartition("/artifacts/")[2]
    return {**shown, "version": str(found.version), "source": source, "aliases": list(found.aliases)}


def failure(call: object) -> str:
    try:
        call()
    except MlflowException as error:
        return error.error_code
    return "no failure"


for number in range(2):
    with mlflow.start_run() as run:
        mlflow.log_text("flavors: {}", "model/MLmodel")
        mlflow.log_text(f"weights {number}", "model/data/weights.txt")
    run_ids[run.info.run_id] = f"run {number}"
    made = mlflow.register_model(f"runs:/{run.info.run_id}/model", name, tags={"n": number})
    seen[f"registered {number}"] = version(made)

seen["by uri"] = [mlflow.artifacts.load_text(f"models:/{name}/{number}/data/weights.txt") for number in (1, 2)]
client.set_registered_model_alias(name, "champion", "1")
client.set_registered_model_alias(name, "challenger", "2")
client.set_registered_model_tag(name, "team", "a")
client.update_registered_model(name, "what it is")
client.update_model_version(name, "1", "the first")
client.set_model_version_tag(name, "2", "k", 5)
client.set_model_version_tag(name, "2", "gone", 1)
client.delete_model_version_tag(name, "2", "gone")
seen["by alias"] = version(client.get_model_version_by_alias(name, "champion"))
seen["weights by alias"] = mlflow.artifacts.load_text(f"models:/{name}@challenger/data/weights.txt")
seen["staged"] = version(client.transition_model_version_stage(name, "1", "Production"))
seen["staged 2"] = version(client.transition_model_version_stage(name, "2", "production", True))
seen["weights by stage"] = mlflow.artifacts.load_text(f"models:/{name}/Production/data/weights.txt")
latest = client.get_latest_versions(name)
seen["latest"] = sorted([str(found.version), found.current_stage] for found in latest)
model = client.get_registered_model(name)
seen["model"] = [
    plain(model.name),
    model.description,
    model.tags,
    {alias: str(number) for alias, number in model.aliases.items()},
    sorted(str(found.version) for found in model.latest_versions),
]
seen["copied"] = version(client.copy_model_version(f"models:/{name}@champion", other))
seen["download uri"] = client.get_model_version_download_uri(other, "1").rpartition("/artifacts/")[2]
seen["models"] = [
    plain(found.name) for found in mlflow.search_registered_models(filter_string=f"name LIKE '%{suffix}'")
]
for text in (f"name = '{name}'", f"name = '{name}' AND tags.n = '1'", f"name = '{name}' AND version_number > 1"):
    found = client.search_model_versions(text, order_by=["version_number ASC"])
    seen[f"versions {plain(text)}"] = [version(each) for each in found]
page = client.search_model_versions(f"name = '{name}'", 1, ["version_number ASC"])
rest = client.search_model_versions(f"name = '{name}'", 1, ["version_number ASC"], page.token)
seen["pages"] = [[str(each.version) for each in part] for part in (page, rest)]
client.rename_registered_model(name, new)
seen["renamed"] = version(client.get_model_version(new, "1"))
client.delete_registered_model_alias(new, "challenger")
client.delete_registered_model_alias(new, "absent")
client.delete_model_version(new, "2")
seen["after deletion"] = {a: str(v) for a, v in client.get_registered_model(new).aliases.items()}
seen["failures"] = {
    "old name": failure(lambda: client.get_registered_model(name)),
    "deleted version": failure(lambda: client.get_model_version(new, "2")),
    "taken": failure(lambda: client.create_registered_model(new)),
    "bad name": failure(lambda: client.create_registered_model("a/b")),
    "bad alias": failure(lambda: client.set_registered_model_alias(new, "latest", "1")),
    "no alias": failure(lambda: client.get_model_version_by_alias(new, "nobody")),
    "bad stage": failure(lambda: client.transition_model_version_stage(new, "1", "bogus")),
    "bad filter": failure(lambda: client.search_model_versions("stage = 'Production'")),
    "outside": failure(lambda: client.create_model_version(new, "/etc")),
}
for left in (new, other):
    client.delete_registered_model(left)
seen["left"] = len(client.search_registered_models(f"name LIKE '%{suffix}'"))
print("RESULT " + json.dumps(seen, sort_keys=True))
