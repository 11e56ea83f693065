"""Schemas inferred from data: the same that MLflow 3.17.2 infers, observed by calling it."""

from __future__ import annotations

import datetime
import decimal  # noqa: F401 - the facts below are expressions
import uuid  # noqa: F401 - see above
import warnings
from collections import OrderedDict  # noqa: F401 - see above

import numpy as np
import pandas as pd
import pytest

from mlflow.types.exceptions import InvalidDataForSignatureInferenceError, SchemaError, TensorsNotSupportedException
from mlflow.types.inference import infer_param_schema, infer_schema, schema_of, tensor_shape
from mlflow.types.tensor import clean_tensor_type

NAN = float("nan")

_FACTS = [
    (
        "pd.DataFrame({'a':[1,2],'b':[1.0,2.0],'c':['x','y'],'d':[True,False]})",
        "['a': long (required), 'b': double (required), 'c': string (required), 'd': boolean (required)]",
    ),
    ("pd.DataFrame({'a':np.array([1],dtype='int8')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='uint8')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='int16')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='uint16')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='int32')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='uint32')})", "['a': long (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='float32')})", "['a': float (required)]"),
    ("pd.DataFrame({'a':np.array([1],dtype='float16')})", "['a': float (required)]"),
    ("pd.DataFrame({'a':[1.0,None]})", "['a': double (optional)]"),
    ("pd.DataFrame({'a':[1,None]},dtype='Int64')", "['a': long (optional)]"),
    ("pd.DataFrame({'a':pd.array([1,2],dtype='Int64')})", "['a': long (required)]"),
    ("pd.DataFrame({'a':pd.array([1,2],dtype='Int32')})", "['a': integer (required)]"),
    ("pd.DataFrame({'a':pd.array([1.5,None],dtype='Float64')})", "['a': double (optional)]"),
    ("pd.DataFrame({'a':pd.array([True,None],dtype='boolean')})", "['a': boolean (optional)]"),
    ("pd.DataFrame({'a':pd.array(['x',None],dtype='string')})", "['a': string (optional)]"),
    ("pd.DataFrame({'a':pd.array(['x','y'],dtype='string')})", "['a': string (required)]"),
    ("pd.DataFrame({'a':['x',None]})", "['a': string (optional)]"),
    ("pd.DataFrame({'a':pd.Series(['x',None],dtype=object)})", "['a': string (optional)]"),
    ("pd.DataFrame({'a':pd.Series(['x','y'],dtype=object)})", "['a': string (required)]"),
    ("pd.DataFrame({'a':pd.Series([1,2],dtype=object)})", "['a': long (required)]"),
    ("pd.DataFrame({'a':pd.Series([1.5,2.5],dtype=object)})", "['a': double (required)]"),
    ("pd.DataFrame({'a':pd.Series([True,None],dtype=object)})", "['a': boolean (optional)]"),
    ("pd.DataFrame({'a':pd.Series([None,None],dtype=object)})", "['a': Any (optional)]"),
    ("pd.DataFrame({'a':[b'x',b'y']})", "['a': binary (required)]"),
    ("pd.DataFrame({'a':[bytearray(b'x')]})", "['a': binary (required)]"),
    ("pd.DataFrame({'a':[b'x',None]})", "['a': binary (optional)]"),
    ("pd.DataFrame({'a':pd.Categorical(['x','y'])})", "['a': string (required)]"),
    ("pd.DataFrame({'a':pd.Categorical([1,2])})", "['a': long (required)]"),
    ("pd.DataFrame({'a':pd.to_datetime(['2020-01-01','2020-01-02'])})", "['a': datetime (required)]"),
    ("pd.DataFrame({'a':pd.to_datetime(['2020-01-01',None])})", "['a': datetime (optional)]"),
    ("pd.DataFrame({'a':pd.to_datetime(['2020-01-01']).tz_localize('UTC')})", "['a': datetime (required)]"),
    ("pd.DataFrame({'a':np.array(['2020-01-01'],dtype='datetime64[s]')})", "['a': datetime (required)]"),
    ("pd.DataFrame({'a':[datetime.date(2020,1,1)]})", "['a': datetime (required)]"),
    ("pd.DataFrame({'a':pd.Series([datetime.datetime(2020,1,1)],dtype=object)})", "['a': datetime (required)]"),
    ("pd.DataFrame({'a':[[1,2],[3]]})", "['a': Array(long) (required)]"),
    ("pd.DataFrame({'a':[[1,2],None]})", "['a': Array(long) (optional)]"),
    ("pd.DataFrame({'a':[[]]})", "['a': Any (required)]"),
    ("pd.DataFrame({'a':[[],[1]]})", "['a': Array(long) (required)]"),
    ("pd.DataFrame({'a':[[None]]})", "['a': Array(Any) (required)]"),
    ("pd.DataFrame({'a':[[1,None]]})", "['a': Array(long) (required)]"),
    ("pd.DataFrame({'a':[[['x']],[['y','z']]]})", "['a': Array(Array(string)) (required)]"),
    ("pd.DataFrame({'a':[np.array([1,2]),np.array([3])]})", "['a': Array(long) (required)]"),
    ("pd.DataFrame({'a':[np.array([[1.0,2]])]})", "['a': Array(Array(double)) (required)]"),
    ("pd.DataFrame({'a':[np.array(['x'])]})", "['a': Array(string) (required)]"),
    ("pd.DataFrame({'a':[{'k':'v'},{'k':'w'}]})", "['a': {k: string (required)} (required)]"),
    ("pd.DataFrame({'a':[{'k':'v'},{'k':'w','j':1}]})", "['a': {j: long (optional), k: string (required)} (required)]"),
    ("pd.DataFrame({'a':[{'k':'v'},{'j':1}]})", "['a': {j: long (optional), k: string (optional)} (required)]"),
    ("pd.DataFrame({'a':[{'k':None}]})", "['a': {k: Any (optional)} (required)]"),
    ("pd.DataFrame({'a':[{'k':'v'},{'k':None}]})", "['a': {k: string (optional)} (required)]"),
    (
        "pd.DataFrame({'a':[{'k':[1,2],'m':{'z':1.5}}]})",
        "['a': {k: Array(long) (required), m: {z: double (required)} (required)} (required)]",
    ),
    ("pd.DataFrame({'a':[{'k':'v'},None]})", "['a': {k: string (optional)} (optional)]"),
    ("pd.DataFrame({'a':[{}]})", "['a': Any (required)]"),
    (
        "pd.DataFrame({'a':[[{'k':1},{'k':2,'j':'x'}]]})",
        "['a': Array({j: string (optional), k: long (required)}) (required)]",
    ),
    (
        "pd.DataFrame({'a':[[{'k':1}],[{'j':'x'}]]})",
        "['a': Array({j: string (optional), k: long (optional)}) (required)]",
    ),
    ("pd.DataFrame({1:[1],2:[2.0]})", "[1: long (required), 2: double (required)]"),
    ("pd.DataFrame({'a':[],'b':[]})", "['a': double (required), 'b': double (required)]"),
    (
        "pd.DataFrame([[1,2]],columns=pd.MultiIndex.from_tuples([('a','b'),('a','c')]))",
        "[('a', 'b'): long (required), ('a', 'c'): long (required)]",
    ),
    ("pd.Series([1,2])", "[long (required)]"),
    ("pd.Series([1,2],name='s')", "['s': long (required)]"),
    ("pd.Series(['x',None],name='s')", "['s': string (optional)]"),
    ("pd.Series([1.0,NAN],name='s')", "['s': double (optional)]"),
    ("pd.Series([],dtype=object)", "[string (required)]"),
    ("pd.Series([[1,2]],name='s')", "['s': Array(long) (required)]"),
    ("np.array([1,2,3])", "[Tensor('int64', (-1,))]"),
    ("np.array([[1.5,2],[3,4]],dtype='float32')", "[Tensor('float32', (-1, 2))]"),
    ("np.array(['a','bcd'])", "[Tensor('str', (-1,))]"),
    ("np.array([b'a'])", "[Tensor('bytes', (-1,))]"),
    ("np.array(['a',1],dtype=object)", "[Tensor('object', (-1,))]"),
    ("np.array([1,2],dtype=object)", "[Tensor('object', (-1,))]"),
    ("np.array([True])", "[Tensor('bool', (-1,))]"),
    ("np.array(['2020-01-01'],dtype='datetime64[D]')", "[Tensor('datetime64[D]', (-1,))]"),
    ("np.array([])", "[Tensor('float64', (-1,))]"),
    ("np.zeros((0,3))", "[Tensor('float64', (-1, 3))]"),
    ("np.zeros((2,3,4),dtype='uint8')", "[Tensor('uint8', (-1, 3, 4))]"),
    ("np.array([(1,2.0)],dtype=[('a','i4'),('b','f4')])", "[Tensor('void64', (-1,))]"),
    ("np.float32(1.5)", "[float (required)]"),
    ("np.int64(1)", "[long (required)]"),
    ("np.str_('x')", "[string (required)]"),
    ("np.bool_(True)", "[boolean (required)]"),
    ("np.datetime64('2020-01-01')", "[datetime (required)]"),
    ("sp.csr_matrix(np.eye(3))", "[Tensor('float64', (-1, 3))]"),
    ("sp.csc_matrix(np.eye(3,dtype='float32'))", "[Tensor('float32', (-1, 3))]"),
    (
        "{'a':np.array([1,2]),'b':np.array([[1.0],[2.0]])}",
        "['a': Tensor('int64', (-1,)), 'b': Tensor('float64', (-1, 1))]",
    ),
    ("{'a':np.array(['x'])}", "['a': Tensor('str', (-1,))]"),
    ("{'a':1,'b':'x'}", "['a': long (required), 'b': string (required)]"),
    ("{'a':[1,2],'b':['x','y']}", "['a': Array(long) (required), 'b': Array(string) (required)]"),
    ("{'a':'x','b':[1,2]}", "['a': string (required), 'b': Array(long) (required)]"),
    ("{'a':np.array([1]),'b':'x'}", "['a': Array(long) (required), 'b': string (required)]"),
    ("{'a':{'b':1}}", "['a': {b: long (required)} (required)]"),
    ("{'a':None}", "['a': Any (optional)]"),
    ("{'a':[None]}", "['a': Array(Any) (optional)]"),
    ("{'a':[]}", "['a': Any (required)]"),
    ("{'a':[[1,2],[3,4]]}", "['a': Array(Array(long)) (required)]"),
    ("{'a':[{'k':1}]}", "['a': Array({k: long (required)}) (required)]"),
    ("{'a':np.float32(1)}", "['a': float (required)]"),
    ("{'a':datetime.datetime(2020,1,1)}", "['a': datetime (required)]"),
    ("{'a':b'x'}", "['a': binary (required)]"),
    ("{'a':NAN}", "['a': Any (optional)]"),
    ("OrderedDict(b=1,a=2)", "['b': long (required), 'a': long (required)]"),
    ("[1,2,3]", "[long (required)]"),
    ("['x','y']", "[string (required)]"),
    ("[True]", "[boolean (required)]"),
    ("[1,None]", "[long (required)]"),
    ("[None,1]", "[long (required)]"),
    ("[None]", "[Any (required)]"),
    ("[]", "[string (required)]"),
    ("['x',None]", "[string (required)]"),
    ("[b'x']", "[binary (required)]"),
    ("[datetime.datetime(2020,1,1)]", "[datetime (required)]"),
    ("[datetime.date(2020,1,1)]", "[datetime (required)]"),
    ("[[1,2],[3,4]]", "[Array(long) (required)]"),
    ("[[1,2],[3]]", "[Array(long) (required)]"),
    ("[[]]", "[Any (required)]"),
    ("[[],[1]]", "[Array(long) (required)]"),
    ("[[[1]]]", "[Array(Array(long)) (required)]"),
    ("[[1],None]", "[Array(long) (required)]"),
    ("[{'a':1,'b':'x'},{'a':2,'b':'y'}]", "['a': long (required), 'b': string (required)]"),
    ("[{'a':1},{'a':2,'b':'y'}]", "['a': long (required), 'b': string (optional)]"),
    ("[{'a':1},{'b':'y'}]", "['a': long (optional), 'b': string (optional)]"),
    ("[{'a':None},{'a':1}]", "['a': long (optional)]"),
    ("[{'a':[1,2]}]", "['a': Array(long) (required)]"),
    ("[{'a':{'b':1}}]", "['a': {b: long (required)} (required)]"),
    ("[{'a':{'b':1}},{'a':{'c':1}}]", "['a': {b: long (optional), c: long (optional)} (required)]"),
    ("[{'a':np.array([1,2])}]", "['a': Array(long) (required)]"),
    ("[{'a':1},{}]", "['a': long (optional)]"),
    ("[{'role':'user','content':'x'}]", "['role': string (required), 'content': string (required)]"),
    ("[np.array([1,2]),np.array([3,4])]", "[Array(long) (required)]"),
    ("[np.float32(1),np.float32(2)]", "[float (required)]"),
    ("'text'", "[string (required)]"),
    ("5", "[long (required)]"),
    ("5.5", "[double (required)]"),
    ("True", "[boolean (required)]"),
    ("b'x'", "[binary (required)]"),
    ("None", "[Any (required)]"),
    ("NAN", "[Any (required)]"),
    ("datetime.datetime(2020,1,1)", "[datetime (required)]"),
    ("datetime.date(2020,1,1)", "[datetime (required)]"),
    ("bytearray(b'x')", "[binary (required)]"),
    ("2**70", "[long (required)]"),
    ("[2**70]", "[long (required)]"),
    ("pd.NA", "[Any (required)]"),
    ("pd.NaT", "[Any (required)]"),
    ("pd.DataFrame({'a':[pd.NA,1]})", "['a': long (optional)]"),
    ("pd.DataFrame({'a':[pd.Timestamp('2020-01-01'),None]},dtype=object)", "['a': datetime (optional)]"),
    ("pd.DataFrame({'a':[np.float32(1),np.float32(2)]},dtype=object)", "['a': float (required)]"),
    ("pd.DataFrame({'a':[1,1.5]},dtype=object)", "['a': double (required)]"),
    ("pd.DataFrame({'a':[1,None]},dtype=object)", "['a': double (optional)]"),
    ("pd.DataFrame({'a':[{'k':np.array([1])}]})", "['a': {k: Array(long) (required)} (required)]"),
    ("{'a':[np.array([1])]}", "['a': Array(Array(long)) (required)]"),
    ("{'a':[1,None]}", "['a': Array(long) (optional)]"),
    ("{'a':['x',None]}", "['a': Array(string) (optional)]"),
    ("{'a':[{'k':1},None]}", "['a': Array({k: long (optional)}) (optional)]"),
    ("{'a':{'b':None}}", "['a': {b: Any (optional)} (required)]"),
    ("{'a':{'b':[]}}", "['a': {b: Any (optional)} (required)]"),
]

