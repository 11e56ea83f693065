"""Parameters of inference."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.types import DataType, ParamSchema, ParamSpec
from mlflow.types.exceptions import SchemaError, SchemaTypeError
from mlflow.types.schema import Array, Map, Object, Property

_OBJECT = Object([Property("k", "string"), Property("n", Array("long"), required=False)])

_defaults = st.one_of(
    st.tuples(st.just("long"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("double"), st.floats(allow_nan=False)),
    st.tuples(st.just("string"), st.text()),
    st.tuples(st.just("boolean"), st.booleans()),
    st.tuples(st.just("datetime"), st.datetimes()),
    st.tuples(st.just("datetime"), st.dates()),
    st.tuples(st.just("string"), st.none()),
)


@given(st.dictionaries(st.text(), _defaults))
def test_parameters_survive_their_json(defaults):
    schema = ParamSchema([ParamSpec(name, dtype, value) for name, (dtype, value) in defaults.items()])
    again = ParamSchema.from_json(schema.to_json())
    assert again == schema
    assert [p.default for p in again] == [p.default for p in schema]


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_lists_survive_their_json(values):
    schema = ParamSchema([ParamSpec("a", "integer", values, (-1,))])
    assert ParamSchema.from_json(schema.to_json()).params[0].default == values


@pytest.mark.parametrize(
    ("spec", "document"),
    [
        (ParamSpec("a", "long", 1), {"name": "a", "default": 1, "shape": None, "type": "long"}),
        (ParamSpec("a", "long", [1], (-1,)), {"name": "a", "default": [1], "shape": (-1,), "type": "long"}),
        (
            ParamSpec("a", "datetime", "2020-01-01"),
            {"name": "a", "default": "2020-01-01", "shape": None, "type": "datetime"},
        ),
        (
            ParamSpec("a", Object([Property("k", "string")]), {"k": "v"}),
            {
                "name": "a",
                "default": {"k": "v"},
                "shape": None,
                "type": "object",
                "properties": {"k": {"type": "string", "required": True}},
            },
        ),
    ],
    ids=["scalar", "list", "date", "object"],
)
def test_parameter_writes_the_published_json(spec, document):
    assert spec.to_dict() == document
    assert ParamSpec.from_json_dict(**document) == spec


@pytest.mark.parametrize(
    ("dtype", "value", "default"),
    [
        ("double", 1, 1.0),
        ("double", np.float32(1), 1.0),
        ("float", np.int64(1), 1.0),
        ("long", np.int32(1), 1),
        ("boolean", np.bool_(True), True),
        ("string", np.str_("x"), "x"),
        ("datetime", "2020-01-01", dt.date(2020, 1, 1)),
        ("datetime", "2020-01-02T03:04:05", dt.datetime(2020, 1, 2, 3, 4, 5)),
        ("datetime", np.datetime64("2020-01-01T01:02:03"), dt.datetime(2020, 1, 1, 1, 2, 3)),
        ("datetime", np.datetime64("2020-01-01"), dt.date(2020, 1, 1)),
        ("long", None, None),
        (_OBJECT, {"k": "v", "n": [1]}, {"k": "v", "n": [1]}),
        (_OBJECT, {"k": "v", "n": None}, {"k": "v", "n": None}),
    ],
)
def test_default_becomes_the_python_type(dtype, value, default):
    found = ParamSpec("a", dtype, value).default
    assert (type(found), found) == (type(default), default)


@pytest.mark.parametrize(
    ("dtype", "value", "shape", "message"),
    [
        ("long", "x", None, r"Value of parameter 'a' is 'x' \(str\). Pass a long."),
        ("long", 1.0, None, "is '1.0'"),
        ("long", True, None, "is 'True'"),
        ("integer", np.int64(1), None, "int64"),
        ("float", np.float64(1), None, "float64"),
        ("string", 1, None, "is '1'"),
        ("long", [1], None, "list"),
        ("long", 1, (-1,), "not a list"),
        ("long", (1, 2), (-1,), "not a list"),
        ("long", [[1]], (-1, -1), r"Shape of parameter 'a' is \(-1, -1\)"),
        ("long", 1, (2,), r"Shape of parameter 'a' is \(2,\)"),
        ("datetime", "garbage", None, "ISO 8601"),
        ("datetime", 3, None, "ISO 8601"),
        ("binary", b"x", None, "cannot have"),
        ("foo", 1, None, "Unsupported type 'foo'"),
        (_OBJECT, {}, None, r"lacks the required keys \['k'\]"),
        (_OBJECT, {"k": "v", "x": 1}, None, r"undeclared keys \['x'\]"),
        (_OBJECT, {"k": 1}, None, "where string is expected"),
        (_OBJECT, {"k": "v", "n": ["x"]}, None, "where long is expected"),
        (_OBJECT, None, None, "is expected"),
        (Object([Property("m", Map("long"))]), {"m": {"x": "y"}}, None, "where long is expected"),
    ],
)
def test_default_that_does_not_fit_is_refused(dtype, value, shape, message):
    with pytest.raises(SchemaError, match=message):
        ParamSpec("a", dtype, value, shape)


def test_value_is_converted_as_its_parameter_says():
    assert ParamSpec.validate_param_spec(np.array([1, 2]), ParamSpec("a", "double", [], (-1,))) == [1.0, 2.0]
    assert ParamSpec.validate_type_and_shape("value", 1, DataType.long, None) == 1
    with pytest.raises(SchemaError, match="parameter 'a'"):
        ParamSpec.validate_param_spec("x", ParamSpec("a", "long", 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nope", "not JSON"),
        ('{"a": 1}', "not a JSON list"),
        ('[{"name": "a", "type": "long"}]', "'default'"),
        (
            '[{"name": "a", "type": "long", "default": 1}, {"name": "a", "type": "long", "default": 2}]',
            "more than once",
        ),
    ],
)
def test_broken_parameter_json_is_refused(text, message):
    with pytest.raises(SchemaError, match=message):
        ParamSchema.from_json(text)


def test_what_is_no_parameter_is_a_type_error():
    with pytest.raises(SchemaTypeError):
        ParamSchema([1])
    with pytest.raises(SchemaTypeError):
        ParamSpec("a", Array("long"), [1])


def test_representation_tells_default_and_shape():
    params = ParamSchema([ParamSpec("a", "long", 1), ParamSpec("b", "long", [1], (-1,))])
    assert repr(params) == "['a': long (default: 1), 'b': long (default: [1]) (shape: (-1,))]"
    assert len(params) == 2
