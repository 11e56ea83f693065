"""Registered models as rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["LATEST", "MAX_ROWS", "MetricTrend", "RegisteredModelTable", "StagedVersion", "frequent"]

LATEST = 30
"""As many versions of a model, the newest, tell how a metric went."""

MAX_ROWS = 500

_MOST_KEYS = 200
_SYSTEM = "system/"  # what monitors log of a machine, which is no measure of a model


class StagedVersion(msgspec.Struct, frozen=True):
    """The newest version of a model in a stage."""

    stage: str
    version: str


class MetricTrend(msgspec.Struct, frozen=True):
    """The last value of a metric in the runs that the newest versions of a model were made of, by version."""

    versions: list[str] = []
    values: list[float] = []


class RegisteredModelTable(msgspec.Struct, frozen=True):
    """Some of the registered models of a search, column by column: each list has one item a model, in its order.

    `total` counts the models that match. `users` registered the newest versions, `latest`, which are None where there
    is none; `version_counts` are None where the registry does not tell. `stages` leave out None. `metrics` are the
    keys that the runs of these newest versions have, those that most have first, and `metric` the one that `trends` are
    of, empty where there is none. Times are UTC ms.
    """

    total: int
    names: list[str]
    creation_times: list[int]
    last_updated_times: list[int]
    descriptions: list[str]
    users: list[str]
    latest: list[str | None]
    version_counts: list[int | None]
    stages: list[list[StagedVersion]]
    aliases: list[list[RegisteredModelAlias]]
    tags: list[list[RegisteredModelTag]]
    metrics: list[str]
    metric: str
    trends: list[MetricTrend]


def frequent(keys: Iterable[str]) -> list[str]:
    """Each key once, the most frequent first, at most 200; those of the system are left out."""
    counts = Counter(key for key in keys if not key.startswith(_SYSTEM))
    return sorted(counts, key=lambda key: (-counts[key], key))[:_MOST_KEYS]
