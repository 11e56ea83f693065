from __future__ import annotations

import pytest

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.registry import Access
from mlflow.artifacts.uris import ModelUri, RunUri, parse_model_uri, parse_run_uri, resolve
from mlflow.exceptions import InvalidParameterValue

RUNS = {
    "with a path": ("runs:/abc/model/MLmodel", RunUri("abc", ArtifactPath(("model", "MLmodel")))),
    "alone": ("runs:/abc", RunUri("abc", ArtifactPath())),
    "slash at the end": ("runs:/abc/model//", RunUri("abc", ArtifactPath(("model",)))),
    "alone with a slash": ("runs:/abc/", RunUri("abc", ArtifactPath())),
    "host ignored": ("runs://profile@databricks/abc/x", RunUri("abc", ArtifactPath(("x",)))),
}

MODELS = {
    "version": ("models:/name/3", ModelUri(name="name", version="3")),
    "slash at the end": ("models:/name/3//", ModelUri(name="name", version="3")),
    "logged model with a slash": ("models:/m-0123/", ModelUri(model_id="m-0123")),
    "version with zeros": ("models:/name/007", ModelUri(name="name", version="7")),
    "stage": ("models:/name/Production", ModelUri(name="name", stage="Production")),
    "latest": ("models:/name/latest", ModelUri(name="name", latest=True)),
    "latest in any case": ("models:/name/LATEST", ModelUri(name="name", latest=True)),
    "alias": ("models:/name@champion", ModelUri(name="name", alias="champion")),
    "logged model": ("models:/m-0123", ModelUri(model_id="m-0123")),
    "single name": ("models:/anything", ModelUri(model_id="anything")),
    "host ignored": ("models://profile@databricks/name/3", ModelUri(name="name", version="3")),
    "version and path": ("models:/name/1/a/b", ModelUri(name="name", version="1", path=ArtifactPath(("a", "b")))),
    "alias and path": ("models:/name@a/b", ModelUri(name="name", alias="a", path=ArtifactPath(("b",)))),
    "logged model and path": ("models:/m-01/x", ModelUri(model_id="m-01", path=ArtifactPath(("x",)))),
    "version of a model named like a logged one": ("models:/m-01/1", ModelUri(name="m-01", version="1")),
    "stage of a model named like a logged one": ("models:/m-churn/Staging", ModelUri(name="m-churn", stage="Staging")),
}


@pytest.mark.parametrize(("uri", "expected"), RUNS.values(), ids=RUNS.keys())
def test_run_uri_is_parsed(uri: str, expected: RunUri) -> None:
    assert parse_run_uri(uri) == expected


@pytest.mark.parametrize("uri", ["runs:abc/x", "runs:/", "runs:", "runs://", "runs:/a b/x", "runs://h", "run:/a", ""])
def test_improper_run_uri_is_refused(uri: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Not a proper runs:/ URI"):
        parse_run_uri(uri)


@pytest.mark.parametrize("uri", ["runs:/abc/../x", "runs:/abc/%2e%2e/x", "models:/name/1/../../x", "models:/m-1/a#b"])
def test_uri_that_leads_out_of_its_run_or_model_is_refused(uri: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        parse_run_uri(uri) if uri.startswith("runs") else parse_model_uri(uri)


@pytest.mark.parametrize(("uri", "expected"), MODELS.values(), ids=MODELS.keys())
def test_model_uri_is_parsed(uri: str, expected: ModelUri) -> None:
    assert parse_model_uri(uri) == expected


@pytest.mark.parametrize(
    "uri", ["models:/", "models:name/1", "models:/a//b", "models:/@x", "models:/a@", "models://a/"]
)
def test_improper_model_uri_is_refused(uri: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Not a proper models:/ URI"):
        parse_model_uri(uri)


def test_path_below_a_model_can_be_forbidden() -> None:
    with pytest.raises(InvalidParameterValue):
        parse_model_uri("models:/name/1/sub", with_path=False)
    assert parse_model_uri("models:/name/1", with_path=False).version == "1"


class OneStore:
    access = Access()

    def run(self, run_id: str) -> str:
        return f"s3://bucket/1/{run_id}/artifacts"

    def model(self, uri: ModelUri) -> str:
        return {
            "from-run": "runs:/abc/model",
            "from-model": "models:/m-1/sub",
            "circle": "models:/circle/1",
        }.get(uri.name, f"mlflow-artifacts:/models/{uri.model_id}")

    def version(self, uri: ModelUri) -> str:
        return uri.version


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("runs:/abc/a/b.txt", "s3://bucket/1/abc/artifacts/a/b.txt"),
        ("models:/from-run/2/MLmodel", "s3://bucket/1/abc/artifacts/model/MLmodel"),
        ("models:/m-1/MLmodel", "mlflow-artifacts:/models/m-1/MLmodel"),
        ("models:/from-model/1/x", "mlflow-artifacts:/models/m-1/sub/x"),
        ("s3://other/x", "s3://other/x"),
        ("/srv/x", "/srv/x"),
    ],
)
def test_uri_resolves_to_where_it_really_is(uri: str, expected: str) -> None:
    assert resolve(uri, OneStore()).uri == expected


def test_model_whose_source_is_itself_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="without end"):
        resolve("models:/circle/1", OneStore())
