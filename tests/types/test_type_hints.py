"""Schemas from type hints."""

from __future__ import annotations

import datetime as dt
import typing
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlflow.types.type_hints import (
    InvalidTypeHintException,
    UnsupportedTypeHintException,
    field_required,
    infer_schema_from_list_type_hint,
    infer_type,
    model_fields,
    model_validate,
    type_hints_no_signature_inference,
)

pydantic = pytest.importorskip("pydantic")


class Wine(pydantic.BaseModel):
    name: str
    year: int | None = None
    scores: list[float] = []


class Careless(pydantic.BaseModel):
    year: int | None


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (list[int], "[long (required)]"),
        (typing.List[str], "[string (required)]"),  # noqa: UP006 - the old spelling is read too
        (list[bytes], "[binary (required)]"),
        (list[bool], "[boolean (required)]"),
        (list[float], "[double (required)]"),
        (list[dt.datetime], "[datetime (required)]"),
        (list[list[int]], "[Array(long) (required)]"),
        (list[dict[str, int]], "[Map(str -> DataType.long) (required)]"),
        (list[dict[str, int | None]], "[Map(str -> DataType.long) (required)]"),
        (list[Any], "[Any (required)]"),
        (list[Wine], "[{name: string (required), scores: Array(double) (required), year: long (optional)} (required)]"),
    ],
    ids=str,
)
def test_list_hint_gives_the_published_schema(hint, expected):
    assert repr(infer_schema_from_list_type_hint(hint)) == expected


@pytest.mark.parametrize(
    ("hint", "failure", "message"),
    [
        (int, InvalidTypeHintException, r"Type hint 'int' is not a list.*list\[int\]"),
        (dict[str, int], InvalidTypeHintException, "is not a list"),
        (list, InvalidTypeHintException, "no element type"),
        (list[list], InvalidTypeHintException, "no element type"),
        (list[dict], InvalidTypeHintException, "no element type"),
        (list[dict[int, str]], InvalidTypeHintException, "keys of type 'int'"),
        (list[int | None], InvalidTypeHintException, "cannot be Optional"),
        (list[Careless], InvalidTypeHintException, "Optional field 'year' of pydantic model 'Careless'"),
        (list[dt.date], UnsupportedTypeHintException, "'date' is not supported"),
        (list[np.ndarray], UnsupportedTypeHintException, "'ndarray' is not supported"),
        (list[object], UnsupportedTypeHintException, "'object' is not supported"),
        (list[set[int]], UnsupportedTypeHintException, "not supported"),
    ],
    ids=str,
)
def test_hint_without_schema_is_refused(hint, failure, message):
    with pytest.raises(failure, match=message):
        infer_schema_from_list_type_hint(hint)


def test_union_becomes_any_with_a_warning():
    with pytest.warns(UserWarning, match="Union in a type hint becomes AnyType"):
        assert repr(infer_type(int | str).dtype) == "Any"


def test_optional_hint_is_not_required():
    assert infer_type(int | None).required is False


def test_frames_and_arrays_give_no_schema():
    assert set(type_hints_no_signature_inference()) >= {pd.DataFrame, pd.Series, np.ndarray}


def test_fields_of_a_model_and_its_validation():
    fields = model_fields(Wine)
    assert {name: field_required(field) for name, field in fields.items()} == {
        "name": True,
        "year": False,
        "scores": False,
    }
    model_validate(Wine, {"name": "x"})
    with pytest.raises(pydantic.ValidationError):
        model_validate(Wine, {"name": "x", "year": "1990"})
