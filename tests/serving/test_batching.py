"""Requests that wait at the same time are answered by one call, each as if it had been alone."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.serving.batching import Budget
from mlflow.serving.scorer import Scorer
from mlflow.serving.scoring import ScoringForm
from mlflow.types import ColSpec, Schema
from tests.serving.samples import CODE, JSON, ROWS
from tests.serving.within import Reply, Within, within

Save = Callable[..., Path]
FORM = ScoringForm(JSON)
SIGNATURE = ModelSignature(Schema([ColSpec("long", "a"), ColSpec("string", "wait")]))


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save the slow model, with its configuration and whether it says that it can be joined."""

    def saved(joined: bool | None = True, **config: object) -> Path:
        folder = tmp_path / f"slow-{len(list(tmp_path.iterdir()))}"
        metadata = {} if joined is None else {"metadata": {"micro_batching": joined}}
        options = {"model_config": config, "pip_requirements": ["pandas"], "signature": SIGNATURE, **metadata}
        mlflow.pyfunc.save_model(folder, python_model=str(CODE / "slow.py"), **options)
        return folder

    return saved


def body(value: int, wait: object = "") -> dict[str, Any]:
    return {"dataframe_records": [{"a": value, "wait": str(wait)}]}


def tensors(value: int, wait: str = "", count: int = 1) -> dict[str, Any]:
    a = {"name": "a", "shape": [count], "datatype": "INT64", "data": [value] * count}
    return {"inputs": [a, {"name": "wait", "shape": [count], "datatype": "BYTES", "data": [wait] * count}]}


async def ask(server: Within, content: Any) -> Reply:
    path = "/v2/models/m/infer" if "inputs" in content else "/invocations"
    return await server.ask("POST", path, content, {"content-type": JSON})


async def begun(server: Within, go: Path) -> asyncio.Task[Reply]:
    """A request that the model has begun with, and that ends when there is a file."""
    first = asyncio.create_task(ask(server, body(0, go)))
    while not go.with_name(f"{go.name}.begun").exists():
        await asyncio.sleep(0.01)
    return first


async def queued() -> None:
    """Let tasks go on until they wait for a thread: nothing before that takes longer than a turn of the loop."""
    for _ in range(100):
        await asyncio.sleep(0)


def together(server: Within, go: Path, bodies: list[object]) -> list[Reply]:
    """Ask for several while a call keeps the model busy, so that they wait at the same time."""

    async def asked() -> list[Reply]:
        first = await begun(server, go)
        others = [asyncio.create_task(ask(server, content)) for content in bodies]
        await queued()
        go.touch()
        await first
        return [await other for other in others]

    return server.runner.run(asked())


def batches(server: Within) -> dict[str, float]:
    """How many requests there were in how many calls."""
    lines = server.get("/metrics").body.decode().splitlines()
    found = [line.split() for line in lines if line.startswith("mlflow_scoring_batch_requests_")]
    counts = {name.partition("{")[0].rpartition("_")[2]: float(value) for name, value in found if "bucket" not in name}
    return {name: counts[name] for name in ("count", "sum")}


def test_those_that_wait_are_answered_by_one_call_each_with_its_own(save: Save, tmp_path: Path) -> None:
    with within(f"m={save()}", threads=1) as server:
        answers = together(server, tmp_path / "go", [body(number) for number in range(1, 9)])
        assert [answer.json()["predictions"] for answer in answers] == [[10 * number] for number in range(1, 9)]
        assert batches(server) == {"count": 2, "sum": 9}


def test_requests_of_several_rows_get_their_own_rows(save: Save, tmp_path: Path) -> None:
    contents = [{"dataframe_records": [{"a": number, "wait": ""}] * number} for number in range(1, 5)]
    with within(f"m={save()}", threads=1) as server:
        answers = together(server, tmp_path / "go", contents)
    assert [answer.json()["predictions"] for answer in answers] == [[10 * n] * n for n in range(1, 5)]


def test_a_bad_request_in_a_batch_fails_alone(save: Save, tmp_path: Path) -> None:
    bad = [body(1, "fail"), {"dataframe_records": [{"a": "x", "wait": ""}]}, {"nothing": 1}, {"dataframe_records": []}]
    with within(f"m={save()}", threads=1) as server:
        answers = together(server, tmp_path / "go", [body(5), *bad, body(6)])
    assert [answer.status for answer in answers[:4]] == [200, 400, 400, 400]
    assert "a model's own failure" in answers[1].json()["message"]
    assert [answers[0].json(), answers[-1].json()] == [{"predictions": [50]}, {"predictions": [60]}]