_REFUSED = [
    "pd.DataFrame({'a':np.array([1],dtype='uint64')})",
    "pd.DataFrame({'a':np.array([1],dtype='complex128')})",
    "pd.DataFrame({'a':pd.Series([1,'x'],dtype=object)})",
    "pd.DataFrame({'a':pd.to_timedelta(['1D'])})",
    "pd.DataFrame({'a':[decimal.Decimal('1.5')]})",
    "pd.DataFrame({'a':[uuid.UUID(int=1)]})",
    "pd.DataFrame({'a':[[1,2.5]]})",
    "pd.DataFrame({'a':[[1],[2.5]]})",
    "pd.DataFrame({'a':[['x'],[1]]})",
    "pd.DataFrame({'a':[{'k':'v'},{'k':1}]})",
    "pd.DataFrame({'a':[{1:'v'}]})",
    "pd.DataFrame({'a':[(1,2)]})",
    "pd.DataFrame({'a':[{1,2}]})",
    "pd.DataFrame()",
    "pd.DataFrame([[1,2]],columns=['a','a'])",
    "np.array(5)",
    "sp.coo_matrix(np.eye(3))",
    "{}",
    "{1:2}",
    "{'a':(1,2)}",
    "[1.5,2]",
    "[1,2.5]",
    "[True,1]",
    "['x',1]",
    "[[1],['x']]",
    "[{'a':1},{'a':'x'}]",
    "[{'a':1},{'a':1.5}]",
    "[{'a':1},2]",
    "[{}]",
    "decimal.Decimal('1')",
    "(1,2)",
    "{1,2}",
    "1+2j",
    "pd.DataFrame({'a':pd.period_range('2020',periods=2)})",
    "pd.DataFrame({'a':[True,'x']},dtype=object)",
    "pd.DataFrame({'a':[{'k':1},{'k':1.5}]})",
]


