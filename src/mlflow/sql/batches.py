"""What a log-batch may hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlflow.contract.limits import MAX_BATCH_ENTITIES, MAX_BATCH_METRICS, MAX_BATCH_PARAMS, MAX_BATCH_TAGS
from mlflow.contract.names import check_key, param_value, tag_value
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import InvalidParameterValue

__all__ = ["check_batch_size", "checked_params", "checked_tags"]


def check_batch_size(metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]) -> None:
    """Raise when there are more items than one batch may have."""
    _check_count("metrics", len(metrics), MAX_BATCH_METRICS)
    _check_count("params", len(params), MAX_BATCH_PARAMS)
    _check_count("tags", len(tags), MAX_BATCH_TAGS)
    _check_count("metrics, params and tags", len(metrics) + len(params) + len(tags), MAX_BATCH_ENTITIES)


def checked_params(params: Iterable[Param]) -> dict[str, str]:
    """Params by key, over-long values cut.

    Raises:
        InvalidParameterValue: a key is not acceptable or stands twice.
    """
    checked: dict[str, str] = {}
    for param in params:
        check_key("param", param.key)
        if param.key in checked:
            raise InvalidParameterValue(
                f"Duplicate parameter keys have been submitted: '{param.key}'. Send each key once a request."
            )
        checked[param.key] = param_value(param.key, param.value)
    return checked


def checked_tags(tags: Iterable[RunTag]) -> dict[str, str]:
    """Tags by key, over-long values cut; the last of a key counts.

    Raises:
        InvalidParameterValue: a key is not acceptable.
    """
    checked: dict[str, str] = {}
    for tag in tags:
        check_key("tag", tag.key)
        checked[tag.key] = tag_value(tag.key, tag.value)
    return checked


def _check_count(what: str, count: int, most: int) -> None:
    if count > most:
        raise InvalidParameterValue(
            f"A batch logging request can contain at most {most} {what}. Got {count}. Send several requests."
        )
