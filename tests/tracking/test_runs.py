"""Starting, ending, nesting and resuming runs."""

import os
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.tracking.session_runs import RunAlreadyActive

EVERY_MLFLOW_RUN = {"mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.runName"}


def status(run_id: str) -> str:
    return mlflow.get_run(run_id).info.status


def test_run_is_finished_after_its_block(store: str) -> None:
    with mlflow.start_run(run_name="first", description="about", tags={"team": 7}) as run:
        assert mlflow.active_run() is run
        assert run.info.status == "RUNNING"
    ended = mlflow.get_run(run.info.run_id)
    assert (ended.info.status, ended.info.run_name) == ("FINISHED", "first")
    assert ended.info.end_time is not None and ended.info.end_time >= (ended.info.start_time or 0)
    assert ended.data.tags.items() >= {"team": "7", "mlflow.note.content": "about"}.items()
    assert ended.data.tags.keys() >= EVERY_MLFLOW_RUN
    assert mlflow.active_run() is None


@pytest.mark.parametrize("raised", [ValueError("no"), KeyboardInterrupt(), SystemExit(0), SystemExit(3)], ids=repr)
def test_exception_that_leaves_the_block_makes_the_run_failed(database: str, raised: BaseException) -> None:
    with pytest.raises(type(raised)), mlflow.start_run() as run:
        raise raised
    assert status(run.info.run_id) == "FAILED"


def test_end_run_takes_a_status(database: str) -> None:
    run = mlflow.start_run()
    mlflow.end_run("KILLED")
    assert status(run.info.run_id) == "KILLED"
    mlflow.end_run()  # nothing is active: nothing happens


def test_unknown_status_is_refused_and_the_run_is_no_longer_active(database: str) -> None:
    mlflow.start_run()
    with pytest.raises(InvalidParameterValue, match="'BOGUS'"):
        mlflow.end_run("BOGUS")
    assert mlflow.active_run() is None


def test_second_run_needs_nested(database: str) -> None:
    with mlflow.start_run() as run, pytest.raises(RunAlreadyActive, match=f"{run.info.run_id} is already active"):
        mlflow.start_run()
    assert not issubclass(RunAlreadyActive, MlflowException)


def test_nested_runs_know_their_parent(database: str) -> None:
    with mlflow.start_run() as outer:
        with mlflow.start_run(nested=True) as middle, mlflow.start_run(nested=True) as inner:
            assert mlflow.active_run() is inner
        assert mlflow.active_run() is outer
    parent = mlflow.get_parent_run(inner.info.run_id)
    assert parent is not None and parent.info.run_id == middle.info.run_id
    assert mlflow.get_run(middle.info.run_id).data.tags["mlflow.parentRunId"] == outer.info.run_id
    assert mlflow.get_parent_run(outer.info.run_id) is None


def test_leaving_an_outer_run_ends_the_inner_one_too(database: str) -> None:
    outer = mlflow.start_run()
    inner = mlflow.start_run(nested=True)
    with outer:
        pass
    assert mlflow.active_run() is None
    assert {status(run.info.run_id) for run in (outer, inner)} == {"FINISHED"}


def test_parent_may_be_named(database: str) -> None:
    with mlflow.start_run() as parent:
        pass
    with mlflow.start_run(parent_run_id=parent.info.run_id) as child:
        pass
    assert mlflow.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id


def test_named_parent_must_exist_and_fit(database: str) -> None:
    with pytest.raises(ResourceDoesNotExist):
        mlflow.start_run(parent_run_id="f" * 32)
    with mlflow.start_run() as run, pytest.raises(MlflowException, match="does not match the specified parent_run_id"):
        mlflow.start_run(nested=True, parent_run_id="f" * 32)
    mlflow.delete_run(run.info.run_id)
    with pytest.raises(MlflowException, match="deleted state"):
        mlflow.start_run(parent_run_id=run.info.run_id)


def test_resumed_run_goes_on(store: str) -> None:
    with mlflow.start_run(tags={"a": 1}) as run:
        mlflow.log_metric("loss", 1.0, step=0)
        mlflow.log_param("lr", 0.1)
    with mlflow.start_run(run.info.run_id, run_name="renamed", tags={"b": 2}, description="more") as resumed:
        assert resumed.info.status == "RUNNING"
        assert (resumed.info.run_name, resumed.data.params, resumed.data.tags["b"]) == ("renamed", {"lr": "0.1"}, "2")
        mlflow.log_metric("loss", 0.5, step=1)
    final = mlflow.get_run(run.info.run_id)
    assert (final.info.status, final.info.run_name, final.data.metrics) == ("FINISHED", "renamed", {"loss": 0.5})
    assert final.data.tags.items() >= {"a": "1", "b": "2", "mlflow.note.content": "more"}.items()


