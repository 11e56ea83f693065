"""Between our types and PySpark's."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlflow.types.column import ColSpec
from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError
from mlflow.types.nested import AnyType, Array, ColType, Map, Object, Property, SparkMLVector

if TYPE_CHECKING:
    from mlflow.types.schema import Schema

__all__ = ["columns_of", "struct_type"]

# PySpark's names of the simple types -> ours
_SCALARS = {
    "boolean": DataType.boolean,
    "byte": DataType.integer,
    "short": DataType.integer,
    "integer": DataType.integer,
    "long": DataType.long,
    "float": DataType.float,
    "double": DataType.double,
    "string": DataType.string,
    "binary": DataType.binary,
    "timestamp": DataType.datetime,
    "timestamp_ntz": DataType.datetime,
    "date": DataType.datetime,
}


def struct_type(schema: Schema) -> Any:
    """The `StructType` of a schema's columns; the bare type of a single unnamed column.

    Raises:
        SchemaError: the schema is one of tensors, or holds a type that PySpark has no counterpart for.
    """
    if schema.is_tensor_spec():
        raise SchemaError("Tensors cannot become Spark columns. Use a schema of columns.")
    if len(schema) == 1 and not schema.has_input_names():
        return _to_spark(schema.inputs[0].type)
    fields = zip(schema.input_names(), schema, strict=True)
    types = import_module("pyspark.sql.types")
    return types.StructType([types.StructField(str(n), _to_spark(spec.type), not spec.required) for n, spec in fields])


def _to_spark(dtype: ColType) -> Any:
    types = import_module("pyspark.sql.types")
    match dtype:
        case DataType():
            return dtype.to_spark()
        case SparkMLVector():
            return import_module("pyspark.ml.linalg").VectorUDT()
        case Array():
            return types.ArrayType(_to_spark(dtype.dtype), containsNull=True)
        case Map():
            return types.MapType(types.StringType(), _to_spark(dtype.value_type))
        case Object():
            fields = [types.StructField(p.name, _to_spark(p.dtype), not p.required) for p in dtype.properties]
            return types.StructType(fields)
    raise SchemaError(f"Type {dtype!r} has no counterpart in Spark. Declare a definite type.")


def columns_of(struct: Any) -> list[ColSpec]:
    """The columns of a PySpark `StructType`; columns that may hold null are required too, as MLflow has it.

    Raises:
        SchemaError: a column has a type that schemas cannot express.
    """
    return [ColSpec(_from_spark(field.dataType), field.name) for field in struct.fields]


def _from_spark(spark_type: Any) -> ColType:
    name = spark_type.typeName()
    if name in _SCALARS:
        return _SCALARS[name]
    match type(spark_type).__name__:
        case "DecimalType":
            return DataType.double
        case "ArrayType":
            return Array(_from_spark(spark_type.elementType))
        case "MapType":
            return Map(_from_spark(spark_type.valueType))
        case "StructType":
            fields = spark_type.fields
            return Object([Property(f.name, _from_spark(f.dataType), required=not f.nullable) for f in fields])
        case "VectorUDT":
            return SparkMLVector()
        case "NullType":
            return AnyType()
    raise SchemaError(f"Spark type '{spark_type}' is not supported in schemas. Cast the column first.")
