"""A plugin's registry, written as for MLflow, behind the client."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.model_registry.abstract_store import AbstractStore

import mlflow
from mlflow import MlflowClient
from mlflow.contract.caller import EVERYONE
from mlflow.entities.model_registry import ModelVersion, RegisteredModel
from mlflow.exceptions import MlflowException, NotImplementedByStore
from mlflow.stores import open_backend


class MemoryRegistry(AbstractStore):
    """Keeps models in a dictionary, one for all instances."""

    models: dict[str, RegisteredModel] = {}
    versions: dict[tuple[str, str], ModelVersion] = {}
    opened_with: list[tuple[str | None, str | None]] = []

    def __init__(self, store_uri=None, tracking_uri=None):  # type: ignore[no-untyped-def]
        super().__init__(store_uri, tracking_uri)
        self.opened_with.append((store_uri, tracking_uri))

    def create_registered_model(self, name, tags=None, description=None, deployment_job_id=None):  # type: ignore[no-untyped-def]
        if name in self.models:
            raise MlflowException(f"{name} is taken", "RESOURCE_ALREADY_EXISTS")
        self.models[name] = RegisteredModel(name, 1, 1, description, tags=tags)
        return self.models[name]

    def get_registered_model(self, name):  # type: ignore[no-untyped-def]
        if name not in self.models:
            raise MlflowException(f"no {name}", "RESOURCE_DOES_NOT_EXIST")
        return self.models[name]

    def update_registered_model(self, name, description, deployment_job_id=None):  # type: ignore[no-untyped-def]
        self.get_registered_model(name).description = description
        return self.models[name]

    def rename_registered_model(self, name, new_name):  # type: ignore[no-untyped-def]
        self.models[new_name] = self.models.pop(name)
        self.models[new_name].name = new_name
        return self.models[new_name]

    def delete_registered_model(self, name):  # type: ignore[no-untyped-def]
        del self.models[name]

    def search_registered_models(self, filter_string=None, max_results=None, order_by=None, page_token=None):  # type: ignore[no-untyped-def]
        start = int(page_token or 0)
        found = list(self.models.values())
        end = start + max_results
        return PagedList(found[start:end], str(end) if end < len(found) else None)

    def get_latest_versions(self, name, stages=None):  # type: ignore[no-untyped-def]
        return [version for (of, _), version in self.versions.items() if of == name][-1:]

    def set_registered_model_tag(self, name, tag):  # type: ignore[no-untyped-def]
        self.models[name].tags[tag.key] = tag.value

    def delete_registered_model_tag(self, name, key):  # type: ignore[no-untyped-def]
        del self.models[name].tags[key]

    def create_model_version(  # type: ignore[no-untyped-def]
        self,
        name,
        source,
        run_id=None,
        tags=None,
        run_link=None,
        description=None,
        local_model_path=None,
        model_id=None,
    ):
        number = str(len(self.versions) + 1)
        version = ModelVersion(name, number, 1, source=source, run_id=run_id, tags=tags, status="PENDING_REGISTRATION")
        self.versions[name, number] = version
        return version

    def get_model_version(self, name, version):  # type: ignore[no-untyped-def]
        found = self.versions[name, version]
        found.status = "READY" if found.source != "s3://broken" else "FAILED_REGISTRATION"
        return found

    def update_model_version(self, name, version, description):  # type: ignore[no-untyped-def]
        self.versions[name, version].description = description
        return self.versions[name, version]

    def transition_model_version_stage(self, name, version, stage, archive_existing_versions):  # type: ignore[no-untyped-def]
        self.versions[name, version].current_stage = stage
        return self.versions[name, version]

    def delete_model_version(self, name, version):  # type: ignore[no-untyped-def]
        del self.versions[name, version]

    def get_model_version_download_uri(self, name, version):  # type: ignore[no-untyped-def]
        return self.versions[name, version].source

    def search_model_versions(self, filter_string=None, max_results=None, order_by=None, page_token=None):  # type: ignore[no-untyped-def]
        return PagedList(list(self.versions.values()), None)

    def set_model_version_tag(self, name, version, tag):  # type: ignore[no-untyped-def]
        self.versions[name, version].tags[tag.key] = tag.value

    def delete_model_version_tag(self, name, version, key):  # type: ignore[no-untyped-def]
        del self.versions[name, version].tags[key]

    def set_registered_model_alias(self, name, alias, version):  # type: ignore[no-untyped-def]
        self.models[name].aliases[alias] = version

    def delete_registered_model_alias(self, name, alias):  # type: ignore[no-untyped-def]
        del self.models[name].aliases[alias]

    def get_model_version_by_alias(self, name, alias):  # type: ignore[no-untyped-def]
        return self.versions[name, self.models[name].aliases[alias]]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[str]:
    """Install the plugin, as a distribution on sys.path with an entry point; runs stay in a database."""
    info = tmp_path / "site" / "memory_registry-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: memory-registry\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mlflow.model_registry_store]\nmemory = memory_registry:MemoryRegistry\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setitem(sys.modules, "memory_registry", sys.modules[__name__])
    for kept in (MemoryRegistry.models, MemoryRegistry.versions):
        kept.clear()
    uri = f"memory:{tmp_path}"
    mlflow.set_registry_uri(uri)
    yield uri


def test_plugin_registry_takes_what_the_client_asks_of_it(memory: str, tmp_path: Path):
    (tmp_path / "MLmodel").write_text("flavors: {}")
    client = MlflowClient()
    version = mlflow.register_model(str(tmp_path), "m", tags={"a": 1})
    assert (version.status, version.tags) == ("READY", {"a": "1"})
    client.set_registered_model_alias("m", "champion", 1)
    client.set_registered_model_tag("m", "k", "v")
    client.set_model_version_tag("m", 1, "b", 2)
    client.update_registered_model("m", "text")
    client.transition_model_version_stage("m", 1, "Staging")
    found = client.get_model_version_by_alias("m", "champion")
    assert (found.tags, found.current_stage) == ({"a": "1", "b": "2"}, "Staging")
    assert client.get_registered_model("m").tags == {"k": "v"}
    assert mlflow.artifacts.load_text("models:/m@champion/MLmodel") == "flavors: {}"
    assert [model.name for model in mlflow.search_registered_models()] == ["m"]
    assert client.rename_registered_model("m", "n").name == "n"
    client.delete_registered_model("n")
    assert mlflow.search_registered_models() == []
    assert MemoryRegistry.opened_with[-1][0] == memory


def test_version_whose_registration_fails_says_so(memory: str):
    with pytest.raises(MlflowException, match=r"creation failed.*register it again"):
        mlflow.register_model("s3://broken", "m")


def test_plugin_registry_lists_its_models_as_a_table(memory: str):
    client = MlflowClient()
    for name in ("a", "b", "c"):
        client.create_registered_model(name, {"team": name})
    client.create_model_version("b", "s3://bucket/b")
    client.set_registered_model_alias("b", "champion", "1")
    MemoryRegistry.models["b"].latest_versions = MemoryRegistry().get_latest_versions("b")  # type: ignore[no-untyped-call]
    table = open_backend(memory).store.registered_models.query_registered_models(EVERYONE, offset=1, limit=1)
    assert (table.total, table.names, table.latest, table.version_counts) == (3, ["b"], ["1"], [None])
    assert (table.aliases[0][0].alias, table.tags[0][0].value) == ("champion", "b")


def test_plugin_registry_says_what_it_cannot_do(memory: str):
    client = MlflowClient()
    client.create_registered_model("m")
    with pytest.raises(NotImplementedByStore, match="get_registry_history"):
        client.get_registry_history("m")


def test_registry_that_lacks_a_method_cannot_be_made():
    class Incomplete(AbstractStore):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Incomplete()  # type: ignore[abstract]
