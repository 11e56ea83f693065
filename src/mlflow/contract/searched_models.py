"""Rows of registered models out of a registry's other answers, where it cannot tell them or keeps no runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import msgspec

from mlflow.contract.caller import Caller
from mlflow.contract.limits import MAX_PAGE_OF_MODELS
from mlflow.contract.metrics import Metrics
from mlflow.contract.model_versions import ModelVersions, VersionRun
from mlflow.contract.registered_model_table import MetricTrend, RegisteredModelTable, StagedVersion, frequent
from mlflow.contract.registered_models import RegisteredModels
from mlflow.entities.model_registry.model_version_stages import STAGE_NONE
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["searched_table", "with_trends"]

_MODELS_AT_ONCE = 200
_RUNS_AT_ONCE = 500


def searched_table(
    models: RegisteredModels, caller: Caller, filter: str, order_by: Sequence[str], offset: int, limit: int
) -> RegisteredModelTable:
    """The rows that a search finds, without trends; all models that match are read, to count them."""
    found: list[RegisteredModel] = []
    token: str | None = ""
    while token is not None:
        page = models.search_registered_models(caller, filter, MAX_PAGE_OF_MODELS, list(order_by), token)
        found += page
        token = page.token or None
    shown = found[offset : offset + limit]
    newest = [max(model.latest_versions or (), key=lambda one: int(one.version), default=None) for model in shown]
    return RegisteredModelTable(
        total=len(found),
        names=[model.name for model in shown],
        creation_times=[model.creation_timestamp or 0 for model in shown],
        last_updated_times=[model.last_updated_timestamp or model.creation_timestamp or 0 for model in shown],
        descriptions=[model.description or "" for model in shown],
        users=["" if one is None else one.user_id or "" for one in newest],
        latest=[None if one is None else str(one.version) for one in newest],
        version_counts=[None] * len(shown),
        stages=[_staged(model) for model in shown],
        aliases=[[RegisteredModelAlias(name, str(to)) for name, to in model.aliases.items()] for model in shown],
        tags=[[RegisteredModelTag(key, value) for key, value in model.tags.items()] for model in shown],
        metrics=[],
        metric="",
        trends=[MetricTrend()] * len(shown),
    )


def _staged(model: RegisteredModel) -> list[StagedVersion]:
    return [
        StagedVersion(one.current_stage, str(one.version))
        for one in model.latest_versions or ()
        if one.current_stage and one.current_stage != STAGE_NONE
    ]


def with_trends(
    table: RegisteredModelTable, caller: Caller, versions: ModelVersions, metrics: Metrics, metric: str
) -> RegisteredModelTable:
    """The same with what runs in another store measured."""
    made = [
        one for names in _parts(table.names, _MODELS_AT_ONCE) for one in versions.find_version_runs(caller, list(names))
    ]
    newest = {one.name: one.run_id for one in made}
    of_newest = _measured(caller, metrics, list(newest.values()), None)
    keys = frequent(key for of_run in of_newest.values() for key in of_run)
    metric = metric or next(iter(keys), "")
    values = _measured(caller, metrics, [one.run_id for one in made], [metric]) if metric else {}
    trends = {name: _trend([one for one in made if one.name == name], values, metric) for name in newest}
    shown = [trends.get(name, MetricTrend()) for name in table.names]
    return msgspec.structs.replace(table, metrics=keys, metric=metric, trends=shown)


def _trend(made: Sequence[VersionRun], values: dict[str, dict[str, float]], metric: str) -> MetricTrend:
    known = [(one.version, values.get(one.run_id, {}).get(metric, math.nan)) for one in made]
    finite = [(version, value) for version, value in known if math.isfinite(value)]
    return MetricTrend([version for version, _ in finite], [value for _, value in finite])


def _measured(
    caller: Caller, metrics: Metrics, run_ids: Sequence[str], keys: list[str] | None
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for some in _parts(list(dict.fromkeys(run_ids)), _RUNS_AT_ONCE):
        for summary in metrics.summarize_metrics(caller, list(some), keys):
            found.setdefault(summary.run_id, {})[summary.key] = summary.last
    return found


def _parts(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
