import math
from pathlib import Path

import pytest

from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag
from mlflow.stores import open_backend
from mlflow.tracking.client import MlflowClient
from mlflow.transfer.comparison import Comparison, Difference, MetricRow, compare
from mlflow.transfer.sparkline import sparkline


@pytest.fixture
def client(tmp_path: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{tmp_path / 'store.db'}")


def make_run(client: MlflowClient, name: str, params: dict[str, str], metrics: dict[str, list[float]]) -> str:
    run_id = client.create_run("0", 1000, run_name=name).info.run_id
    points = [Metric(key, value, 1, step) for key, values in metrics.items() for step, value in enumerate(values)]
    client.log_batch(run_id, points, [Param(*item) for item in params.items()], [RunTag("team", "vision")])
    client.set_terminated(run_id, end_time=3000)
    return run_id


def compared(client: MlflowClient, *run_ids: str) -> Comparison:
    return compare(open_backend(client.tracking_uri), [client.get_run(run_id) for run_id in run_ids])


def test_what_differs_comes_before_what_is_the_same(client: MlflowClient) -> None:
    one = make_run(client, "one", {"lr": "0.1", "depth": "3"}, {})
    other = make_run(client, "other", {"lr": "0.2", "depth": "3", "only": "here"}, {})
    client.log_inputs(other, [DatasetInput(Dataset("grid", "d1"))])
    found = compared(client, one, other).differences
    assert [(row.group, row.name, row.values) for row in found if row.differs] == [
        ("params", "lr", ["0.1", "0.2"]),
        ("params", "only", [None, "here"]),
        ("attributes", "run_name", ["one", "other"]),
        ("datasets", "grid", [None, "d1"]),
    ]
    assert [row.differs for row in found] == sorted([row.differs for row in found], reverse=True)
    assert Difference("tags", "team", ["vision", "vision"]) in found
    assert Difference("attributes", "duration", ["2.0 s", "2.0 s"]) in found


def test_metrics_are_compared_with_the_first_run(client: MlflowClient) -> None:
    one = make_run(client, "one", {}, {"loss": [4.0, 2.0], "acc": [0.5], "zero": [0.0], "odd": [math.nan]})
    other = make_run(
        client, "other", {}, {"loss": [1.0, 1.5], "acc": [0.75], "zero": [1.0], "odd": [1.0], "own": [1.0]}
    )
    rows = {row.key: row for row in compared(client, one, other).metrics}
    assert rows["loss"] == MetricRow("loss", [2.0, 1.5], [0.0, -0.25], [2.0, 1.0], [4.0, 1.5], [1])
    assert (rows["acc"].change, rows["acc"].best) == ([0.0, 0.5], [1])
    assert (rows["zero"].change, rows["odd"].change) == ([None, None], [None, None])
    assert (rows["own"].last, rows["own"].best) == ([None, 1.0], [])


@pytest.mark.parametrize(
    ("key", "best"),
    [("val_loss", 0), ("train/logloss", 0), ("test.rmse", 0), ("mean error", 0), ("accuracy", 1), ("glossy", 1)],
)
def test_the_best_of_a_metric_named_like_a_loss_is_the_least(client: MlflowClient, key: str, best: int) -> None:
    one, other = make_run(client, "one", {}, {key: [1.0]}), make_run(client, "other", {}, {key: [2.0]})
    assert compared(client, one, other).metrics[0].best == [best]


def test_equal_values_have_no_best_and_shared_ones_have_several(client: MlflowClient) -> None:
    runs = [make_run(client, str(value), {}, {"acc": [value]}) for value in (2.0, 1.0, 2.0)]
    assert compared(client, *runs).metrics[0].best == [0, 2]
    assert compared(client, runs[0], runs[2]).metrics[0].best == []


@pytest.mark.parametrize(
    ("values", "low", "high", "drawn"),
    [
        pytest.param([0, 1, 2, 3, 4, 5, 6, 7], 0, 7, "▁▂▃▄▅▆▇█", id="a ramp"),
        pytest.param([1, None, math.nan, 2], 1, 2, "▁  █", id="gaps"),
        pytest.param([5, 5], 5, 5, "▄▄", id="a constant"),
        pytest.param([-1e308, 1e308], -1e308, 1e308, "▄▄", id="a span beyond doubles"),
        pytest.param([], 0, 1, "", id="nothing"),
    ],
)
def test_a_sparkline_is_higher_where_values_are(
    values: list[float | None], low: float, high: float, drawn: str
) -> None:
    assert sparkline(values, low, high) == drawn