def _value(expression):
    if "sp." in expression:
        pytest.importorskip("scipy")
    import scipy.sparse as sp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of pandas while examples are made
        return eval(expression, {**globals(), "sp": sp})


@pytest.mark.parametrize(("expression", "expected"), _FACTS, ids=[fact[0][:70] for fact in _FACTS])
def test_inferred_schema_is_the_published_one(expression, expected):
    assert repr(schema_of(_value(expression))) == expected


@pytest.mark.parametrize("expression", _REFUSED, ids=[each[:70] for each in _REFUSED])
def test_data_without_schema_is_refused(expression):
    with pytest.raises(SchemaError):
        schema_of(_value(expression))


def test_column_without_type_is_named():
    with pytest.raises(SchemaError, match="Column 'price' has no type: Values of one list or column have several"):
        schema_of(pd.DataFrame({"price": pd.Series([1, "x"], dtype=object)}))


def test_integer_columns_bring_a_hint():
    with pytest.warns(UserWarning, match="integer columns, which cannot hold missing values"):
        infer_schema(pd.DataFrame({"a": [1]}))


def test_other_columns_bring_no_hint():
    assert repr(infer_schema(pd.DataFrame({"a": [1.5]}))) == "['a': double (required)]"
    assert infer_schema(np.array([1])).is_tensor_spec()


