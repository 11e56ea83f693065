"""What there is to show about runs: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import filtered, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, ViewTypeName, route

__all__ = [
    "Column",
    "ColumnKind",
    "Columns",
    "Figures",
    "GroupSeries",
    "Histogram",
    "Importance",
    "Matrix",
    "RunGroup",
    "ValueCount",
]

ColumnKind = Literal["metric", "param", "tag"]


class Column(msgspec.Struct, frozen=True):
    """A metric, param or tag key that runs of the experiment have.

    `runs` counts the active runs that have it. Where an experiment has more than 10,000, the figures may be half a
    minute old, and until they are counted for the first time an estimate from 512 runs. `min` and `max` bound the
    latest values of a metric, or the numbers among a param's values; `numeric` says whether all of them are numbers.
    `distinct` counts different values up to 200, by their first 64 characters, and is 201 where there are more (of a
    metric: None). `points` tells a metric logged over steps from a single figure: the most points that one of the
    latest 5 runs has. `place` orders those worth showing first: some metrics, params that vary, and params that are
    equal in all runs, which a screen says once.
    """

    kind: ColumnKind
    key: str
    runs: int
    distinct: int | None = None
    numeric: bool = False
    min: float | None = None
    max: float | None = None
    points: int | None = None
    place: int | None = None


class ValueCount(msgspec.Struct, frozen=True):
    """A value of a param or tag, and how many active runs have it."""

    value: str
    count: int


class Histogram(msgspec.Struct, frozen=True):
    """How the numbers of a column lie among the runs of a search.

    `counts[i]` runs are from `edges[i]` up to `edges[i + 1]`, which itself belongs to the next bin, or to the last. All
    are in one bin where they are equal. Of the `runs` that match, `missing` have no finite number there.
    """

    edges: list[float]
    counts: list[int]
    runs: int
    missing: int


class Matrix(msgspec.Struct, frozen=True):
    """Chosen columns of the runs of a search, the latest started run first, column by column.

    `values` has one list a column, in the order asked for: numbers of metrics and of params that are numbers in all
    runs, else texts; None where a run lacks it. `total` counts the runs that match, of which the latest are here.
    """

    total: int
    run_ids: list[str]
    names: list[str]
    start_times: list[int]
    values: list[list[float | str | None]]


class Importance(msgspec.Struct, frozen=True):
    """How much a param tells about a metric, from 0 to 1.

    Of numbers it is |Spearman's rank correlation|, and `sign` says which way they go together; of words the correlation
    ratio η², the share of the metric's variance that lies between the words. `runs` counts the runs that have both.
    """

    column: str
    kind: Literal["number", "word"]
    score: float
    sign: int
    runs: int


class Figures(msgspec.Struct, frozen=True):
    """A column in the runs of a group: how many have it, and their mean, standard deviation (n - 1), and bounds."""

    n: int
    mean: float | None
    std: float | None
    min: float | None
    max: float | None


class RunGroup(msgspec.Struct, frozen=True):
    """Runs that are alike in the columns they are grouped by: those values, how many they are, and their figures."""

    values: list[str | None]
    runs: int
    figures: list[Figures]


class GroupSeries(msgspec.Struct, frozen=True):
    """One metric over the runs of a group: at each x how many runs reach it, their mean, spread (n - 1) and bounds.

    `values` are those of the columns the runs are grouped by, and `runs` counts the runs that have the metric. A run
    counts from its first point to its last; between two of its points it is on the straight line.
    """

    values: list[str | None]
    key: str
    runs: int
    x: list[float]
    n: list[int]
    mean: list[float]
    std: list[float]
    min: list[float]
    max: list[float]


class Columns(Protocol):
    """Discovery of the keys and values that runs of experiments have."""

    @route(
        "GET", "ext/v1/experiments/{experiment_id}/columns", access=read(experiment="experiment_id"), envelope="columns"
    )
    def get_columns(self, caller: Caller, experiment_id: Text) -> list[Column]:
        """Answer the keys that active runs have, by kind and key."""
        ...

    @route(
        "GET", "ext/v1/experiments/{experiment_id}/values", access=read(experiment="experiment_id"), envelope="values"
    )
    def get_values(
        self,
        caller: Caller,
        experiment_id: Text,
        kind: Literal["param", "tag"],
        key: Text,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        """Answer the most frequent values of a param or tag that start with `prefix`."""
        ...

    @route("POST", "ext/v1/runs/columns", access=filtered(), envelope="columns")
    def find_columns(self, caller: Caller, experiment_ids: list[str]) -> list[Column]:
        """Answer the keys that active runs of any of the experiments have, as `get_columns` does of one."""
        ...

    @route("POST", "ext/v1/runs/values", access=filtered(), envelope="values")
    def find_values(
        self,
        caller: Caller,
        experiment_ids: list[str],
        kind: Literal["param", "tag"],
        key: Text,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        """Answer the most frequent values in all of the experiments, as `get_values` does of one."""
        ...

    @route("POST", "ext/v1/runs/histogram", access=filtered())
    def get_histogram(
        self,
        caller: Caller,
        experiment_ids: list[str],
        column: Text,
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        bins: int = 24,
    ) -> Histogram:
        """Answer how many of all runs that match are in each of up to 200 equal intervals of a column's numbers.

        The column is named as for `get_matrix`. What is no number counts as missing.
        """
        ...

    @route("POST", "ext/v1/runs/matrix", access=filtered())
    def get_matrix(
        self,
        caller: Caller,
        experiment_ids: list[str],
        columns: list[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        max_runs: int = 20_000,
    ) -> Matrix:
        """Answer up to 100 columns of up to 20,000 runs.

        Columns are `metrics.k`, `min(metrics.k)`, `params.k`, `tags.k` and `duration` (ms). A metric's value is its
        last one; `min`, `max`, `first` and `mean` ask for others.
        """
        ...

    @route("POST", "ext/v1/runs/importance", access=filtered(), envelope="importance")
    def get_importance(
        self,
        caller: Caller,
        experiment_ids: list[str],
        target: Text,
        columns: list[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> list[Importance]:
        """Answer what each column tells about the target, a metric, the most telling first.

        The latest 20,000 runs are looked at. Columns that are equal in all runs tell nothing and are left out.
        """
        ...

    @route("POST", "ext/v1/runs/groups", access=filtered(), envelope="groups")
    def get_groups(
        self,
        caller: Caller,
        experiment_ids: list[str],
        by: list[str],
        columns: list[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> list[RunGroup]:
        """Answer the latest 20,000 runs in groups that are alike in the columns `by`, the largest group first."""
        ...

    @route("POST", "ext/v1/metrics/groups", access=filtered(), envelope="series")
    def sample_groups(
        self,
        caller: Caller,
        experiment_ids: list[str],
        by: list[str],
        keys: list[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        x: str = "step",
        start: float | None = None,
        end: float | None = None,
        buckets: int = 200,
    ) -> list[GroupSeries]:
        """Answer metrics of the latest 500 runs group by group, the largest group first; the rest as `sample_metrics`.

        Groups are those of `get_groups`.
        """
        ...
