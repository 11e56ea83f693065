"""What may be logged, and that it arrives."""

import math
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.contract.caller import EVERYONE
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

LONGEST = 1.7976931348623157e308


def history(run_id: str, key: str) -> list[tuple[int, float]]:
    return [(point.step, point.value) for point in MlflowClient().get_metric_history(run_id, key)]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param(1, 1.0, id="int"),
        pytest.param(True, 1.0, id="bool"),
        pytest.param("1.5", 1.5, id="text"),
        pytest.param(np.float32(0.5), 0.5, id="numpy scalar"),
        pytest.param(np.array([[2.0]]), 2.0, id="array of one"),
        pytest.param(Decimal("0.25"), 0.25, id="decimal"),
        pytest.param(Fraction(1, 4), 0.25, id="fraction"),
        pytest.param(math.inf, LONGEST, id="infinity"),
        pytest.param(-math.inf, -LONGEST, id="minus infinity"),
        pytest.param(5e-324, 5e-324, id="smallest"),
    ],
)
def test_metric_values_become_floats(database: str, value: Any, stored: float) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("m", value)
        mlflow.log_metrics({"n": value, "o": 1.0})
    assert mlflow.get_run(run.info.run_id).data.metrics == {"m": stored, "n": stored, "o": 1.0}


def test_nan_is_kept(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("m", math.nan)
    assert math.isnan(mlflow.get_run(run.info.run_id).data.metrics["m"])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param(lambda: mlflow.log_metric("m", "abc"), "'abc' for metric 'm'", id="text as value"),  # type: ignore[arg-type]
        pytest.param(lambda: mlflow.log_metric("m", None), "'None' for metric 'm'", id="none as value"),  # type: ignore[arg-type]
        pytest.param(lambda: mlflow.log_metric("m", [1]), r"'\[1\]' for metric 'm'", id="list as value"),  # type: ignore[arg-type]
        pytest.param(lambda: mlflow.log_metric("m", np.zeros(2)), "for metric 'm'", id="array as value"),  # type: ignore[arg-type]
        pytest.param(lambda: mlflow.log_metric("m", 10**400), "for metric 'm'", id="too large"),
        pytest.param(lambda: mlflow.log_metrics({"a": 1, "b": "x"}), "'x' for metric 'b'", id="one of several"),  # type: ignore[dict-item]
        pytest.param(lambda: mlflow.log_metric("", 1), "non-empty", id="empty key"),
        pytest.param(lambda: mlflow.log_metric("m!", 1), "'m!'", id="key with !"),
        pytest.param(lambda: mlflow.log_metric("../m", 1), "'../m'", id="key that leads away"),
        pytest.param(lambda: mlflow.log_metric("k" * 251, 1), "251 characters", id="long key"),
        pytest.param(lambda: mlflow.log_metrics({"ok": 1, "a//b": 1}), "'a//b'", id="one bad key"),
        pytest.param(lambda: mlflow.log_metric("m", 1, step="2"), "[Ss]tep '2'", id="text as step"),  # type: ignore[arg-type]
        pytest.param(lambda: mlflow.log_metric("m", 1, step=2**63), "9223372036854775808", id="large step"),
        pytest.param(lambda: mlflow.log_metric("m", 1, timestamp=-1), "timestamp '-1'", id="early"),
        pytest.param(lambda: mlflow.log_param("p!", 1), "param key 'p!'", id="param key"),
        pytest.param(lambda: mlflow.log_params({"ok": 1, "": 2}), "non-empty", id="one bad param"),
        pytest.param(lambda: mlflow.set_tag("t!", 1), "tag key 't!'", id="tag key"),
        pytest.param(lambda: mlflow.log_metric_history("h", [1.0], steps=[1, 2]), "differ in length", id="columns"),
        pytest.param(lambda: mlflow.log_metric_history("h", ["x"]), "no column", id="text in a column"),  # type: ignore[list-item]
        pytest.param(lambda: mlflow.log_metric_history("h", [1.0], [2**63]), "no column", id="large step in column"),
    ],
)
def test_bad_input_is_refused_at_the_call_and_nothing_is_logged(
    database: str, call: Callable[[], object], said: str
) -> None:
    with mlflow.start_run() as run:
        with pytest.raises(InvalidParameterValue, match=said):
            call()
        mlflow.log_metric("good", 1.0)
    data = mlflow.get_run(run.info.run_id).data
    assert (data.metrics, data.params) == ({"good": 1.0}, {})