def test_resumed_run_refuses_another_value_of_a_param_at_the_call(database: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 0.1)
    with mlflow.start_run(run.info.run_id):
        mlflow.log_param("lr", 0.1)
        with pytest.raises(InvalidParameterValue, match=r"'lr' was already logged with value='0\.1'"):
            mlflow.log_param("lr", 0.2)


def test_environment_names_the_run_to_resume_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with mlflow.start_run() as run:
        pass
    monkeypatch.setenv("MLFLOW_RUN_ID", run.info.run_id)
    with mlflow.start_run() as resumed:
        assert resumed.info.run_id == run.info.run_id
        assert "MLFLOW_RUN_ID" not in os.environ
    with mlflow.start_run() as another:
        assert another.info.run_id != run.info.run_id


def test_run_that_cannot_be_resumed_says_why(database: str) -> None:
    with pytest.raises(ResourceDoesNotExist, match="nope"):
        mlflow.start_run(run_id="nope")
    mlflow.set_experiment("one")
    with mlflow.start_run() as run:
        pass
    mlflow.set_experiment("two")
    with pytest.raises(MlflowException, match="active experiment ID does not match"):
        mlflow.start_run(run.info.run_id)
    mlflow.delete_run(run.info.run_id)
    with pytest.raises(MlflowException, match="deleted state"):
        mlflow.start_run(run.info.run_id)
    assert mlflow.active_run() is None


def test_log_call_starts_a_run(database: str) -> None:
    mlflow.log_metric("loss", 1.0)
    active, last = mlflow.active_run(), mlflow.last_active_run()
    assert active is not None and last is not None
    assert last.info.run_id == active.info.run_id
    mlflow.end_run()
    last = mlflow.last_active_run()
    assert last is not None and last.info.status == "FINISHED"


def test_artifact_uri_is_below_the_run(database: str, tmp_path: Path) -> None:
    with mlflow.start_run() as run:
        assert mlflow.get_artifact_uri() == run.info.artifact_uri
        assert mlflow.get_artifact_uri("a/b.txt") == f"{run.info.artifact_uri}/a/b.txt"


def test_deleted_run_can_be_restored(database: str) -> None:
    with mlflow.start_run() as run:
        pass
    mlflow.delete_run(run.info.run_id)
    assert mlflow.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    mlflow.restore_run(run.info.run_id)
    assert mlflow.get_run(run.info.run_id).info.lifecycle_stage == "active"


def test_run_shows_itself_in_a_notebook(database: str) -> None:
    with mlflow.start_run(run_name="<b>shown</b>", tags={"team": "a&b"}) as run:
        assert "&lt;b&gt;shown&lt;/b&gt;" in run._repr_html_()
        mlflow.log_metric("loss", 0.25)
    page = mlflow.get_run(run.info.run_id)._repr_html_()
    assert "0.25" in page and "a&amp;b" in page


def test_run_is_created_in_the_experiment_that_was_named(database: str) -> None:
    one, two = mlflow.create_experiment("one"), mlflow.set_experiment("two").experiment_id
    with mlflow.start_run(experiment_id=one) as run:
        assert run.info.experiment_id == one
    with mlflow.start_run() as run:
        assert run.info.experiment_id == two


def test_client_and_fluent_functions_see_the_same_run(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 2.0)
        assert MlflowClient().get_run(run.info.run_id).data.metrics == {"loss": 2.0}
        MlflowClient().log_metric(run.info.run_id, "loss", 1.0, step=1)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"loss": 1.0}


def test_printed_address_leads_to_the_run(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    del os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"]
    with mlflow.start_run(run_name="shown") as run:
        pass
    address = f"{server}/#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"
    assert f"Run shown: {address}\n" in capsys.readouterr().out


def test_logging_draws_nothing_from_the_programs_random_stream() -> None:
    import random

    random.seed(7)
    expected = [random.random() for _ in range(3)]
    random.seed(7)
    with mlflow.start_run():
        drawn = [random.random()]
        mlflow.log_metric("m", 1.0)
        drawn.append(random.random())
        mlflow.log_text("text", "a.txt")
        drawn.append(random.random())
    assert drawn == expected
