from pathlib import Path

import pytest

from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.client import MlflowClient
from mlflow.transfer.trash import Trash
from tests.fixtures.servers import StartServer


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def run_with_file(client: MlflowClient, experiment_id: str) -> str:
    run_id = client.create_run(experiment_id).info.run_id
    client.log_text(run_id, "hello", "a/b.txt")
    client.set_terminated(run_id)
    return run_id


def empty(uri: str, *chosen: object, **options: object) -> tuple[int, list[str], list[str]]:
    trash = Trash(uri, *(chosen or (0, [], [])))  # type: ignore[arg-type]  # as the tests give them
    try:
        done = trash.empty(**options)  # type: ignore[arg-type]  # as above
    finally:
        trash.close()
    return done.runs, done.experiments, [run.run_id for run in done.left]


def test_runs_in_the_trash_go_with_their_folders_and_others_stay(uri: str, tmp_path: Path) -> None:
    client = MlflowClient(uri)
    experiment = client.create_experiment("e", str(tmp_path / "files"))
    gone, kept = run_with_file(client, experiment), run_with_file(client, experiment)
    client.delete_run(gone)
    assert empty(uri) == (1, [], [])
    assert [path.name for path in (tmp_path / "files").iterdir()] == [kept]


def test_what_would_go_is_told_and_nothing_is_deleted(uri: str, tmp_path: Path) -> None:
    client = MlflowClient(uri)
    experiment = client.create_experiment("e", str(tmp_path / "files"))
    run_id = run_with_file(client, experiment)
    client.delete_experiment(experiment)
    trash = Trash(uri, 0, [], [])
    due = trash.due()
    trash.close()
    assert (due.run_ids, due.experiment_ids) == ([run_id], [experiment])
    assert client.get_run(run_id).info.run_id == run_id
    assert (tmp_path / "files" / run_id).exists()


def test_missing_files_do_not_keep_a_run(uri: str, tmp_path: Path) -> None:
    client = MlflowClient(uri)
    run_id = client.create_run(client.create_experiment("e", str(tmp_path / "nowhere"))).info.run_id
    client.delete_run(run_id)
    assert empty(uri) == (1, [], [])


def test_files_behind_a_server_are_deleted_where_it_keeps_them_or_through_it(start_server: StartServer) -> None:
    server = start_server()
    client = MlflowClient(server.url)
    one, other = run_with_file(client, "0"), run_with_file(client, "0")
    client.delete_run(one)
    assert empty(server.backend_store_uri) == (0, [], [one])
    assert (server.artifacts / "0" / one).exists()
    assert empty(server.backend_store_uri, artifacts_destination=str(server.artifacts)) == (1, [], [])
    assert not (server.artifacts / "0" / one).exists()
    client.delete_run(other)
    assert empty(server.backend_store_uri, tracking_uri=server.url) == (1, [], [])
    assert not (server.artifacts / "0" / other).exists()


def test_a_run_that_is_not_in_the_trash_is_refused(uri: str) -> None:
    run_id = MlflowClient(uri).create_run("0").info.run_id
    with pytest.raises(InvalidParameterValue, match=run_id):
        empty(uri, 0, [run_id], [])


def test_only_what_is_old_enough_goes(uri: str) -> None:
    client = MlflowClient(uri)
    run_id = client.create_run("0").info.run_id
    client.delete_run(run_id)
    assert empty(uri, 3_600_000, [], []) == (0, [], [])
    assert empty(uri) == (1, [], [])
