"""Which run is active: threads and tasks have their own, notebook cells share theirs."""

import asyncio
import os
import pickle
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

import mlflow


def active_id() -> str | None:
    run = mlflow.active_run()
    return run.info.run_id if run else None


def run_cell(cell: Coroutine[Any, Any, Any]) -> Any:
    """As a notebook's kernel: each cell is a task of its own on one thread."""
    return asyncio.run(cell)


def test_thread_has_no_active_run_of_another(database: str) -> None:
    with mlflow.start_run(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(active_id).result() is None


def test_threads_log_to_runs_of_their_own(database: str) -> None:
    start = threading.Barrier(4)

    def train(number: int) -> str:
        with mlflow.start_run(run_name=f"run-{number}") as run:
            start.wait()
            for step in range(50):
                mlflow.log_metric("number", number, step=step)
        return run.info.run_id

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(train, range(4)))
    assert [mlflow.get_run(run_id).data.metrics["number"] for run_id in ids] == [0, 1, 2, 3]
    assert all(len(mlflow.MlflowClient().get_metric_history(run_id, "number")) == 50 for run_id in ids)


def test_tasks_that_run_together_have_runs_of_their_own(database: str) -> None:
    async def train(number: int, meet: asyncio.Barrier) -> str:
        with mlflow.start_run() as run:
            await meet.wait()
            mlflow.log_metric("number", number)
            await asyncio.sleep(0)
            assert active_id() == run.info.run_id
        return run.info.run_id

    async def main() -> list[str]:
        meet = asyncio.Barrier(3)
        return await asyncio.gather(*(train(number, meet) for number in range(3)))

    ids = asyncio.run(main())
    assert [mlflow.get_run(run_id).data.metrics["number"] for run_id in ids] == [0, 1, 2]


def test_run_survives_await(database: str) -> None:
    async def log(step: int) -> None:
        await asyncio.sleep(0)
        mlflow.log_metric("loss", step, step=step)

    async def main() -> str:
        with mlflow.start_run() as run:
            await log(0)
            await asyncio.create_task(log(1))
            await asyncio.to_thread(mlflow.log_metric, "loss", 2, 2)
        return run.info.run_id

    run_id = asyncio.run(main())
    assert [point.step for point in mlflow.MlflowClient().get_metric_history(run_id, "loss")] == [0, 1, 2]


def test_run_of_one_notebook_cell_is_active_in_the_next(database: str) -> None:
    async def start() -> str:
        return mlflow.start_run().info.run_id

    async def log() -> str | None:
        mlflow.log_metric("loss", 1.0)
        return active_id()

    async def end() -> None:
        mlflow.end_run()

    run_id = run_cell(start())
    assert run_cell(log()) == run_id
    run_cell(end())
    assert active_id() is None
    assert mlflow.get_run(run_id).info.status == "FINISHED"
    assert run_cell(start()) != run_id
    run_cell(end())


def test_cell_may_end_what_plain_code_started_and_start_anew(database: str) -> None:
    first = mlflow.start_run()

    async def replace() -> str:
        mlflow.end_run()
        return mlflow.start_run().info.run_id

    second = run_cell(replace())
    assert active_id() == second != first.info.run_id


def test_task_does_not_see_the_run_of_a_task_that_still_goes_on(database: str) -> None:
    async def holder(started: asyncio.Event, go_on: asyncio.Event) -> None:
        with mlflow.start_run():
            started.set()
            await go_on.wait()

    async def main() -> str | None:
        started, go_on = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(holder(started, go_on))
        await started.wait()
        seen = active_id()
        go_on.set()
        await task
        return seen

    assert asyncio.run(main()) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_forked_child_logs_to_the_run_and_does_not_end_it(database: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("parent", 1.0)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                mlflow.log_metric("child", 2.0)
                mlflow.flush_async_logging()
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert mlflow.get_run(run.info.run_id).info.status == "RUNNING"
    assert mlflow.get_run(run.info.run_id).data.metrics == {"parent": 1.0, "child": 2.0}


def test_run_starts_while_another_thread_imports_asyncio(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncio", ModuleType("asyncio"))  # as far as it has come
    with mlflow.start_run() as run:
        active = mlflow.active_run()
    assert active is not None and active.info.run_id == run.info.run_id


def test_fluent_functions_can_be_pickled_for_workers() -> None:
    assert pickle.loads(pickle.dumps(mlflow.log_metric)) == mlflow.log_metric
