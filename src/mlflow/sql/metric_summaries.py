"""What is known of series without reading their points."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow.contract.metrics import MetricSummary
from mlflow.sql.keys import Keys
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.summary import Summary
from mlflow.sql.stored_series import read_summaries

__all__ = ["summarize"]


def summarize(
    connection: Connection, keys: Keys, runs: Sequence[RunRow], names: Sequence[str] | None
) -> list[MetricSummary]:
    """The summaries of runs, in their order and by key; of all keys for None."""
    wanted = None if names is None else list(keys.find(connection, "metric", names).values())
    found = read_summaries(connection, [run.id for run in runs], wanted)
    known = keys.names(connection, {series.key_id for series in found})
    of_runs: dict[int, list[tuple[str, Summary]]] = {run.id: [] for run in runs}
    for series, summary in found.items():
        of_runs[series.run].append((known[series.key_id], summary))
    chosen = None if names is None else set(names)
    return [
        _answer(run.run_id, name, summary)
        for run in runs
        for name, summary in sorted(of_runs[run.id], key=lambda pair: pair[0])
        if chosen is None or name in chosen
    ]


def _answer(run_id: str, name: str, summary: Summary) -> MetricSummary:
    return MetricSummary(
        run_id=run_id,
        key=name,
        count=summary.count,
        nan_count=summary.nan_count,
        last=summary.latest_value,
        last_step=summary.latest_step,
        last_timestamp=summary.latest_timestamp,
        first=summary.first_value,
        first_step=summary.first_step,
        min=summary.min_value,
        min_step=summary.min_step,
        max=summary.max_value,
        max_step=summary.max_step,
        mean=summary.mean,
    )
