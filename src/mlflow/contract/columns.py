"""What there is to show about runs: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route

__all__ = ["Column", "Columns", "ValueCount"]

ColumnKind = Literal["metric", "param", "tag"]


class Column(msgspec.Struct, frozen=True):
    """A metric, param or tag key that runs of the experiment have.

    `runs` counts the active runs that have it. `min` and `max` bound the latest values of a metric, or the numbers
    among a param's values; `numeric` says whether all of them are numbers; `distinct` counts different values (of a
    metric: None).
    """

    kind: ColumnKind
    key: str
    runs: int
    distinct: int | None = None
    numeric: bool = False
    min: float | None = None
    max: float | None = None


class ValueCount(msgspec.Struct, frozen=True):
    """A value of a param or tag, and how many active runs have it."""

    value: str
    count: int


class Columns(Protocol):
    """Discovery of the keys and values that runs of an experiment have."""

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
