from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlflow.cli.gc import gc
from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.sql.store import SqlStore, open_store


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(uri: str, tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(uri, str(tmp_path / "artifacts"))
    yield opened
    opened.close()


def made(store: SqlStore, experiment_id: str = "0") -> tuple[str, Path]:
    """A model with a file: its id and the folder that is its own."""
    model = store.logged_models.create_logged_model(EVERYONE, experiment_id)
    folder = Path(model.artifact_location)
    folder.mkdir(parents=True)
    (folder / "MLmodel").write_text("x")
    return model.model_id, folder.parent


def collect(uri: str, *options: str) -> str:
    result = CliRunner().invoke(gc, ["--backend-store-uri", uri, *options])
    assert result.exit_code == 0, result.output
    return result.output


def is_there(store: SqlStore, model_id: str) -> bool:
    try:
        store.logged_models.get_logged_model(EVERYONE, model_id, True)
    except ResourceDoesNotExist:
        return False
    return True


def test_model_in_the_trash_goes_with_its_files(store: SqlStore, uri: str) -> None:
    gone, folder = made(store)
    stays, kept = made(store)
    store.logged_models.delete_logged_model(EVERYONE, gone)
    assert f"logged model {gone}" in collect(uri, "--dry-run")
    assert folder.exists()
    assert "1 logged models" in collect(uri)
    assert (is_there(store, gone), folder.exists(), is_there(store, stays), kept.exists()) == (False, False, True, True)


def test_only_the_models_that_are_named_go(store: SqlStore, uri: str) -> None:
    first, second = made(store)[0], made(store)[0]
    run_id = store.runs.create_run(EVERYONE, "0").info.run_id
    store.runs.delete_run(EVERYONE, run_id)
    for model_id in (first, second):
        store.logged_models.delete_logged_model(EVERYONE, model_id)
    collect(uri, "--logged-model-ids", first)
    assert (is_there(store, first), is_there(store, second)) == (False, True)
    assert store.runs.get_run(EVERYONE, run_id).info.lifecycle_stage == "deleted"


def test_model_that_is_not_in_the_trash_is_refused(store: SqlStore, uri: str) -> None:
    model_id, _ = made(store)
    result = CliRunner().invoke(gc, ["--backend-store-uri", uri, "--logged-model-ids", model_id])
    assert result.exit_code != 0
    assert "Delete it first" in str(result.exception)


def test_models_of_an_experiment_go_with_it(store: SqlStore, uri: str) -> None:
    experiment_id = store.experiments.create_experiment(EVERYONE, "old")
    model_id, folder = made(store, experiment_id)
    store.experiments.delete_experiment(EVERYONE, experiment_id)
    collect(uri)
    assert (is_there(store, model_id), folder.exists()) == (False, False)
    with pytest.raises(ResourceDoesNotExist):
        store.experiments.get_experiment(EVERYONE, experiment_id)
