"""Runs as rows of a table: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import filtered, read
from mlflow.contract.caller import Caller
from mlflow.contract.columns import Column, ValueCount
from mlflow.contract.metrics import MetricSummary
from mlflow.contract.route import Text, ViewTypeName, route
from mlflow.entities.experiment import Experiment
from mlflow.entities.run import Run

__all__ = ["ChosenRuns", "Opening", "RunOpening", "RunTable", "RunTables"]


class RunTable(msgspec.Struct, frozen=True):
    """Some of the runs of a search, column by column: each list has one item a run, in the search's order.

    `total` counts the runs that match. `result_id` names the order they were found in where it was kept, for pages
    further on. `deleted_times` tells since when those in the trash are there. `measured` says which runs have a metric.
    `values` has one list for each of the `columns`: a metric's number, or NaN as text; what a param or tag says; names
    of datasets, a line each; None where a run lacks it. Times are UTC ms.
    """

    total: int
    run_ids: list[str]
    names: list[str]
    experiment_ids: list[str]
    users: list[str]
    statuses: list[str]
    start_times: list[int]
    end_times: list[int | None]
    deleted: list[bool]
    deleted_times: list[int | None]
    measured: list[bool]
    columns: list[str]
    values: list[list[float | str | None]]
    result_id: str = ""


class Opening(msgspec.Struct, frozen=True):
    """What somebody who opens an experiment sees first, as of one moment.

    `columns` are all there are, and `runs` the latest active runs that are below no other, at most 100, with those of
    the columns that have a place; `running` counts all active runs in state RUNNING; `children` has the ids of runs
    with others below them, and how many; `stale` names those of `runs` that run although nothing was heard of their
    process for long.
    """

    experiment: Experiment
    columns: list[Column]
    running: int
    children: list[ValueCount]
    stale: list[str]
    runs: RunTable


class RunOpening(msgspec.Struct, frozen=True):
    """What somebody who opens a run sees first, as of one moment.

    `summaries` are those of all its metrics. `children` counts the active runs directly below it, and `parent` is the
    name of the run above it, empty where there is none; `stale` says that the run goes on although nothing was heard of
    its process for long.
    """

    run: Run
    experiment: Experiment
    summaries: list[MetricSummary]
    children: int
    parent: str
    stale: bool


class ChosenRuns(msgspec.Struct, frozen=True):
    """Some runs, and all the columns that they have: counts and bounds in these are of these runs alone."""

    columns: list[Column]
    runs: RunTable


class RunTables(Protocol):
    """Rows of runs with chosen columns: as much as a screen shows, however much the runs have logged."""

    @route("POST", "ext/v1/runs/query", access=filtered())
    def query_runs(
        self,
        caller: Caller,
        experiment_ids: list[str],
        columns: list[str] = [],  # noqa: B006
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        order_by: list[str] = [],  # noqa: B006
        offset: int = 0,
        limit: int = 100,
        result_id: str = "",
    ) -> RunTable:
        """Answer up to 1,000 runs of a search from a position on, with up to 500 columns.

        Filter and order are those of `runs/search`; columns are named as for `runs/matrix`. Further on than 1,000 runs
        the whole order is kept for a minute under the `result_id` of the answer, and a request that names it goes on in
        that order at once, without runs that came since. An order that is not known any more is found anew.
        """
        ...

    @route(
        "GET", "ext/v1/experiments/{experiment_id}/opening", access=read(experiment="experiment_id"), envelope="opening"
    )
    def get_opening(self, caller: Caller, experiment_id: Text) -> Opening:
        """Answer an experiment with its first runs, in one request."""
        ...

    @route("GET", "ext/v1/runs/{run_id}", access=read(run="run_id"), envelope="opening")
    def get_run_opening(self, caller: Caller, run_id: Text) -> RunOpening:
        """Answer a run with what it logged and the figures of each metric, in one request; deleted ones too."""
        ...

    @route("POST", "ext/v1/runs/rows", access=filtered())
    def get_run_rows(self, caller: Caller, run_ids: list[str], columns: list[str] | None = None) -> ChosenRuns:
        """Answer up to 500 runs by their ids, of whichever experiments, those in the trash too.

        They come in the order of the request with up to 500 columns, or, where none are named, with those that have a
        place. Runs that are gone, or that the caller may not read, are left out.
        """
        ...

    @route("POST", "ext/v1/runs/best-children", access=filtered())
    def get_best_children(
        self,
        caller: Caller,
        run_ids: list[str],
        column: Text,
        largest: bool = False,
        columns: list[str] = [],  # noqa: B006
    ) -> RunTable:
        """Answer which active run of the same experiments did best of those directly below each of up to 500 runs.

        `column` is a metric's last value, `metrics.k`, or another of its figures, `min(metrics.k)`. The smallest is
        best unless `largest`. Children name their parent in their tag `mlflow.parentRunId`.
        """
        ...
