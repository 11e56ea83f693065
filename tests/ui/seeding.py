"""Thousands of runs, written into a database past the API, which takes a thousandth of the time."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mlflow.contract.caller import EVERYONE
from mlflow.sql.bulk_load import BulkLoad
from mlflow.sql.bulk_records import RunRecord, Series
from mlflow.sql.series.points import Points
from mlflow.sql.store import open_store

CHUNK = 2000
STEPS = 50
WITH_HISTORY = 200  # the latest runs have points, the others a figure
START = 1_790_000_000_000


def seed_runs(database: Path, counts: tuple[int, ...]) -> dict[int, str]:
    """A new database with an experiment of so many runs each; their ids by the count."""
    opened = open_store(f"sqlite:///{database}", "mlflow-artifacts:/")
    try:
        experiments = {count: opened.store.experiments.create_experiment(EVERYONE, f"{count} runs") for count in counts}
        load = BulkLoad(opened.database)
        for count, experiment in experiments.items():
            for first in range(0, count, CHUNK):
                numbers = range(first, min(first + CHUNK, count))
                records = [record_of(experiment, count, number) for number in numbers]
                series = [one for number in numbers for one in series_of(count, number)]
                load.load(records, {experiment: int(experiment)}, {"val/loss", "val/acc"}, lambda series=series: series)
        return experiments
    finally:
        opened.close()


def run_id(count: int, number: int) -> str:
    return f"{count:08x}{number:024x}"


def record_of(experiment: str, count: int, number: int) -> RunRecord:
    """The run `n-<number>`; the one with the greatest number started last."""
    params = {"lr": f"{10.0 ** -(1 + number % 4):g}", "seed": str(number), "optimizer": ("adamw", "sgd")[number % 2]}
    start = START + number * 1000
    return RunRecord(
        run_id=run_id(count, number),
        experiment_id=experiment,
        name=f"n-{number:05}",
        user_id="ana",
        status="FINISHED",
        start_time=start,
        end_time=start + 60_000,
        params=params,
        artifact_uri=f"mlflow-artifacts:/{experiment}/{run_id(count, number)}/artifacts",
    )


def series_of(count: int, number: int) -> Iterator[Series]:
    steps = STEPS if number >= count - WITH_HISTORY else 1
    floor = 0.1 + (number * 7919 % count) / count
    loss = [floor + math.exp(-5 * step / STEPS) for step in range(STEPS - steps, STEPS)]
    at = np.arange(steps)
    for key, values in (("val/loss", loss), ("val/acc", [1 - value / 3 for value in loss])):
        points = Points.of(at.tolist(), (START + at * 1000).tolist(), values)
        yield Series(run_id(count, number), key, points)