def test_tensors_and_tables_are_answered_by_one_call_each_in_its_form(save: Save, tmp_path: Path) -> None:
    contents = [tensors(1), body(2), {**tensors(3, count=2), "id": "x"}, tensors(4, "fail")]
    with within(f"m={save()}", threads=1) as server:
        answers = together(server, tmp_path / "go", contents[:3])
        assert batches(server) == {"count": 2, "sum": 4}
        one, table, two = (answer.json() for answer in answers)
        assert [one["outputs"][0]["data"], table["predictions"], two["outputs"][0]["data"]] == [[10], [20], [30, 30]]
        assert two["id"] == "x"
        other = tmp_path / "other"
        *good, bad = together(server, other, contents)
        assert [answer.status for answer in (*good, bad)] == [200, 200, 200, 400]
        assert "a model's own failure" in bad.json()["error"]


def test_a_caller_that_gives_up_spoils_nothing(save: Save, tmp_path: Path) -> None:
    async def asked(server: Within) -> Reply:
        first = await begun(server, tmp_path / "go")
        gone, other = (asyncio.create_task(ask(server, body(number))) for number in (1, 2))
        await queued()
        gone.cancel()
        (tmp_path / "go").touch()
        await first
        return await other

    with within(f"m={save()}", threads=1) as server:
        assert server.runner.run(asked(server)).json() == {"predictions": [20]}


@pytest.mark.parametrize(
    ("config", "answers"),
    [({"across": True}, [[0.0], [0.0], [0.0]]), ({"short": True}, [[1], [1], [1]])],
    ids=["looks across rows", "returns one for all"],
)
def test_a_model_whose_rows_hang_together_is_not_joined_whatever_it_says(
    save: Save, tmp_path: Path, config: dict[str, object], answers: list[object]
) -> None:
    with within(f"m={save(**config)}", threads=1) as server:
        replies = together(server, tmp_path / "go", [body(1), body(2), body(5)])
        assert [reply.json()["predictions"] for reply in replies] == answers
        assert not server.application.variants["m"].loaded.scorer.joins


def test_only_models_that_answer_row_by_row_are_joined(save: Save, models: Path) -> None:
    def joins(folder: Path) -> bool:
        return Scorer.load(str(folder)).joins

    assert joins(models / "logistic")
    assert joins(save())
    assert not joins(save(joined=None))
    assert not joins(save(joined=False))
    for name in ("typed", "free", "tensors"):
        assert not joins(models / name)


def test_a_server_can_be_told_to_join_nothing(save: Save, tmp_path: Path) -> None:
    settings = {"threads": 1, "max_batch_size": 1}
    with within(f"m={save()}", **settings) as server:
        together(server, tmp_path / "go", [body(1), body(2)])
        assert batches(server) == {"count": 0, "sum": 0}


@pytest.mark.parametrize("rows", [1, 3])
def test_answers_are_the_same_bytes_together_and_alone(models: Path, rows: int) -> None:
    scorer = Scorer.load(str(models / "logistic"))
    tables = [ROWS.sample(rows, replace=True, random_state=seed) + seed / 7 for seed in range(20)]
    bodies = [json.dumps({"dataframe_split": {**table.to_dict(orient="split"), "index": 0}}) for table in tables]
    bodies = [text.replace(', "index": 0', "").replace('"index": 0, ', "") for text in bodies]
    asked = [scorer.glance(FORM, text.encode()) for text in bodies]
    assert all(one.rows is not None for one in asked)
    assert scorer.answer_together(asked) == [scorer.answer(FORM, text.encode()) for text in bodies]
    assert scorer.joins


def test_a_mistake_is_told_as_it_is_alone(models: Path) -> None:
    scorer = Scorer.load(str(models / "logistic"))
    good = json.dumps({"dataframe_split": {"columns": ["age", "income"], "data": [[20, 1]]}}).encode()
    bad = json.dumps({"dataframe_split": {"columns": ["age"], "data": [[20]]}}).encode()
    *_, found = scorer.answer_together([scorer.glance(FORM, one) for one in (good, good, bad)])
    assert isinstance(found, MlflowException)
    with pytest.raises(type(found), match="income"):
        scorer.answer(FORM, bad)


def learned(budget: Budget, calls: int, first: float, each: float) -> int:
    """The size after calls of a model that takes so long for a request, and for each further one."""
    for _ in range(calls):
        for size in {1, budget.size}:
            budget.learn(size, first + (size - 1) * each)
    return budget.size


def test_batches_are_as_large_as_the_budget_allows() -> None:
    assert learned(Budget(64, 0.01), 10, 0.001, 0.00001) == 64
    assert learned(Budget(64, 0.01), 10, 0.5, 0) == 64
    assert learned(Budget(64, 0.01), 10, 0.001, 0.001) in {10, 11}
    one_by_one = Budget(64, 0.01)
    assert learned(one_by_one, 20, 0.05, 0.05) == 1
    sizes = {learned(one_by_one, 1, 0.05, 0.0) for _ in range(2000)}  # it gets better, which is noticed after a while
    assert 64 in sizes


def test_a_busy_machine_makes_no_batches_smaller() -> None:
    budget = Budget(64, 0.01)
    for number in range(200):
        budget.learn(1, 0.001)
        budget.learn(16, 0.2 if number % 5 else 0.0015)
    assert budget.size == 64