def test_wrong_kind_of_value_is_a_type_error_too(database: str) -> None:
    with mlflow.start_run(), pytest.raises(TypeError):
        mlflow.log_metric("m", [1])  # type: ignore[arg-type]


def test_float_step_counts_as_whole_number(database: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1.0, step=3.0)  # type: ignore[arg-type]
        mlflow.log_metric("m", 2.0, step=np.int64(4))  # type: ignore[arg-type]
        mlflow.log_metric("m", 0.0, step=-1)
    assert sorted(history(run.info.run_id, "m")) == [(-1, 0.0), (3, 1.0), (4, 2.0)]


def test_params_and_tags_are_text(store: str) -> None:
    with mlflow.start_run() as run:
        assert mlflow.log_param("lr", 0.1) == 0.1
        assert mlflow.log_params({"none": None, "list": [1, 2], "long": "x" * 7000}) is None
        mlflow.set_tags({"none": None, "n": 3, "long": "x" * 9000})
        mlflow.set_tag("n", 4)
    data = mlflow.get_run(run.info.run_id).data
    assert data.params == {"lr": "0.1", "none": "None", "list": "[1, 2]", "long": "x" * 6000}
    assert data.tags.items() >= {"none": "None", "n": "4", "long": "x" * 8000}.items()


def test_changed_param_is_refused_at_the_call(database: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 0.1)
        mlflow.log_param("lr", "0.1")
        with pytest.raises(InvalidParameterValue, match=r"Attempted logging new value '0\.2'"):
            mlflow.log_params({"new": 1, "lr": 0.2})
    assert mlflow.get_run(run.info.run_id).data.params == {"lr": "0.1"}


def test_many_params_go_in_one_call(store: str) -> None:
    params = {f"p{number}": number for number in range(350)}
    with mlflow.start_run() as run:
        mlflow.log_params(params)
        mlflow.log_params({f"s{number}": number for number in range(350)}, synchronous=True)
    assert len(mlflow.get_run(run.info.run_id).data.params) == 700


