"""Between schemas and Spark."""

from __future__ import annotations

import pytest

from mlflow.types import ColSpec, Schema
from mlflow.types.exceptions import SchemaError
from mlflow.types.schema import AnyType, Array, Map, Object, Property
from mlflow.types.spark import columns_of

types = pytest.importorskip("pyspark.sql.types", reason="pyspark is not installed")


def test_schema_survives_spark():
    schema = Schema(
        [
            ColSpec("long", "a"),
            ColSpec(Array("string"), "b"),
            ColSpec(Map("double"), "c"),
            ColSpec(Object([Property("x", "string", required=False), Property("y", "long")]), "d"),
            ColSpec("datetime", "e"),
        ]
    )
    assert Schema(columns_of(schema.as_spark_schema())) == schema


def test_single_unnamed_column_gives_its_type_alone():
    assert Schema([ColSpec("long")]).as_spark_schema() == types.LongType()


def test_any_has_no_counterpart_in_spark():
    with pytest.raises(SchemaError, match="no counterpart in Spark"):
        Schema([ColSpec(AnyType(), "a")]).as_spark_schema()


def test_spark_type_without_counterpart_is_refused():
    struct = types.StructType([types.StructField("a", types.DayTimeIntervalType())])
    with pytest.raises(SchemaError, match="not supported"):
        columns_of(struct)
