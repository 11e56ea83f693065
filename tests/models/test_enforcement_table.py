"""What becomes of 1,400 inputs under some 200 schemas: as under MLflow 3.17.2, but for the differences listed here.

`enforcement_table.jsonl` holds what the published package (pandas 3.1, numpy 2.4) answered; null is a refusal.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import scipy.sparse

from mlflow.models.enforcement import SchemaEnforcementFailed, enforce_params, enforce_schema
from mlflow.types import ParamSchema, Schema
from tests.fixtures.foreign import Program
from tests.models import outcomes
from tests.recorded_answers import Record

TABLE = Path(__file__).with_name("enforcement_table.jsonl")

DIFFERENCES = {
    "ISO 8601 texts are dates, as they were before pandas 3 gave texts a type of their own": [
        "str_iso to datetime",
        "all NA string to datetime",
        "empty str to datetime",
        "object iso to datetime",
        "object iso None to datetime",
        "unnamed datetime, text",
        "dict: datetime text",
    ],
    "an optional integer, boolean or float column may have missing values, and comes out nullable": [
        "boolean_na to optional boolean",
        "float64_nan to optional integer",
        "all_none to optional integer",
        "object_int_none to optional integer",
        "float64_nan to optional long",
        "Int64_na to optional long",
        "all_none to optional long",
        "object_int_none to optional long",
        "all_none to optional float",
    ],
    "a categorical column of texts is one of texts, as it is when a schema is inferred": ["categorical to string"],
    "a double column comes out as float64": ["empty_object to double", "object digits to double"],
    "columns of any type are passed on as they are": [
        "any: Int64",
        "any column all kinds",
        "any column boolean NA",
        "any column category",
        "dict: any dict",
    ],
    "dates, and arrays without dimensions, are scalars like others": [
        "unnamed datetime, datetime",
        "list: timestamp",
        "list: date",
        "dict: datetime",
        "dict: 0d array",
        "string column, dict of ndarray 0d",
    ],
    "an unnamed column of arrays, objects or maps takes a list of them": [
        "unnamed array, list of lists",
        "unnamed object, dict",
        "unnamed object, list of dicts",
        "list: array unnamed array",
        "list: map unnamed list",
    ],
    "a dictionary for a map column is its value, not a column of it": ["map, dict input"],
    "two columns may share a name in schema and input": ["duplicate columns in schema"],
    "Python's numbers fit each number type that holds their value, inside arrays, objects and maps": [
        "array of double",
        "array of float",
        "array of integer",
        "array of double list ints",
        "object of float with float",
        "object of integer with int",
        "object leaf integer: int",
        "object leaf float: float",
        "object leaf float: nan",
        "array item integer: int",
        "array item float: float",
        "array item float: nan",
    ],
    "what is missing stays missing inside arrays; it does not become the text 'None', or False": [
        "array of string",
        "array item boolean: None",
        "array item boolean: NA",
        "array item string: None",
        "array item string: NA",
        "array item binary: None",
        "array item binary: NA",
        "array item float: None",
        "array item float: NA",
    ],
    "dates stay dates inside arrays and objects; they do not become integers": [
        "array of datetime",
        "array item datetime: datetime",
        "array item datetime: date",
        "array item datetime: timestamp",
        "array item datetime: datetime64",
        "object leaf datetime: datetime",
        "object leaf datetime: date",
        "object leaf datetime: timestamp",
    ],
    "text and bytes stay what they are inside arrays, as they do in columns": [
        "array item string: bytes",
        "array item binary: str",
        "array item binary: bytearray",
        "object leaf binary: bytearray",
    ],
    "values of another kind are refused inside arrays and objects; they are not cast": [
        "object leaf boolean: bytes",
        "array item boolean: bytes",
        "array item boolean: bytearray",
        "array item boolean: date",
        "array item boolean: list",
        "array item string: date",
        "array item binary: date",
        *(f"object leaf {kind}: huge" for kind in ("boolean", "double", "string", "binary")),
        *(f"array item {kind}: huge" for kind in ("boolean", "double", "string", "binary")),
    ],
    "tensors made of columns have the declared type, whatever the index": [
        "one named tensor (-1, 2): frame float32",
        "tensor (-1): frame index",
    ],
}

ORACLE = """
import json, logging, warnings
import mlflow
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ParamSchema, Schema
from scipy import sparse as sp

warnings.simplefilter("ignore")
logging.getLogger("mlflow").setLevel(logging.CRITICAL)


class Echo:
    def predict(self, data, params=None):
        return data, params


def answer(row):
    names = {**globals(), "sp": sp}
    params = ParamSchema.from_json(json.dumps(row["params_schema"])) if row.get("params_schema") else None
    model = Model(signature=ModelSignature(Schema.from_json(json.dumps(row["schema"])), params=params))
    model.add_flavor("python_function", loader_module="none", python_version="3.11.7")
    loaded = mlflow.pyfunc.PyFuncModel(model, Echo())
    try:
        given = eval(row["params"], names) if row.get("params") else None
        data, used = loaded.predict(eval(row["input"], names), params=given)
    except Exception:
        return None
    return {name: plain(value) for name, value in (used or {}).items()} if "params" in row else outcome(data)


rows = [json.loads(line) for line in open(TABLE)]
print(json.dumps([row["name"] for row in rows if answer(row) != row["outcome"]]))
"""


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TABLE.read_text().splitlines()]


def evaluate(expression: str) -> Any:
    names = {**vars(outcomes), "sp": scipy.sparse}
    return eval(expression, names)


def answer(row: dict[str, Any]) -> Any:
    try:
        if "params" not in row:
            return outcomes.outcome(enforce_schema(evaluate(row["input"]), Schema.from_json(json.dumps(row["schema"]))))
        schema = ParamSchema.from_json(json.dumps(row["params_schema"])) if row["params_schema"] else None
        used = enforce_params(evaluate(row["params"] or "None"), schema)
        return {name: outcomes.plain(value) for name, value in used.items()}
    except SchemaEnforcementFailed:
        return None


@pytest.mark.filterwarnings("ignore")  # what pandas says about the odder inputs
def test_inputs_fare_as_under_the_published_package_but_for_the_listed_differences() -> None:
    differing = {row["name"] for row in rows() if answer(row) != row["outcome"]}
    listed = {name for names in DIFFERENCES.values() for name in names}
    assert differing - listed == set()
    assert listed - differing == set()


def test_table_is_large_and_its_names_are_unique() -> None:
    names = [row["name"] for row in rows()]
    assert len(set(names)) == len(names) > 1400


ASKED = Record(TABLE.with_name("enforcement_table_asked.json"), f"{TABLE.read_text()}\n{ORACLE}")


@pytest.mark.oracle
def test_published_package_still_answers_what_the_table_says(oracle_python: str, run_published: Program) -> None:
    if ASKED.is_current(oracle_python):
        return
    source = Path(outcomes.__file__).read_text()
    printed = run_published(f"TABLE = {str(TABLE)!r}\n{source}\n{ORACLE}")
    differing = json.loads(printed.splitlines()[-1])
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        ASKED.write(oracle_python, differing)
    assert differing == []
