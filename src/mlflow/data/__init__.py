"""Record what data a run used, and where it came from.

    >>> import mlflow
    >>> dataset = mlflow.data.from_pandas(frame, source="s3://bucket/wine.csv", targets="quality")  # doctest: +SKIP
    >>> mlflow.log_input(dataset, context="training")  # doctest: +SKIP

Constructors of plugins (entry point group `mlflow.dataset_constructor`) are functions of this module too.
"""

from __future__ import annotations

from typing import Any

from mlflow.data import dataset_registry, dataset_source_registry
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.huggingface_dataset import from_huggingface
from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import from_pandas
from mlflow.data.polars_dataset import from_polars
from mlflow.data.spark_dataset import from_spark, load_delta
from mlflow.data.tensorflow_dataset import from_tensorflow
from mlflow.entities.dataset import Dataset as DatasetRecord
from mlflow.entities.dataset_input import DatasetInput
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "from_huggingface",
    "from_numpy",
    "from_pandas",
    "from_polars",
    "from_spark",
    "from_tensorflow",
    "get_source",
    "load_delta",
]


def get_source(dataset: DatasetRecord | DatasetInput | Dataset) -> DatasetSource:
    """The source of a dataset, or of what a run recorded about one.

    Raises:
        InvalidParameterValue: the argument is none of those.
        ResourceDoesNotExist: the recorded type of source is unknown.
    """
    if isinstance(dataset, DatasetInput):
        dataset = dataset.dataset
    if isinstance(dataset, DatasetRecord):
        return dataset_source_registry.get_dataset_source_from_json(dataset.source, dataset.source_type)
    if isinstance(dataset, Dataset):
        return dataset.source
    raise InvalidParameterValue(f"'{dataset}' is no dataset. Pass a dataset, or one of run.inputs.dataset_inputs.")


def __getattr__(name: str) -> Any:
    if name.startswith(("from_", "load_")):
        constructors = dataset_registry.get_registered_constructors()
        if name in constructors:
            return constructors[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *dataset_registry.get_registered_constructors()})
