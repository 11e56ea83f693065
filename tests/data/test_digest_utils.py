"""Digests of data: the same that MLflow 3.17.2 gives, observed by calling it with pandas 3.1 and numpy 2.4."""

from __future__ import annotations

import datetime  # noqa: F401 - the facts below are expressions
import decimal  # noqa: F401 - see above
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.data.digest_utils import compute_numpy_digest, compute_pandas_digest, get_normalized_md5_digest
from mlflow.exceptions import InvalidParameterValue

NAN = float("nan")


class K:
    """An object that cannot be hashed into a digest."""


_FRAMES = {
    "pd.DataFrame({'a':[1,2,3],'b':[1.5,2.5,3.5]})": "90819849",
    "pd.DataFrame({'a':['x','y'],'b':[1,2]})": "ee9a5f51",
    "pd.DataFrame({'a':pd.Series(['x','y'],dtype=object)})": "27d62c2e",
    "pd.DataFrame({'a':['x',None],'b':[1.0,NAN]})": "052be6b9",
    "pd.DataFrame({'a':[True,False]})": "defee322",
    "pd.DataFrame({'a':pd.to_datetime(['2020-01-01','2020-01-02'])})": "defee322",
    "pd.DataFrame({'a':pd.to_datetime(['2020-01-01','2020-01-02']).tz_localize('UTC')})": "defee322",
    "pd.DataFrame({'a':[datetime.date(2020,1,1)]})": "a17ca048",
    "pd.DataFrame({'a':[[1,2],[3]]})": "defee322",
    "pd.DataFrame({'a':[np.array([1,2]),np.array([3,4])]})": "defee322",
    "pd.DataFrame({'a':[{'k':1}]})": "a17ca048",
    "pd.DataFrame({'a':pd.Categorical(['x','y'])})": "27d62c2e",
    "pd.DataFrame({'a':pd.Categorical(['x'])})": "2244c136",
    "pd.DataFrame({'a':pd.Categorical(['x','x'])})": "951368d1",
    "pd.DataFrame({'a':pd.Categorical(['x','x']),'b':[0,1]})": "b11d5862",
    "pd.DataFrame({'a':pd.Categorical([1])})": "a17ca048",
    "pd.DataFrame({'a':pd.Categorical(['x',1])})": "defee322",
    "pd.DataFrame({'a':pd.Categorical([])})": "c90e33b7",
    "pd.DataFrame({'a':np.array([1,2],dtype='int8'),'b':np.array([1,2],dtype='uint64')})": "c7101093",
    "pd.DataFrame({'a':np.array([1,2],dtype='float32')})": "60a88c20",
    "pd.DataFrame({'a':pd.array([1,None],dtype='Int64')})": "ccc45373",
    "pd.DataFrame({'a':[1,2]},index=['r','s'])": "16a2c36b",
    "pd.DataFrame([[1,2],[3,4]])": "c9931463",
    "pd.DataFrame({'a':[],'b':[]})": "706459bf",
    "pd.DataFrame()": "7dea362b",
    "pd.DataFrame({'a':np.arange(20001),'b':np.arange(20001)*0.5})": "d5a3ec81",
    "pd.DataFrame({'a':np.arange(10000)})": "376c6b97",
    "pd.DataFrame({'a':np.arange(10001)})": "beecb811",
    "pd.DataFrame({'a':[b'x',b'y']})": "defee322",
    "pd.DataFrame({'a':[1+2j]})": "6b07f8a5",
    "pd.DataFrame({'a':pd.to_timedelta(['1D'])})": "d54afa13",
    "pd.DataFrame({'a':[1,'x']})": "defee322",
    "pd.DataFrame({'a':[K()]})": "a17ca048",
    "pd.DataFrame({'a':[decimal.Decimal('1.5')]})": "a17ca048",
    "pd.DataFrame([[1,2]],columns=pd.MultiIndex.from_tuples([('a','b'),('a','c')]))": "1d5a0277",
    "pd.DataFrame([[1,2]],columns=['a','a'])": "b0b3a100",
    "pd.DataFrame({'a':[[1,2],[3]],'b':[1,2]})": "55ff6925",
    "pd.DataFrame({'z':[1,2],'a':['x','y'],'m':[1.5,2.5]})": "c6fa217c",
    "pd.DataFrame({'b':['x'],'a':[1]})": "f3e82ec4",
    "pd.DataFrame({2:['x'],1:[1]})": "3e523a31",
    "pd.DataFrame({'a':[1],3:[2]})": "40448eca",
    "pd.DataFrame({'a':pd.array(['x',None],dtype='string'),'b':[1,2]})": "55ff6925",
    "pd.DataFrame({'ü':['é']})": "d587e806",
    "pd.DataFrame({'a':pd.array([1.5,None],dtype='Float64'),'b':pd.array([True,None],dtype='boolean')})": "4c61a5e5",
}

