"""One run for each outermost training, whatever happens inside of it; and never at the cost of the training."""

import logging
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import joblib
import pytest

import mlflow
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import _told
from mlflow.tracking.autologging.integration import Integration, NotInstalled
from mlflow.tracking.autologging.queries import (
    AUTOLOGGING_INTEGRATIONS,
    autologging_is_disabled,
    disable_autologging,
    disable_discrete_autologging,
    get_autologging_config,
)
from mlflow.tracking.autologging.workers import watch_joblib
from tests.autologging import toy
from tests.autologging.recorded import history, only_run, runs

TOY = Integration("toy", package="tests.autologging.toy", tested=("1.0", "2.0"), distribution="no-such-distribution")
broken: set[str] = set()


@TOY.training("tests.autologging.toy:Model.fit", "tests.autologging.toy:Ensemble.fit", "tests.autologging.toy:train")
def watch(fit: Fit) -> Steps:
    fit.record.params({"rounds": fit.call.get("rounds", 0), "class": type(fit.call.instance).__name__})
    if "callback" in fit.call.function.__code__.co_varnames:
        fit.call.replace("callback", lambda step, mean: fit.record.metrics({"mean": mean}, step))
    if "before" in broken:
        fit.call.replace("rounds", "not a number")
        raise RuntimeError("the observer broke before")
    yield
    if "after" in broken:
        raise RuntimeError("the observer broke after")
    fit.record.tags({"done": "yes"})


TOY.on_import("joblib.parallel", watch_joblib)