def test_delete_tag_removes_what_was_just_set(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.set_tag("gone", 1)
        mlflow.delete_tag("gone")
        with pytest.raises(ResourceDoesNotExist, match="gone"):
            mlflow.delete_tag("gone")
    assert "gone" not in mlflow.get_run(run.info.run_id).data.tags


@pytest.mark.parametrize("synchronous", [True, False, None], ids=str)
def test_each_way_of_logging_arrives(store: str, synchronous: bool | None) -> None:
    with mlflow.start_run() as run:
        answers = [
            mlflow.log_metric("m", 1.0, synchronous=synchronous),
            mlflow.log_metrics({"n": 2.0}, step=1, synchronous=synchronous),
            mlflow.log_params({"p": 1}, synchronous=synchronous),
            mlflow.set_tag("t", 1, synchronous=synchronous),
        ]
        value = mlflow.log_param("q", 2, synchronous=synchronous)
        if synchronous is False:
            for handle in (*answers, value):
                handle.wait()
        else:
            assert (answers, value) == ([None] * 4, 2)
        data = mlflow.get_run(run.info.run_id).data
    assert (data.metrics, data.params, data.tags["t"]) == ({"m": 1.0, "n": 2.0}, {"p": "1", "q": "2"}, "1")


def test_one_switch_makes_every_log_call_synchronous(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SYNCHRONOUS", "true")
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1.0)
        mlflow.log_param("p", 1)
        mlflow.set_tag("t", 1)
        stored = MlflowClient()._store.runs.get_run(EVERYONE, run.info.run_id)  # what the server has at this moment
    assert (stored.data.metrics, stored.data.params, stored.data.tags["t"]) == ({"m": 1.0}, {"p": "1"}, "1")


def test_async_setting_has_calls_answer_handles(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ENABLE_ASYNC_LOGGING", "true")
    with mlflow.start_run() as run:
        for handle in (mlflow.log_params({"p": 1}), MlflowClient().log_metric(run.info.run_id, "m", 1.0)):
            assert handle is not None
            handle.wait()
    assert mlflow.get_run(run.info.run_id).data.metrics == {"m": 1.0}


def test_history_is_logged_at_once(store: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric_history("plain", [3.0, 2.0, 1.0])
        mlflow.log_metric_history("arrays", np.arange(3, dtype="f4"), np.arange(3, dtype="i4"), np.arange(3) + 1000)
        mlflow.log_metric_history("walked", iter([0.5]), iter([7]), iter([1000]))
    assert history(run.info.run_id, "plain") == [(0, 3.0), (1, 2.0), (2, 1.0)]
    points = MlflowClient().get_metric_history(run.info.run_id, "arrays")
    assert [(point.timestamp, point.step, point.value) for point in points] == [
        (1000, 0, 0.0),
        (1001, 1, 1.0),
        (1002, 2, 2.0),
    ]
    assert history(run.info.run_id, "walked") == [(7, 0.5)]


def test_hundred_thousand_points_of_history_arrive(server: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric_history("h", np.linspace(0, 1, 100_000))
    points = MlflowClient().get_metric_history(run.info.run_id, "h")
    assert [point.step for point in points] == list(range(100_000))


def test_metric_may_belong_to_a_dataset(database: str) -> None:
    dataset = mlflow.data.from_numpy(np.zeros((2, 2)), name="zeros")
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1.0, dataset=dataset)
        mlflow.log_metrics({"n": 2.0}, dataset=dataset)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"m": 1.0, "n": 2.0}


def test_batch_of_the_client_may_be_of_any_size(store: str) -> None:
    with mlflow.start_run() as run:
        pass
    metrics = [Metric(f"m{number}", number, 1000 + number, number) for number in range(2500)]
    params = [Param(f"p{number}", str(number)) for number in range(250)]
    tags = [RunTag(f"t{number}", str(number)) for number in range(150)]
    for synchronous in (True, False):
        MlflowClient().log_batch(run.info.run_id, metrics, params, tags, synchronous=synchronous)
    data = MlflowClient().get_run(run.info.run_id).data
    assert (len(data.metrics), len(data.params)) == (2500, 250)
    assert data.tags["t149"] == "149"


def test_client_refuses_a_bad_batch_whole(database: str) -> None:
    with mlflow.start_run() as run:
        pass
    client = MlflowClient()
    for synchronous in (True, False):
        with pytest.raises(InvalidParameterValue, match="'m!'"):
            client.log_batch(run.info.run_id, [Metric("a", 1, 1), Metric("m!", 1, 1)], tags=[], synchronous=synchronous)
    assert client.get_run(run.info.run_id).data.metrics == {}


def test_log_calls_return_while_another_thread_is_busy(database: str) -> None:
    done = threading.Event()

    def burn() -> None:
        while not done.is_set():
            sum(range(1000))

    busy = threading.Thread(target=burn)
    with mlflow.start_run():
        mlflow.log_metric("m", 0.0)
        busy.start()
        times = []
        for step in range(2000):
            start = time.perf_counter()
            mlflow.log_metric("m", 0.5, step=step)
            times.append(time.perf_counter() - start)
        done.set()
        busy.join()
    assert sorted(times)[1000] < 0.001


@pytest.mark.timeout(45)
def test_reader_waits_for_what_came_before_and_not_for_what_other_threads_log_meanwhile(store: str) -> None:
    done = threading.Event()
    with mlflow.start_run() as run:
        client = MlflowClient()

        def log_on() -> None:
            step = 0
            while not done.is_set():
                step += 1
                mlflow.log_metric("other", step, step=step, run_id=run.info.run_id)

        busy = threading.Thread(target=log_on)
        mlflow.log_metric("mine", 0.5)
        busy.start()
        try:
            assert client.get_run(run.info.run_id).data.metrics["mine"] == 0.5
            assert busy.is_alive()
        finally:
            done.set()
            busy.join()


def test_inputs_are_recorded(store: str) -> None:
    dataset = mlflow.data.from_numpy(np.zeros((2, 2)), name="zeros")
    with mlflow.start_run() as run:
        mlflow.log_input(dataset, context="training", tags={"k": "v"})
        mlflow.log_inputs([dataset, None], ["testing", None], [None, None])
        with pytest.raises(InvalidParameterValue, match="same length"):
            mlflow.log_inputs([dataset], ["a", "b"], [None])
    [found] = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.digest) == ("zeros", dataset.digest)
    assert {tag.key: tag.value for tag in found.tags} == {"k": "v", "mlflow.data.context": "training"}
