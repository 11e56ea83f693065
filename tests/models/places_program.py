"""What is learnt of a model, and copied of it, by every kind of URI; runs under either mlflow."""

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import mlflow
from mlflow import MlflowClient
from mlflow.models import Model, get_model_info, infer_signature

logging.disable(logging.CRITICAL)

ONE = np.array([1.0])
FIELDS = (
    "artifact_path model_uri model_uuid model_id run_id saved_input_example_info signature utc_time_created "
    "mlflow_version metadata registered_model_version env_vars prompts name params"
)
OWN_FILES = ("digests.json",)
"""What only this project adds to a model."""

name = "places-" + os.environ["WORLD"]
masks = {name: "<name>"}
client = MlflowClient()


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else repr(value)
    for word, stands in masks.items():
        text = text.replace(word, stands)
    text = re.sub(r"mlflow-artifacts:/\d+", "mlflow-artifacts:/<experiment>", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "<time>", text)
    return re.sub(r"[0-9a-f]{32}", "<hex>", text)


def outcome(call: Callable[..., Any], *args: str, **kwargs: str) -> Any:
    try:
        return plain(call(*args, **kwargs))
    except Exception as exc:  # noqa: BLE001 - what fails there must fail here
        return ["fails", getattr(exc, "error_code", type(exc).__name__)]


def info(found: Any) -> dict[str, Any]:
    told = {field: getattr(found, field) for field in FIELDS.split()}
    told["flavors"] = sorted(found.flavors)
    told["created"] = isinstance(found.creation_timestamp, int)
    told["tags"] = found.tags and {key: found.tags[key] for key in found.tags if not key.startswith("mlflow.")}
    told["metrics"] = found.metrics and [(point.key, point.value) for point in found.metrics]
    return told


def tree(folder: str) -> Any:
    files = [str(file.relative_to(folder)) for file in Path(folder).rglob("*") if file.is_file()]
    return sorted(file for file in files if Path(file).name not in OWN_FILES)


def version_noted(folder: str) -> Any:
    place = Path(folder, "registered_model_meta")
    return yaml.safe_load(place.read_text()) if place.is_file() else "absent"


def downloaded(**place: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        found = mlflow.artifacts.download_artifacts(**place, dst_path=folder)
        return os.path.relpath(found, folder), tree(folder), version_noted(found)


def loaded(uri: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        model = mlflow.pyfunc.load_model(uri, dst_path=folder)
        known = model.metadata
        return model.predict(ONE).tolist(), known.run_id, known.model_id, tree(folder), version_noted(folder)


def listed(**place: str) -> Any:
    paths = [file.path for file in mlflow.artifacts.list_artifacts(**place)]
    return [path for path in paths if Path(path).name not in OWN_FILES]


def taken_along() -> Any:
    """What a downloaded folder says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        found = mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=folder)
        return info(get_model_info(found)), mlflow.pyfunc.load_model(found).predict(ONE).tolist()


class Add(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        return model_input + 1


def log(called: str, **more: Any) -> Any:
    kept = {"signature": infer_signature(ONE, ONE), "pip_requirements": ["numpy"]}
    return mlflow.pyfunc.log_model(name=called, python_model=Add(), **kept, **more)


mlflow.set_experiment(name)
with mlflow.start_run() as run:
    mlflow.log_text("a", "folder/a.txt")
    mlflow.log_text("b", "folder/inner/b.txt")
    net = log("net", registered_model_name=name, params={"lr": 0.1}, tags={"team": "x"}, metadata={"a": 1})
    mlflow.log_metric("acc", 0.5, model_id=net.model_id)
    file = Path("file.txt")
    file.write_text("f")
    example = log("example", input_example=ONE, artifacts={"file": str(file)})
alone = log("alone")
run_id = run.info.run_id
masks |= {run_id: "<run>", net.model_id: "<net>", example.model_id: "<example>", alone.model_id: "<alone>"}
client.set_registered_model_alias(name, "champion", "1")
client.transition_model_version_stage(name, "1", "Staging")
mlflow.register_model(f"runs:/{run_id}/net", f"{name}-of-run")
mlflow.register_model(f"models:/{example.model_id}", f"{name}-of-id")
saved = f"{tempfile.mkdtemp()}/saved"
mlflow.pyfunc.save_model(saved, python_model=Add(), pip_requirements=["numpy"])
masks |= {saved: "<saved>"}

MODELS = {
    "version": f"models:/{name}/1",
    "alias": f"models:/{name}@champion",
    "stage": f"models:/{name}/Staging",
    "latest": f"models:/{name}/latest",
    "version of a run's model": f"models:/{name}-of-run/1",
    "version of a logged model": f"models:/{name}-of-id/1",
    "run": f"runs:/{run_id}/net",
    "id": f"models:/{net.model_id}",
    "model of no run": f"models:/{alone.model_id}",
    "artifacts": client.get_logged_model(net.model_id).artifact_location,
    "folder": saved,
}
SLASHED = {f"{kind}, slash": f"{uri}/" for kind, uri in MODELS.items()}
WRONG = {
    "no version": f"models:/{name}/7",
    "no alias": f"models:/{name}@none",
    "no registered model": f"models:/{name}-none/1",
    "no id": "models:/m-" + "0" * 32,
    "no run": "runs:/" + "0" * 32 + "/net",
    "no model of the run": f"runs:/{run_id}/none",
    "no folder": f"{saved}-none",
}
PARTS = (
    "folder folder/ folder/inner/ folder/inner/b.txt net net/ net/MLmodel example/artifacts example/artifacts/ "
    "example/artifacts/file.txt"
)
PARTS_OF_VERSIONS = "1/MLmodel 1/MLmodel/ 1/artifacts 1/artifacts/ 1/artifacts/file.txt 1/none"


def info_at(uri: str) -> dict[str, Any]:
    return info(get_model_info(uri))


def info_of_manifest(uri: str) -> dict[str, Any]:
    return info(Model.load(uri).get_model_info())


answers: dict[str, Any] = {"logged": {kind: plain(info(found)) for kind, found in (("net", net), ("alone", alone))}}
answers["flavors"] = plain(net.flavors)
for what, call in {"info": info_at, "manifest": info_of_manifest, "load": loaded}.items():
    answers[what] = {kind: outcome(call, uri) for kind, uri in {**MODELS, **SLASHED, **WRONG}.items()}
for what, call in {"download": downloaded, "list": listed}.items():
    answers[what] = {kind: outcome(call, artifact_uri=uri) for kind, uri in {**MODELS, **SLASHED, **WRONG}.items()}
    answers[f"{what} of a part"] = {
        part: outcome(call, artifact_uri=f"runs:/{run_id}/{part}") for part in PARTS.split()
    }
    answers[f"{what} of a part of a version"] = {
        part: outcome(call, artifact_uri=f"models:/{name}-of-id/{part}") for part in PARTS_OF_VERSIONS.split()
    }
answers["download by run and path"] = {
    part: outcome(downloaded, run_id=run_id, artifact_path=part) for part in PARTS.split()
}
answers["taken along"] = outcome(taken_along)
print(json.dumps(answers))
