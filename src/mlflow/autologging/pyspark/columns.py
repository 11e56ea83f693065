"""Which columns a fitted model takes, for its signature and its example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlflow.autologging.samples import EXAMPLE_ROWS
from mlflow.models.signature import infer_signature
from mlflow.tracking.autologging.guard import guard

__all__ = ["example_options", "input_columns"]

_INPUTS = ("inputCol", "inputCols", "featuresCol", "userCol", "itemCol", "itemsCol")
_OUTPUTS = ("outputCol", "outputCols", "predictionCol", "probabilityCol", "rawPredictionCol")


def example_options(integration: str, settings: Mapping[str, Any], model: Any, dataset: Any) -> dict[str, Any]:
    """`input_example` and `signature` for `log_model`, as `autolog` was told.

    Signatures are made of the columns' types: no row is read for them.
    """
    options: dict[str, Any] = {}
    with guard(integration, "take an input example"):
        taken = dataset.select(*input_columns(model, dataset.columns))
        if settings.get("log_model_signatures", True):
            given = model.transform(dataset)
            answers = given.select("prediction") if "prediction" in given.columns else None
            options["signature"] = infer_signature(taken, answers)
        if settings.get("log_input_examples") and not _has_vectors(taken):
            options["input_example"] = taken.limit(EXAMPLE_ROWS).toPandas()
    return options


def input_columns(model: Any, columns: list[str]) -> list[str]:
    """Those of the columns that a model's stages take and do not make; all, where one does not say what it takes."""
    taken: set[str] = set()
    made: set[str] = set()
    for stage in _stages(model):
        own = set(_named(stage, _INPUTS))
        if not own:
            return columns
        taken |= own
        made |= set(_named(stage, _OUTPUTS))
    return [name for name in columns if name in taken - made]


def _stages(model: Any) -> Iterator[Any]:
    """A model, or the stages of a pipeline, or of the best model of a search."""
    if hasattr(model, "bestModel"):
        yield from _stages(model.bestModel)
    elif hasattr(model, "stages"):
        for stage in model.stages:
            yield from _stages(stage)
    else:
        yield model


def _named(stage: Any, params: tuple[str, ...]) -> Iterator[str]:
    for name in params:
        if stage.hasParam(name) and stage.isDefined(name):
            value = stage.getOrDefault(name)
            yield from [value] if isinstance(value, str) else value


def _has_vectors(frame: Any) -> bool:
    """Whether a column holds vectors, which JSON has no form for."""
    return any(type(field.dataType).__name__ in ("VectorUDT", "MatrixUDT") for field in frame.schema.fields)