_ARRAYS = {
    ("np.array([1,2,3])", ""): "fdf1765f",
    ("np.array([[1.5,2],[3,4]])", ""): "9d2b04b7",
    ("np.array(['a','b'])", ""): "88d43939",
    ("np.array([b'a'])", ""): "44ff7d04",
    ("np.array(['a',1],dtype=object)", ""): "97f8b5a6",
    ("np.array([True,False])", ""): "c3712814",
    ("np.array([1,2],dtype='float32')", ""): "2a162ec8",
    ("np.zeros((2,3,4))", ""): "96a0cdaa",
    ("np.array([])", ""): "7dea362b",
    ("np.array(5)", ""): "3ee39c15",
    ("np.arange(20001)", ""): "55357d90",
    ("np.zeros((10001,2))", ""): "b215cc46",
    ("np.arange(60000).reshape(2,30000)", ""): "d3e1acf8",
    ("{'a':np.array([1,2]),'b':np.array([[1.0],[2.0]])}", ""): "ca8c088b",
    ("{'b':np.array([[1.0],[2.0]]),'a':np.array([1,2])}", ""): "ca8c088b",
    ("np.array(['2020-01-01'],dtype='datetime64[D]')", ""): "802c838d",
    ("np.array([1+2j])", ""): "45f4f6dd",
    ("np.array([1.0,NAN])", ""): "9c9701e7",
    ("np.arange(6).reshape(2,3).T", ""): "8fe6f054",
    ("np.array([[1,2],[3,4]],order='F')", ""): "8be7b4a3",
    ("np.array([1,2],dtype='>i4')", ""): "e96eecab",
    ("np.array([None,1],dtype=object)", ""): "202fe18c",
    ("np.array([[1,2]],dtype=object)", ""): "aab67c78",
    ("np.array([1,2],dtype='float16')", ""): "07849d8c",
    ("np.array([{'a':1}],dtype=object)", ""): "877ae7b3",
    ("np.array(['x','y'],dtype=object)", ""): "465b51d2",
    ("{'b':np.array([1]),'a':np.array(['x'])}", ""): "d3e6d4da",
    ("np.array([1,2,3])", "np.array([0,1,0])"): "35d4195f",
    ("{'a':np.array([1,2])}", "np.array([0,1])"): "4f980f5d",
    ("np.array([1,2])", "{'y':np.array([0,1]),'x':np.array([3])}"): "c848d17d",
    ("np.array([[{'a':1},{'a':2}]],dtype=object)", ""): "29e954ed",
    ("{'a':np.arange(20000).reshape(2,10000)}", "np.arange(20000)"): "aa1c8673",
    ("np.array([[1],'x'],dtype=object)", ""): "9d310509",
    ("np.array([(1,2.0)],dtype=[('a','i4'),('b','f4')])", ""): "31d3eeaf",
    ("np.array(['1D'],dtype='timedelta64[s]') if 0 else np.array([1],dtype='timedelta64[s]')", ""): "ed6b199d",
}


def _value(expression):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of pandas while examples are made
        return eval(expression, globals())


@pytest.mark.parametrize("expression", _FRAMES, ids=[each[:70] for each in _FRAMES])
def test_frame_has_the_published_digest(expression):
    assert compute_pandas_digest(_value(expression)) == _FRAMES[expression]


@pytest.mark.parametrize(("features", "targets"), _ARRAYS, ids=[" | ".join(each)[:70] for each in _ARRAYS])
def test_array_has_the_published_digest(features, targets):
    given_targets = _value(targets) if targets else None
    assert compute_numpy_digest(_value(features), given_targets) == _ARRAYS[features, targets]


@given(st.lists(st.floats(allow_nan=False), min_size=1), st.data())
def test_changed_value_changes_the_digest(values, data):
    index = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(st.floats(allow_nan=False).filter(lambda value: value != values[index]))
    changed = [*values[:index], other, *values[index + 1 :]]
    frames = [pd.DataFrame({"a": each}) for each in (values, changed)]
    assert compute_pandas_digest(frames[0]) == compute_pandas_digest(frames[0].copy())
    assert compute_pandas_digest(frames[0]) != compute_pandas_digest(frames[1])


def test_digest_covers_the_number_of_rows_beyond_the_first():
    long, longer = (pd.DataFrame({"a": np.zeros(rows)}) for rows in (10_001, 10_002))
    assert compute_pandas_digest(long) != compute_pandas_digest(longer)


def test_digest_of_nothing_is_refused():
    with pytest.raises(InvalidParameterValue, match="nothing"):
        get_normalized_md5_digest([])
