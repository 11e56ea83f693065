"""Schemas, columns, tensors and their JSON form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.types import ColSpec, DataType, Schema, TensorSpec
from mlflow.types.exceptions import SchemaError, SchemaTypeError
from mlflow.types.schema import (
    AnyType,
    Array,
    Map,
    Object,
    Property,
    SparkMLVector,
    TensorInfo,
    convert_dataclass_to_schema,
)

_scalars = st.sampled_from(list(DataType))
_names = st.text(max_size=20)


def _objects(types):
    def build(members):
        return Object([Property(name, dtype, required) for name, (dtype, required) in members.items()])

    return st.dictionaries(_names, st.tuples(types, st.booleans()), min_size=1, max_size=4).map(build)


_leaves = _scalars | st.builds(AnyType) | st.builds(SparkMLVector)
_types = st.recursive(_leaves, lambda inner: inner.map(Array) | inner.map(Map) | _objects(inner), max_leaves=8)
_named = st.lists(st.builds(ColSpec, _types, _names, st.booleans()), min_size=1, max_size=6)
_unnamed = st.lists(st.builds(ColSpec, _types), min_size=1, max_size=6)
_dtypes = st.sampled_from(
    ["float32", "int64", "uint8", "bool", "str", "bytes", "object", "datetime64[ns]", "complex64"]
)
_shapes = st.lists(st.integers(-1, 512), max_size=4).map(tuple)
_tensors = st.lists(st.builds(TensorSpec, _dtypes.map(np.dtype), _shapes, _names), min_size=1, max_size=4)


@given((_named | _unnamed | _tensors).map(Schema))
def test_schema_survives_its_json(schema):
    text = schema.to_json()
    assert Schema.from_json(text) == schema
    assert Schema.from_json(text).to_json() == text


@given(_types)
def test_type_survives_the_json_of_a_column(dtype):
    column = ColSpec(dtype, "a")
    assert ColSpec.from_json_dict(**json.loads(json.dumps(column.to_dict()))) == column


@pytest.mark.parametrize(
    ("column", "document"),
    [
        (ColSpec("long", "a"), {"type": "long", "name": "a", "required": True}),
        (ColSpec("double"), {"type": "double", "required": True}),
        (ColSpec(AnyType(), "a", False), {"type": "any", "name": "a", "required": False}),
        (
            ColSpec(Array(Array("long")), "a"),
            {"type": "array", "items": {"type": "array", "items": {"type": "long"}}, "name": "a", "required": True},
        ),
        (ColSpec(Map("string"), "a"), {"type": "map", "values": {"type": "string"}, "name": "a", "required": True}),
        (ColSpec(SparkMLVector(), "a"), {"type": "sparkml_vector", "name": "a", "required": True}),
        (
            ColSpec(Object([Property("k", "string"), Property("j", Array("long"), required=False)])),
            {
                "type": "object",
                "properties": {
                    "j": {"type": "array", "items": {"type": "long"}, "required": False},
                    "k": {"type": "string", "required": True},
                },
                "required": True,
            },
        ),
    ],
    ids=["scalar", "unnamed", "any", "nested array", "map", "vector", "object"],
)
def test_column_writes_the_published_json(column, document):
    assert column.to_dict() == document


def test_tensor_writes_the_published_json():
    spec = TensorSpec(np.dtype(">f4"), [-1, 28], "x")
    assert spec.to_dict() == {"name": "x", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": (-1, 28)}}
    assert TensorInfo(np.dtype("str"), (-1,)).to_dict()["dtype"] == "str"
    assert spec.required


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ('[{"type":"long","name":"a"}]', True),
        ('[{"type":"array","items":{"type":"long"},"name":"a"}]', False),
        ('[{"type":"any","name":"a"}]', False),
        ('[{"type":"any","name":"a","required":true}]', True),
    ],
    ids=["scalar", "array", "any", "any stated"],
)
def test_absent_required_means_what_published_readers_take_it_for(text, required):
    assert Schema.from_json(text).inputs[0].required is required


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Schema([]), "empty"),
        (lambda: Schema([ColSpec("long", "a"), ColSpec("long")]), "partly named"),
        (lambda: Schema([ColSpec("long", "a"), TensorSpec(np.dtype("f4"), (1,), "b")]), "mix columns and tensors"),
        (lambda: Schema([TensorSpec(np.dtype("f4"), (1,))] * 2), "2 tensors without a name"),
        (lambda: Schema([ColSpec("long", required=False)]), "optional columns without a name"),
        (lambda: ColSpec("foo"), "Unsupported type 'foo'"),
        (lambda: Array("any"), "Unsupported type 'any'"),
        (lambda: Object([]), "at least one property"),
        (lambda: Object([Property("k", "long"), Property("k", "long")]), r"\['k'\] are declared more than once"),
        (lambda: TensorSpec(np.dtype("U5"), (-1,)), "with a length"),
        (lambda: Schema.from_json("nope"), "is not JSON"),
        (lambda: Schema.from_json('{"a": 1}'), "not a JSON list of objects"),
        (lambda: Schema.from_json("[]"), "empty"),
        (lambda: Schema.from_json('[{"name": "a"}]'), "no key 'type'"),
        (lambda: Schema.from_json('[{"type": "long", "optional": true}]'), r"unknown keys \['optional'\]"),
        (lambda: Schema.from_json('[{"type": "array"}]'), "no object 'items'"),
        (lambda: Schema.from_json('[{"type": "tensor"}]'), "no object 'tensor-spec'"),
        (lambda: Schema.from_json('[{"type": "tensor", "tensor-spec": {"dtype": "str"}}]'), "'dtype' and 'shape'"),
        (lambda: Property.from_json_dict(a={"type": "long"}, b={"type": "long"}), "one key"),
        (lambda: SparkMLVector.from_json_dict(type="array"), "'sparkml_vector' is expected"),
        (lambda: Schema([ColSpec("long")]).input_dict(), "no names"),
        (lambda: Schema([ColSpec(Array("long"), "a")]).numpy_types(), "not scalar columns"),
        (lambda: Schema([TensorSpec(np.dtype("f4"), (1,))]).pandas_types(), "not scalar columns"),
        (lambda: Schema([TensorSpec(np.dtype("f4"), (1,))]).as_spark_schema(), "Tensors cannot become Spark"),
    ],
)
def test_broken_rule_is_refused_with_its_reason(build, message):
    with pytest.raises(SchemaError, match=message) as caught:
        build()
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    "build",
    [
        lambda: ColSpec(5),
        lambda: Schema([1]),
        lambda: Schema("a"),
        lambda: TensorSpec("float32", (1,)),
        lambda: TensorSpec(np.dtype("f4"), 3),
        lambda: Object(["x"]),
        lambda: Property(1, "long"),
        lambda: TensorInfo.from_json_dict(dtype="foo", shape=[1]),
        lambda: convert_dataclass_to_schema(3),
    ],
)
def test_argument_of_a_wrong_python_type_is_a_type_error_too(build):
    with pytest.raises(TypeError) as caught:
        build()
    assert isinstance(caught.value, SchemaTypeError)


def test_names_and_types_of_a_named_schema():
    schema = Schema([ColSpec("long", "a"), ColSpec("string", "b", required=False)])
    assert schema.input_names() == ["a", "b"]
    assert schema.required_input_names() == ["a"]
    assert schema.optional_input_names() == ["b"]
    assert schema.input_types_dict() == {"a": DataType.long, "b": DataType.string}
    assert schema.numpy_types() == [np.dtype("int64"), np.dtype("str")]
    assert schema.pandas_types() == [np.dtype("int64"), np.dtype(object)]
    assert (len(schema), [spec.name for spec in schema]) == (2, ["a", "b"])


def test_unnamed_inputs_are_known_by_position():
    schema = Schema([ColSpec("long"), ColSpec("double")])
    assert schema.input_names() == [0, 1]
    assert not schema.has_input_names()


def test_two_columns_may_share_a_name():
    assert len(Schema([ColSpec("long", "a"), ColSpec("double", "a")])) == 2


def test_order_of_properties_does_not_count():
    ab = Object([Property("a", "long"), Property("b", "string")])
    assert ab == Object([Property("b", "string"), Property("a", "long")])
    assert ab != Object([Property("a", "long"), Property("b", "string", required=False)])
    assert Array("double") != SparkMLVector()


def test_representation_is_the_one_users_know():
    columns = [ColSpec("long", "a"), ColSpec(Array("long"), "b", False), ColSpec(Map("long"), "c")]
    assert repr(Schema(columns)) == (
        "['a': long (required), 'b': Array(long) (optional), 'c': Map(str -> DataType.long) (required)]"
    )
    assert repr(TensorSpec(np.dtype("float32"), (-1, 3))) == "Tensor('float32', (-1, 3))"
    assert repr(Object([Property("k", "string"), Property("z", AnyType(), False)])) == (
        "{k: string (required), z: Any (optional)}"
    )


@dataclass
class Inner:
    z: int


@dataclass
class Outer:
    name: str
    count: int
    scores: list[float]
    flag: Optional[bool] = None  # noqa: UP045 - both spellings are read
    inner: Inner | None = None
    rest: list[Inner] | None = None


@dataclass
class Unsupported:
    members: dict[str, int]


@dataclass
class Ambiguous:
    member: int | str


def test_dataclass_becomes_columns_in_order_of_its_fields():
    assert repr(convert_dataclass_to_schema(Outer)) == (
        "['name': string (required), 'count': long (required), 'scores': Array(float) (required), "
        "'flag': boolean (optional), 'inner': {z: long (required)} (optional), "
        "'rest': Array({z: long (required)}) (optional)]"
    )


@pytest.mark.parametrize("dataclass_", [Unsupported, Ambiguous])
def test_dataclass_field_that_schemas_cannot_express_is_named(dataclass_):
    with pytest.raises(SchemaError, match=f"member.* of dataclass {dataclass_.__name__}"):
        convert_dataclass_to_schema(dataclass_)