@TOY.entry
def autolog(
    disable: bool = False,
    exclusive: bool = False,
    silent: bool = False,
    disable_for_unsupported_versions: bool = False,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log the toy."""


@pytest.fixture(autouse=True)
def switched_on(database: str) -> Iterator[None]:
    autolog()
    broken.clear()
    _told.clear()
    yield
    broken.clear()


def test_training_gets_a_run_that_ends_with_it() -> None:
    model = toy.Model().fit([1.0, 3.0])
    assert mlflow.active_run() is None
    run = only_run()
    assert (run.info.status, run.data.params) == ("FINISHED", {"rounds": "3", "class": "Model"})
    assert run.data.tags["mlflow.autologging"] == "toy"
    assert run.data.tags["done"] == "yes"
    assert history(run, "mean") == [(0, 1.0), (1, 1.5), (2, 1.75)]
    assert model.mean == 1.75


def test_arguments_count_by_position_and_by_name() -> None:
    toy.Model().fit([1.0], 5)
    toy.Model().fit(numbers=[1.0], rounds=2)
    assert [run.data.params["rounds"] for run in runs()] == ["5", "2"]


def test_trainings_inside_of_a_training_log_nothing_of_their_own() -> None:
    toy.Ensemble().fit([1.0])
    assert only_run().data.params == {"rounds": "0", "class": "Ensemble"}


def test_joblib_threads_work_for_the_training_that_started_them() -> None:
    def in_threads(function: Any, models: Any) -> Any:
        return joblib.Parallel(n_jobs=2, backend="threading")(joblib.delayed(function)(model) for model in models)

    toy.Ensemble(run=in_threads).fit([1.0])
    assert only_run().data.params["class"] == "Ensemble"


def test_threads_have_runs_of_their_own() -> None:
    start = threading.Barrier(4)

    def fit(rounds: int) -> None:
        start.wait()
        toy.Model().fit([1.0], rounds)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fit, range(1, 5)))
    assert sorted(run.data.params["rounds"] for run in runs()) == ["1", "2", "3", "4"]
    assert {len(history(run, "mean")) - int(run.data.params["rounds"]) for run in runs()} == {0}


def test_failing_training_fails_its_run_and_raises_as_ever() -> None:
    with pytest.raises(ValueError, match="no numbers"):
        toy.Model().fit([])
    run = only_run()
    assert (run.info.status, run.data.params["rounds"]) == ("FAILED", "3")
    assert "done" not in run.data.tags


def test_run_of_the_program_is_used_and_stays_open() -> None:
    autolog(extra_tags={"team": "a"})
    with mlflow.start_run() as run:
        toy.Model().fit([1.0])
        active = mlflow.active_run()
        assert active is not None
        assert active.info.run_id == run.info.run_id
    found = only_run()
    assert found.data.params["class"] == "Model"
    assert not {"team", "mlflow.autologging"} & set(found.data.tags)


def test_failing_training_does_not_fail_the_run_of_the_program() -> None:
    with mlflow.start_run():
        with pytest.raises(ValueError, match="no numbers"):
            toy.Model().fit([])
        mlflow.log_metric("after", 1)
    assert (only_run().info.status, only_run().data.metrics) == ("FINISHED", {"after": 1})


def test_second_training_in_a_run_keeps_the_params_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_AUTOLOGGING_TESTING")
    with mlflow.start_run():
        toy.Model().fit([1.0], 1)
        toy.train([1.0])
    run = only_run()
    assert run.data.params == {"rounds": "1", "class": "Model"}
    assert run.data.tags["done"] == "yes"


def test_exclusive_keeps_off_the_runs_of_the_program() -> None:
    autolog(exclusive=True)
    with mlflow.start_run():
        toy.Model().fit([1.0])
    assert only_run().data.params == {}
    toy.Model().fit([1.0])
    assert len(runs()) == 2


def test_disabled_logs_nothing() -> None:
    autolog(disable=True)
    toy.Model().fit([1.0])
    assert runs() == []


def test_extra_tags_are_those_of_the_run() -> None:
    autolog(extra_tags={"team": "a"})
    toy.Model().fit([1.0])
    assert only_run().data.tags["team"] == "a"


def test_nothing_is_logged_after_the_run_ended() -> None:
    def end(function: Any, models: Any) -> Any:
        mlflow.end_run()
        return map(function, models)

    toy.Ensemble(run=end).fit([1.0])
    assert "done" not in only_run().data.tags
    assert mlflow.active_run() is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_failure_of_autologging_is_warned_of_once_and_goes_no_further(
    when: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MLFLOW_AUTOLOGGING_TESTING")
    broken.add(when)
    with caplog.at_level(logging.WARNING, "mlflow"):
        assert toy.Model().fit([2.0]).mean == 1.75
        assert toy.Model().fit([2.0]).mean == 1.75
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert f"RuntimeError: the observer broke {when}" in warning
    assert [run.info.status for run in runs()] == ["FINISHED", "FINISHED"]


def test_failure_of_autologging_is_raised_where_it_is_tested() -> None:
    broken.add("after")
    with pytest.raises(RuntimeError, match="broke after"):
        toy.Model().fit([2.0])


def test_store_that_cannot_start_a_run_does_not_stop_the_training(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MLFLOW_AUTOLOGGING_TESTING")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "404")
    assert toy.Model().fit([2.0]).mean == 1.75
    assert "could not start a run" in caplog.text


def test_silent_shows_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("MLFLOW_AUTOLOGGING_TESTING")
    handler = logging.StreamHandler()
    logging.getLogger("mlflow").addHandler(handler)
    try:
        toy.Model().fit([1.0])
        assert "logged to run" in capsys.readouterr().err
        autolog(silent=True)
        broken.add("after")
        toy.Model().fit([1.0])
        assert capsys.readouterr().err == ""
    finally:
        logging.getLogger("mlflow").removeHandler(handler)


def test_version_that_was_not_tested_is_warned_of_or_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    old = Integration("old", package="joblib", tested=("0.1", "0.2"))
    with caplog.at_level(logging.WARNING, "mlflow"):
        old.enable({"disable": False})
    assert "joblib" in caplog.text or "old" in caplog.text
    assert not autologging_is_disabled("old")
    old.enable({"disable": False, "disable_for_unsupported_versions": True})
    assert autologging_is_disabled("old")


def test_framework_that_is_not_installed_is_named() -> None:
    with pytest.raises(NotInstalled, match="pip install nowhere-at-all"):
        Integration("nowhere", package="nowhere_at_all", distribution="nowhere-at-all", tested=("1", "2")).enable({})


def test_questions_about_autologging_are_answered() -> None:
    autolog(exclusive=True)
    assert get_autologging_config("toy", "exclusive") is True
    assert get_autologging_config("toy", "unknown", 7) == 7
    assert get_autologging_config("never", "exclusive", False) is False
    assert AUTOLOGGING_INTEGRATIONS["toy"]["exclusive"] is True
    assert not autologging_is_disabled("toy")
    assert autologging_is_disabled("never")


def test_blocks_switch_autologging_off_for_a_while() -> None:
    with disable_autologging():
        toy.Model().fit([1.0])
    with disable_discrete_autologging(["toy"]):
        toy.Model().fit([1.0])
    assert runs() == []
    toy.Model().fit([1.0])
    assert len(runs()) == 1


def test_watched_functions_and_models_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(toy.train)) is toy.train
    model = pickle.loads(pickle.dumps(toy.Model().fit([1.0])))
    assert model.score([1.0]) == -0.125


def test_switching_on_twice_logs_once() -> None:
    autolog()
    autolog()
    toy.Model().fit([1.0])
    assert len(runs()) == 1
