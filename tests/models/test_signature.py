"""Signatures: made, inferred, stored and replaced."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.pandas import column, data_frames, range_indexes

from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.models import Model, ModelSignature, infer_signature, set_signature
from mlflow.models.enforcement import enforce_schema
from mlflow.models.signature import InvalidSignature, InvalidSignatureType
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
from mlflow.types.exceptions import SchemaError
from tests.models.outcomes import plain


@dataclass
class Row:
    a: int


def test_stored_form_is_json_text_for_each_part() -> None:
    signature = ModelSignature(Schema([ColSpec("long", "a")]), None, ParamSchema([ParamSpec("p", "long", 1)]))
    assert signature.to_dict() == {
        "inputs": '[{"type": "long", "name": "a", "required": true}]',
        "outputs": None,
        "params": '[{"name": "p", "default": 1, "shape": null, "type": "long"}]',
    }
    assert ModelSignature.from_dict(signature.to_dict()) == signature


def test_signature_prints_its_parts() -> None:
    assert repr(ModelSignature(Schema([ColSpec("long", "a")]))) == (
        "inputs: \n  ['a': long (required)]\noutputs: \n  None\nparams: \n  None\n"
    )


def test_dataclass_or_instance_of_one_is_a_schema() -> None:
    assert ModelSignature(Row, Row(1)) == ModelSignature(*[Schema([ColSpec("long", "a")])] * 2)
    assert infer_signature(Row(1)).inputs == Schema([ColSpec("long", "a")])


@pytest.mark.parametrize(
    ("arguments", "error", "also"),
    [
        ({}, InvalidSignature, ValueError),
        ({"inputs": 5}, InvalidSignatureType, TypeError),
        ({"outputs": [ColSpec("long")]}, InvalidSignatureType, TypeError),
        ({"params": 5}, InvalidSignatureType, TypeError),
    ],
    ids=["nothing", "number", "list", "params"],
)
def test_signature_refuses_what_is_no_schema(
    arguments: dict[str, Any], error: type[MlflowException], also: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        ModelSignature(**arguments)
    assert isinstance(caught.value, also)


def test_inferred_signature_has_the_three_parts() -> None:
    signature = infer_signature(pd.DataFrame({"x": [1.5]}), np.array([1.5]), {"p": "text"})
    assert [part is not None for part in (signature.inputs, signature.outputs, signature.params)] == [True] * 3
    assert str(signature.outputs) == "[Tensor('float64', (-1,))]"


def test_part_without_a_schema_accepts_anything_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        signature = infer_signature({1, 2}, "y")
    assert str(signature.inputs) == "[Any (required)]"
    assert "No schema of the inputs was inferred" in caplog.text


def test_parameters_without_a_type_are_refused() -> None:
    with pytest.raises(SchemaError, match="'p'"):
        infer_signature("x", params={"p": None})
    with pytest.raises(InvalidSignature):
        infer_signature()


def test_signature_of_a_stored_model_is_replaced_and_the_rest_kept(tmp_path: Path) -> None:
    Model(model_uuid="u", extra=1).save(tmp_path / "MLmodel")
    signature = infer_signature(["x"])
    set_signature(str(tmp_path), signature)
    stored = Model.load(tmp_path)
    assert (stored.signature, stored.model_uuid, stored.extra) == (signature, "u", 1)


def test_signature_is_set_on_folders_of_this_machine_only(tmp_path: Path) -> None:
    signature, nothing = infer_signature(["x"]), None
    with pytest.raises(InvalidParameterValue, match="not a folder of this machine"):
        set_signature("models:/m/1", signature)
    with pytest.raises(ResourceDoesNotExist):
        set_signature(str(tmp_path), signature)
    with pytest.raises(TypeError):
        set_signature(str(tmp_path), nothing)  # type: ignore[arg-type] # what users pass by mistake


_COLUMNS = [
    column("i", dtype=np.int64),
    column("j", dtype=np.int32),
    column("f", dtype=np.float64),
    column("b", dtype=np.bool_),
    column("s", elements=st.text(max_size=3) | st.none(), dtype=object),
    column("n", elements=st.booleans() | st.none(), dtype=object),
]


@given(data_frames(_COLUMNS, index=range_indexes(min_size=1, max_size=4)))
@pytest.mark.filterwarnings("ignore:The inferred schema has integer columns")
def test_table_fits_the_signature_inferred_from_it(frame: pd.DataFrame) -> None:
    schema = infer_signature(frame).inputs
    assert schema is not None
    enforced = enforce_schema(frame, schema)
    assert list(enforced.columns) == list(frame.columns)
    pd.testing.assert_frame_equal(enforced, frame, check_dtype=False)


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, None], dtype="Int64"),
        pd.array([1, None], dtype="Int32"),
        pd.array([True, None], dtype="boolean"),
        pd.array(["x", None], dtype="string"),
        pd.Categorical(["x", "y"]),
        pd.to_datetime(["2020-01-01", None]),
        [b"x", None],
        [[1, 2], [3]],
        [{"x": 1}, {"x": 2, "y": "s"}],
        [np.array([1.5]), np.array([2.5])],
    ],
    ids=["Int64", "Int32", "boolean", "string", "category", "datetime", "bytes", "lists", "objects", "arrays"],
)
@pytest.mark.filterwarnings("ignore:The inferred schema has integer columns")
def test_column_fits_the_signature_inferred_from_it(values: Any) -> None:
    frame = pd.DataFrame({"c": values})
    schema = infer_signature(frame).inputs
    assert schema is not None
    assert plain(enforce_schema(frame, schema)["c"].tolist()) == plain(frame["c"].tolist())
