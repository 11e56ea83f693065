"""Datasets in Spark DataFrames."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.digest_utils import get_normalized_md5_digest
from mlflow.data.frame_dataset import FrameDataset
from mlflow.data.pandas_dataset import PandasDataset
from mlflow.data.pyfunc_dataset_mixin import PyFuncInputsOutputs
from mlflow.data.spark_dataset_source import SparkDatasetSource
from mlflow.data.spark_delta_utils import is_delta, latest_version, relation
from mlflow.exceptions import InvalidParameterValue
from mlflow.types.inference import schema_of
from mlflow.types.schema import Schema

__all__ = ["SparkDataset", "from_spark", "load_delta"]

_COUNT_TIMEOUT_MS = 5_000
_COUNT_CONFIDENCE = 0.9


class SparkDataset(FrameDataset):
    """A Spark DataFrame with where it came from; see `from_spark`."""

    def _compute_digest(self) -> str:
        """The digest of the query plan: reading the data itself could take hours."""
        import numpy as np

        return get_normalized_md5_digest([np.int64(self._df.semanticHash())])

    @cached_property
    def profile(self) -> dict[str, int] | None:
        """`approx_count`, from at most five seconds of counting; None on Spark Connect, which cannot count so."""
        if not hasattr(self._df, "_jdf"):
            return None
        return {"approx_count": self._df.rdd.countApprox(_COUNT_TIMEOUT_MS, _COUNT_CONFIDENCE)}

    def _schema(self) -> Schema:
        return schema_of(self._df)

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """A pandas DataFrame of all rows, and a Series of the targets."""
        df = self._df.toPandas()
        if self._targets is None:
            return PyFuncInputsOutputs(df)
        return PyFuncInputsOutputs(df.drop(columns=[self._targets]), df[self._targets])


def from_spark(
    df: Any,
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    sql: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> SparkDataset:
    """The dataset of a Spark DataFrame.

    Args:
        df: the DataFrame.
        path: the files it was read from.
        table_name: the table it was read from.
        version: the version of the Delta table it was read from.
        sql: the query that made it. At most one of path, table and query; this program is the source without any.
        targets: the column of the targets.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from the query plan when omitted.
        predictions: the column of a model's predictions.

    Raises:
        InvalidParameterValue: several origins, a version of what is no Delta table, or a column that is not there.
    """
    if (path, table_name, sql).count(None) < 2:
        raise InvalidParameterValue(
            f"Origins are path '{path}', table_name '{table_name}' and sql '{sql}'. Give at most one of them."
        )
    source = _source(df.sparkSession, path, table_name, version, sql)
    return SparkDataset(df, source, targets, name, digest, predictions)


def _source(
    spark: Any, path: str | None, table_name: str | None, version: str | None, sql: str | None
) -> DatasetSource:
    if sql is not None:
        return SparkDatasetSource(sql=sql)
    if path is None and table_name is None:
        return source_of(None)
    if is_delta(spark, relation(path, table_name)):
        return _delta_source(spark, path, table_name, version)
    if version is not None:
        raise InvalidParameterValue(f"Version '{version}' is given, but '{path or table_name}' is no Delta table.")
    return SparkDatasetSource(path, table_name)


def _delta_source(
    spark: Any, path: str | None, table_name: str | None, version: str | int | None
) -> DeltaDatasetSource:
    """A Delta table that Spark reads, at a version, or at the latest there is."""
    known = int(version) if version is not None else latest_version(spark, relation(path, table_name))
    return DeltaDatasetSource(path, table_name, known)


def load_delta(
    path: str | None = None,
    table_name: str | None = None,
    version: str | int | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> FrameDataset:
    """The dataset of a Delta table, read by Spark, or by delta-rs into pandas where Spark has no Delta Lake.

    Args:
        path: the folder of the table; this or `table_name`, which only Spark's catalog knows.
        table_name: the name of the table.
        version: the version to read; the latest when omitted, and then recorded by its number.
        targets: the column of the targets.
        name: a name for people; "dataset" when omitted.
        digest: what tells data of one name apart; computed from Spark's query plan, or pandas' rows, when omitted.

    Raises:
        InvalidParameterValue: both or neither of path and table, or a version that is no number.
        DeltaReaderMissing: neither Spark nor delta-rs can read it.
        ResourceDoesNotExist: delta-rs finds no such table, or not this version of it.
    """
    if version is not None and not str(version).isdecimal():
        raise InvalidParameterValue(f"Version '{version}' is no number. Delta tables count theirs from 0.")
    asked = DeltaDatasetSource(path, table_name, None if version is None else int(version))
    found, known = asked.load_with_version()
    if hasattr(found, "sparkSession"):
        source = _delta_source(found.sparkSession, path, table_name, version)
        return SparkDataset(found, source, targets, name, digest)
    return PandasDataset(found, DeltaDatasetSource(path, None, known), targets, name, digest)
