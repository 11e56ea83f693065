"""Program for the published mlflow: seed a database, run every row of the table, print what each answered, by line."""

import json
import os
import warnings

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag
from mlflow.exceptions import MlflowException

warnings.simplefilter("ignore")
client = MlflowClient("sqlite:///oracle.db", "sqlite:///oracle.db")


def seed_run(experiment, run):
    made = client.create_run(experiment, run_name=run["name"], start_time=run["start_time"], tags=run["tags"])
    for key, value in run["metrics"].items():
        client.log_metric(made.info.run_id, key, value)
    for key, value in run["params"].items():
        client.log_param(made.info.run_id, key, value)
    if "dataset" in run:
        used = run["dataset"]
        dataset = Dataset(used["name"], used["digest"], "local", "source")
        context = InputTag("mlflow.data.context", used["context"])
        client.log_inputs(made.info.run_id, [DatasetInput(dataset, [context])])
    if "end_time" in run:
        client.set_terminated(made.info.run_id, end_time=run["end_time"])


def seed(data):
    ids = [client.create_experiment(item["name"], tags=item["tags"]) for item in data["experiments"]]
    for run in data["runs"]:
        seed_run(ids[0], run)
    for item in data["registered_models"]:
        client.create_registered_model(item["name"], tags=item["tags"])
    for item in data["model_versions"]:
        client.create_model_version(item["name"], item["source"], tags=item["tags"])
    for item in data["logged_models"]:
        client.create_logged_model(ids[0], name=item["name"], tags=item["tags"], params=item["params"])
    return ids[0]


def search(experiment, entity, text, order):
    if entity == "runs":
        return [run.info.run_name for run in client.search_runs([experiment], text, order_by=order)]
    if entity == "experiments":
        return [found.name for found in client.search_experiments(filter_string=text, order_by=order)]
    if entity == "registered_models":
        return [found.name for found in client.search_registered_models(filter_string=text, order_by=order)]
    if entity == "model_versions":
        found = client.search_model_versions(filter_string=text, order_by=order)
        return [f"{version.name}/{version.version}" for version in found]
    return [found.name for found in client.search_logged_models([experiment], filter_string=text)]


def answer(experiment, row):
    order = row.get("order_by")
    try:
        names = search(experiment, row["entity"], row.get("filter", ""), order)
    except MlflowException as exc:
        return exc.error_code
    except Exception:  # noqa: BLE001 - what escapes is a fact to record
        return "CRASH"
    if row["mlflow"] == "accepted":
        return "accepted"
    return names if order else sorted(names)


with open(os.environ["SEED"], encoding="utf-8") as file:
    experiment = seed(json.load(file))
with open(os.environ["TABLE"], encoding="utf-8") as file:
    for line in file:
        print(json.dumps(answer(experiment, json.loads(line))))
