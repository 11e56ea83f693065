"""The data that a model was trained on, summed up beside it when it is saved: what requests are compared with later.

    with mlflow.models.training_data(features):
        mlflow.pyfunc.log_model(name="churn", python_model=model)

Of at most 5,000 rows, chosen evenly, a profile of some KB is kept. It holds values only as quantiles, and texts only
where several rows share them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import msgspec

from mlflow.environment_variables import MLFLOW_TRAINING_PROFILE
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.environment_reads import model_code

__all__ = ["PROFILE_FILE", "features_of", "parts_of", "trained_on", "training_data", "write_training_profile"]

_LOG = logging.getLogger(__name__)
_MOST_ROWS = 5_000
_LEAST_ROWS = 100  # of an input example: fewer say nothing about how values are spread
_MOST_COLUMNS = 200
_ANSWERED = 500  # rows that the model is asked about

PROFILE_FILE = "training_profile.json"
"""The name that a profile has in a model's folder, and among the files of the run that made the model."""


class _Trained(msgspec.Struct, frozen=True):
    inputs: Any
    predictions: Any = None


_TRAINED: ContextVar[_Trained | None] = ContextVar("mlflow_trained_on", default=None)


@contextmanager
def training_data(inputs: Any, predictions: Any = None) -> Iterator[None]:
    """Have the models that are saved or logged inside keep a profile of what they were trained on.

    `mlflow models serve --sample-rate` compares requests with it, unless it is given another baseline.

    Args:
        inputs: a table in the form of the model's input: a DataFrame, an array, or arrays by name.
        predictions: what the model answers for these rows; unless given, a model of a framework is asked itself.

    Raises:
        InvalidParameterValue: it is no table.
    """
    from mlflow.models.frames import inputs_frame

    if inputs_frame(_rows(inputs, slice(0, 1))) is None:
        raise InvalidParameterValue(
            f"Training data of type '{type(inputs).__name__}' is no table. Give a DataFrame, an array of one or two "
            "dimensions, or a dictionary of arrays with one dimension."
        )
    with trained_on(inputs, predictions):
        yield


@contextmanager
def trained_on(inputs: Any, predictions: Any = None) -> Iterator[None]:
    """The same for data of any kind: what is no table makes no profile, and None is as if nothing were said."""
    token = _TRAINED.set(_Trained(inputs, predictions) if inputs is not None else _TRAINED.get())
    try:
        yield
    finally:
        _TRAINED.reset(token)


def parts_of(dataset: Any) -> tuple[Any, tuple[str, ...]]:
    """The data of a dataset of `mlflow.data`, None where they are elsewhere, and which columns are no features."""
    frame: Any = getattr(dataset, "df", None)
    if not hasattr(frame, "iloc"):
        return getattr(dataset, "features", None), ()
    return frame, tuple(name for name in (dataset.targets, dataset.predictions) if name in frame.columns)


def features_of(dataset: Any) -> Any:
    """The features of a dataset of `mlflow.data`, as a model gets them; None where they are not at hand."""
    data, others = parts_of(dataset)
    return data.drop(columns=list(others)) if others else data


def write_training_profile(folder: Path, example: Any, call: Callable[[Any, dict[str, Any]], Any] | None) -> None:
    """Write the profile of what a model was trained on into its folder, where that is known.

    Args:
        folder: the model's.
        example: its input example, which is taken for training data if it has a hundred rows.
        call: the model, to learn what it answers; None where it is not to be asked.
    """
    if not MLFLOW_TRAINING_PROFILE.get():
        return
    trained = _TRAINED.get() or _of_example(example)
    if trained is None:
        return
    try:
        profile = _profile(trained, call)
    except Exception as exc:  # noqa: BLE001 - data of any kind; a model is saved without
        _LOG.warning("The training data make no profile, so the model is saved without one: %s", exc)
        return
    if profile is not None:
        (folder / PROFILE_FILE).write_text(profile, encoding="utf-8")


def _of_example(example: Any) -> _Trained | None:
    data = example[0] if isinstance(example, tuple) and example else example
    size = _size(data)
    return _Trained(data) if size is not None and size >= _LEAST_ROWS else None


def _profile(trained: _Trained, call: Callable[[Any, dict[str, Any]], Any] | None) -> str | None:
    size = _size(trained.inputs)
    if not size:
        return None
    from mlflow.models.frames import inputs_frame
    from mlflow.models.profile import compact_profile_of

    chosen = _evenly(size, _MOST_ROWS)
    inputs = _rows(trained.inputs, chosen)
    frame = inputs_frame(inputs)
    if frame is None:
        return None
    predictions = None
    if trained.predictions is not None:
        predictions = _answers(_rows(trained.predictions, chosen))
    elif call is not None and frame.shape[1] <= _MOST_COLUMNS and not frame.select_dtypes(exclude="number").shape[1]:
        predictions = _asked(call, inputs)
    return compact_profile_of(frame.iloc[:, :_MOST_COLUMNS], predictions, rows=size).to_json()


def _asked(call: Callable[[Any, dict[str, Any]], Any], inputs: Any) -> Any | None:
    """What a model answers for some rows; None where it fails."""
    try:
        with model_code():
            return _answers(call(_rows(inputs, _evenly(_size(inputs) or 0, _ANSWERED)), {}))
    except Exception:  # noqa: BLE001 - any model's own code, which may want another kind of input
        return None


def _answers(output: Any) -> Any | None:
    """Answers as columns, by the names that they have when they are served."""
    from mlflow.models.frames import predictions_frame

    if hasattr(output, "to_dict") and hasattr(output, "columns"):
        return predictions_frame(output.to_dict("records"))
    return predictions_frame(output.tolist() if hasattr(output, "tolist") else output)


def _size(data: Any) -> int | None:
    """The rows of a table; None for what has none."""
    if isinstance(data, Mapping):
        sizes = {_size(value) for value in data.values()}
        return sizes.pop() if len(sizes) == 1 else None
    shape = getattr(data, "shape", None)
    return int(shape[0]) if isinstance(shape, tuple) and shape else None


def _rows(data: Any, chosen: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _rows(value, chosen) for name, value in data.items()}
    if hasattr(data, "iloc"):
        return data.iloc[chosen]
    return data[chosen] if hasattr(data, "shape") else data


def _evenly(size: int, most: int) -> Any:
    """Which rows to take: all, or so many in even stretches, from each a random one; always the same."""
    import numpy as np

    if size <= most:
        return slice(0, size)
    return ((np.arange(most) + np.random.default_rng(0).random(most)) * (size / most)).astype(np.int64)