def test_timestamps_are_dates():
    assert repr(schema_of([pd.Timestamp("2020-01-01")])) == "[datetime (required)]"


def test_pydantic_objects_ask_for_type_hints():
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Model", a=(int, ...))
    with pytest.raises(InvalidDataForSignatureInferenceError, match="type hint"):
        schema_of([model(a=1)])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            {"a": 1, "b": "x", "d": True},
            "['a': long (default: 1), 'b': string (default: x), 'd': boolean (default: True)]",
        ),
        ({"a": [1, 2]}, "['a': long (default: [1, 2]) (shape: (-1,))]"),
        ({"a": np.array([1.5])}, "['a': double (default: [1.5]) (shape: (-1,))]"),
        ({"a": {"k": "v"}}, "['a': {k: string (required)} (default: {'k': 'v'})]"),
        ({"a": datetime.datetime(2020, 1, 1)}, "['a': datetime (default: 2020-01-01 00:00:00)]"),
        ({"a": np.int32(3)}, "['a': integer (default: 3)]"),
        ({"a": NAN}, "['a': double (default: nan)]"),
        ({1: 2}, "['1': long (default: 2)]"),
        ({"a": {"k": None}}, "['a': {k: Any (optional)} (default: {'k': None})]"),
        ({}, "[]"),
    ],
    ids=str,
)
def test_inferred_parameters_are_the_published_ones(parameters, expected):
    assert repr(infer_param_schema(parameters)) == expected


