"""A model that is called on pieces of a table in other processes: by Spark, Ray, Dask, or a loop."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.types import TensorSpec

if TYPE_CHECKING:
    import pandas as pd

    from mlflow.pyfunc.loaded_model import PyFuncModel

__all__ = ["BatchPredictor", "as_table"]


class BatchPredictor:
    """Adds a model's predictions to frames; made here, called in other processes, each of which loads the model once.

        >>> predictor = mlflow.pyfunc.BatchPredictor("models:/churn@champion")  # doctest: +SKIP
        >>> dataset.map_batches(predictor, batch_format="pandas")               # Ray  # doctest: +SKIP
        >>> frame.map_partitions(predictor, meta=predictor.meta(frame._meta))   # Dask # doctest: +SKIP
        >>> frame.mapInPandas(predictor.each, schema="age double, prediction long")  # Spark # doctest: +SKIP

    Args:
        model_uri: a path that every process reaches, or a `runs:`, `models:`, `s3:` … URI.
        columns: what the model gets; the columns of its signature when omitted, all where it has none.
        output: what the column of predictions is called; several are called as the model calls them.
        params: of the model.
        keep: whether the frame's own columns stay beside them.
    """

    def __init__(
        self,
        model_uri: str,
        columns: list[str] | None = None,
        output: str = "prediction",
        params: dict[str, Any] | None = None,
        keep: bool = True,
    ) -> None:
        self.model_uri, self.columns, self.output = str(model_uri), columns, output
        self.params, self.keep = params, keep

    @property
    def model(self) -> PyFuncModel:
        """The model, loaded on first use in each process."""
        return _loaded(self.model_uri)

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with predictions, a row for each of its rows.

        Raises:
            InvalidParameterValue: a column is missing, or the model returns more or fewer rows.
        """
        import pandas as pd

        if not len(frame):  # most models fail for no rows
            return self._empty(frame)
        predictions = as_table(self.model.predict(self._chosen(frame), self.params), self.output)
        if len(predictions) != len(frame):
            raise InvalidParameterValue(
                f"The model returned {len(predictions)} predictions for {len(frame)} rows, so that they cannot be told "
                "apart. Call it on whole inputs."
            )
        predictions.index = frame.index
        return pd.concat([frame, predictions], axis=1) if self.keep else predictions

    def each(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Frames with predictions, one by one, as Spark's `mapInPandas` asks."""
        for frame in frames:
            yield self(frame)

    def meta(self, frame: pd.DataFrame) -> pd.DataFrame:
        """An empty frame with the columns that calls return, as Dask asks: from the signature of the model.

        Args:
            frame: an empty or small one with the columns of those that come.

        Raises:
            InvalidParameterValue: the model's signature does not say what it returns.
        """
        outputs = self.model.metadata.get_output_schema()
        if outputs is None:
            raise InvalidParameterValue(
                f"Model '{self.model_uri}' has no signature that says what it returns. Give Dask a frame as meta."
            )
        return self._empty(frame)

    def _empty(self, frame: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd

        found = frame.iloc[:0].copy() if self.keep else pd.DataFrame(index=frame.index[:0])
        outputs = self.model.metadata.get_output_schema()
        if outputs is None:
            return found
        spec = outputs.inputs[0]
        if len(outputs) == 1 and isinstance(spec, TensorSpec) and len(spec.shape) > 1:
            names = [str(position) for position in range(max(spec.shape[-1], 0))]
            types = [spec.type] * len(names)
        else:
            named = len(outputs) > 1 or outputs.has_input_names()
            names = [str(name) if named else self.output for name in outputs.input_names()]
            types = outputs.numpy_types()
        for name, dtype in zip(names, types, strict=True):
            found[name] = pd.Series([], dtype=dtype)
        return found

    def _chosen(self, frame: pd.DataFrame) -> Any:
        inputs = self.model.input_schema
        if self.columns is not None:
            names: list[Any] = self.columns
        elif inputs is not None and inputs.has_input_names() and not inputs.is_tensor_spec():
            needed = set(inputs.required_input_names())
            names = [name for name in inputs.input_names() if name in frame.columns or name in needed]
        elif inputs is not None and inputs.is_tensor_spec() and len(inputs) == 1:
            return frame.to_numpy(inputs.inputs[0].type)
        else:
            return frame
        missing = [name for name in names if name not in frame.columns]
        if missing:
            known = ", ".join(map(repr, frame.columns))
            raise InvalidParameterValue(f"The frame has no column {', '.join(map(repr, missing))}; it has {known}.")
        return frame[names]


def as_table(predictions: Any, name: str) -> pd.DataFrame:
    """Predictions as a frame with a row for each input: columns keep their names, an array's are numbered.

    Args:
        predictions: what a model returned.
        name: of a column that has none.
    """
    import numpy as np
    import pandas as pd

    if isinstance(predictions, pd.DataFrame):
        return predictions.rename(columns=str).reset_index(drop=True)
    if isinstance(predictions, pd.Series):
        return (
            predictions.rename(name if predictions.name is None else str(predictions.name))
            .to_frame()
            .reset_index(drop=True)
        )
    if isinstance(predictions, dict):
        return pd.DataFrame({str(key): list(value) for key, value in predictions.items()})
    values = predictions.toarray() if hasattr(predictions, "toarray") else predictions
    if isinstance(values, list) and values and all(isinstance(value, dict) for value in values):
        return pd.DataFrame(values).rename(columns=str)
    if isinstance(values, np.ndarray) and values.ndim == 2:
        return pd.DataFrame(values).rename(columns=str)
    if isinstance(values, np.ndarray) and values.ndim < 2:
        return pd.DataFrame({name: values.reshape(-1)})
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise InvalidParameterValue(
            f"The model returned a '{type(predictions).__name__}', which has no row for each input. Call it on whole "
            "inputs."
        )
    column = pd.Series([None] * len(values), dtype=object)
    for position, value in enumerate(values):
        column.iloc[position] = value.tolist() if isinstance(value, np.ndarray) else value
    return column.infer_objects().rename(name).to_frame()


@functools.lru_cache(maxsize=4)
def _loaded(model_uri: str) -> PyFuncModel:
    from mlflow.pyfunc.loading import load_model

    return load_model(model_uri, suppress_warnings=True)
