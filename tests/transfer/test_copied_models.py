"""Models whose files were copied by a migration are loaded from where the files are now."""

from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.sql.store import SqlStore
from mlflow.transfer.moved_places import MovedPlaces
from tests.transfer import legacy_folder
from tests.transfer.conftest import Migrate, all_runs
from tests.transfer.legacy_database import PARENT
from tests.transfer.legacy_folder import EXPERIMENT, write

LOGGED = "m-" + "1" * 32


def version(number: int, source: str, **others: Any) -> dict[str, Any]:
    return {"version": number, "source": source, "storage_location": source, "run_id": PARENT} | others


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file store with three versions: of a run's files, of a logged model, and of files elsewhere."""
    root = tmp_path / "mlruns"
    legacy_folder.make(root)
    write(root / EXPERIMENT / PARENT / "artifacts" / "model" / "MLmodel", "flavors: {}")
    model = root / EXPERIMENT / "models" / LOGGED
    write(model / "meta.yaml", {"model_id": LOGGED, "artifact_location": (model / "artifacts").as_uri()})
    write(model / "artifacts" / "MLmodel", "flavors: {}")
    registered = root / "models" / "classifier"
    of_run = (root / EXPERIMENT / PARENT / "artifacts" / "model").as_uri()
    write(registered / "version-1" / "meta.yaml", version(1, of_run))
    stored = {"storage_location": (model / "artifacts").as_uri(), "model_id": LOGGED}
    write(registered / "version-2" / "meta.yaml", version(2, f"models:/{LOGGED}", **stored))
    write(registered / "version-3" / "meta.yaml", version(3, "s3://bucket/model"))
    return root


def places(store: SqlStore) -> list[str]:
    found = store.model_versions.search_model_versions(EVERYONE, "name = 'classifier'", order_by=["version_number"])
    return [
        store.model_versions.get_model_version_download_uri(EVERYONE, "classifier", str(each.version)) for each in found
    ]


def test_versions_lead_to_the_copies(folder: Path, tmp_path: Path, migrated: Migrate) -> None:
    store, _ = migrated(str(folder), artifacts="copy")
    files = tmp_path / "files" / EXPERIMENT
    run, model = files / PARENT / "artifacts" / "model", files / "models" / LOGGED / "artifacts"
    assert places(store) == [str(run), str(model), "s3://bucket/model"]
    assert (run / "MLmodel").exists()
    assert (model / "MLmodel").exists()
    assert store.logged_models.get_logged_model(EVERYONE, LOGGED).artifact_location == str(model)
    versions = store.model_versions
    assert versions.get_model_version(EVERYONE, "classifier", "1").source == str(run)
    assert versions.get_model_version(EVERYONE, "classifier", "2").source == f"models:/{LOGGED}"


def test_versions_of_runs_that_came_before_lead_to_the_copies(folder: Path, tmp_path: Path, migrated: Migrate) -> None:
    held_back = folder / "models" / "classifier"
    held_back.rename(tmp_path / "classifier")
    migrated(str(folder), artifacts="copy")
    (tmp_path / "classifier").rename(held_back)
    store, done = migrated(str(folder), artifacts="copy")
    assert done.read == 0
    assert places(store)[0] == str(tmp_path / "files" / EXPERIMENT / PARENT / "artifacts" / "model")


def test_versions_keep_their_place_where_nothing_is_copied(folder: Path, migrated: Migrate) -> None:
    store, _ = migrated(str(folder))
    assert places(store)[0] == (folder / EXPERIMENT / PARENT / "artifacts" / "model").as_uri()
    assert all_runs(store)[PARENT].info.artifact_uri == (folder / EXPERIMENT / PARENT / "artifacts").as_uri()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/old/1/artifacts", "s3://b/1"),
        ("/old/1/artifacts/model/x", "s3://b/1/model/x"),
        ("file:///old/1/artifacts/model", "s3://b/1/model"),
        ("/old/1/artifacts2/model", "/old/1/artifacts2/model"),
        ("/old", "/old"),
        ("models:/m-1", "models:/m-1"),
        ("", ""),
        ("file://elsewhere/x", "file://elsewhere/x"),
    ],
)
def test_place_follows_the_root_that_it_is_below(asked: str, expected: str) -> None:
    moved = MovedPlaces()
    moved.add("file:///old/1/artifacts", "s3://b/1/")
    assert moved.now(asked) == expected