@pytest.mark.parametrize(
    "parameters",
    [{"a": None}, {"a": [None]}, {"a": b"x"}, {"a": [1, "x"]}, {"a": [[1]]}, {"a": [{"k": 1}]}, {"a": (1, 2)}, [1],
     {"a": {1: 2}}, {"a": object}, {"a": {}}],
    ids=str,
)  # fmt: skip
def test_parameters_without_type_are_refused(parameters):
    with pytest.raises(SchemaError):
        infer_param_schema(parameters)


def test_every_wrong_parameter_is_told():
    with pytest.raises(SchemaError, match=r"'a': .*'b': "):
        infer_param_schema({"a": None, "b": (1,), "c": 1})


def test_shape_leaves_one_dimension_free():
    assert tensor_shape(np.zeros((2, 3))) == (-1, 3)
    assert tensor_shape(np.zeros((2, 3)), variable_dimension=None) == (2, 3)
    assert tensor_shape(np.zeros((2, 3)), variable_dimension=1) == (2, -1)
    with pytest.raises(SchemaError, match="no dimension 0"):
        tensor_shape(np.array(5))


def test_text_dtype_loses_its_length():
    assert clean_tensor_type(np.dtype("U5")) == np.dtype("str")
    assert clean_tensor_type(np.dtype("f4")) == np.dtype("f4")


def test_tensor_failure_is_an_invalid_parameter():
    assert TensorsNotSupportedException("x").error_code == "INVALID_PARAMETER_VALUE"
