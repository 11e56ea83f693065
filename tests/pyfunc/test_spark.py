"""Models as functions of Spark's columns, in a real session on this machine."""

import json
from typing import Any

import pytest

from tests.fixtures.foreign import BRIEFLY, run_program

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(400), pytest.mark.long]

PROGRAM = """
import json, os, sys
import numpy as np, pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, struct
import mlflow
from mlflow.models import ModelSignature
from mlflow.pyfunc import PythonModel
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = SparkSession.builder.master("local[1]").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
rows = pd.DataFrame({"age": [20.0, 70.0], "income": [1.0, 5.0], "who": list("ab")})
frame = spark.createDataFrame(rows).coalesce(1)
found = {}

def note(names, make):
    try:
        shown = make()
        answers = {row["who"]: row for row in shown.collect()}
        for name in names:
            cells = {who: row[name] for who, row in answers.items()}
            shape = shown.schema[name].dataType.simpleString()
            plain = {who: cell.asDict() if hasattr(cell, "asDict") else cell for who, cell in cells.items()}
            found[name] = {"type": shape, "rows": plain}
    except Exception as exc:
        found[names[0]] = {"error": f"{type(exc).__name__}: {exc}"}
    print(names[0], file=sys.stderr, flush=True)

class Several(PythonModel):
    def predict(self, context, model_input, params=None):
        age = model_input["age"] * (params or {}).get("k", 1)
        return pd.DataFrame({
            "score": age + model_input["income"], "label": ["x" + str(int(a)) for a in age],
            "big": (age * 1e9).astype("int64"), "pair": [[a, a + 1] for a in age],
        })

class Matrix(PythonModel):
    def predict(self, context, model_input, params=None):
        values = model_input.to_numpy()
        word = float(os.environ.get("WORD", "0")) + (context.model_config or {}).get("c", 0)
        return np.stack([values.sum(axis=1), values.max(axis=1) + word], axis=1)

WHERE = '''
import os
import sys

import pandas as pd

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Where(PythonModel):
    def predict(self, context, model_input, params=None):
        import six

        if (model_input["age"] == 0).any():
            raise ValueError("nobody is 0 years old")
        print("this is no answer")
        found = {"prefix": sys.prefix, "six": six.__version__}
        found["word"] = os.environ["WORD"] + str(context.model_config["c"])
        rows = [f"{age}{who}" for age, who in zip(model_input["age"], model_input["who"], strict=True)]
        return pd.DataFrame({**found, "row": rows})


set_model(Where())
'''

inputs = Schema([ColSpec("double", "age"), ColSpec("double", "income")])
outputs = Schema([ColSpec("double", "score"), ColSpec("string", "label")])
several = ModelSignature(inputs, outputs, ParamSchema([ParamSpec("k", "long", 1)]))
tensor = ModelSignature(inputs, Schema([TensorSpec(np.dtype("float64"), (-1, 2))]))
mlflow.pyfunc.save_model("several", python_model=Several(), pip_requirements=[], signature=several)
mlflow.pyfunc.save_model("matrix", python_model=Matrix(), pip_requirements=[], signature=tensor, model_config={"c": 1})
mlflow.pyfunc.save_model("bare", python_model=Matrix(), pip_requirements=[])
with open("where.py", "w") as file:
    file.write(WHERE)
mlflow.pyfunc.save_model("where", python_model="where.py", pip_requirements=["six==1.16.0"], signature=ModelSignature(
    Schema([ColSpec("double", "age"), ColSpec("string", "who")])), model_config={"c": 1})
udf, pair = mlflow.pyfunc.spark_udf, ("age", "income")

fields = udf(spark, "several")
note(["columns", "nothing", "struct"], lambda: frame.select(
    "who", fields(*pair).alias("columns"), fields().alias("nothing"), fields(struct("income", "age")).alias("struct")))
note(["text", "number", "named", "params"], lambda: frame.select(
    "who",
    udf(spark, "several", result_type="string")(col("age"), "income").alias("text"),
    udf(spark, "several", result_type="long", env_manager="local")(*pair).alias("number"),
    udf(spark, "several", result_type="label string, pair array<double>")(*pair).alias("named"),
    udf(spark, "several", result_type="score float", params={"k": 2})(*pair).alias("params")))
note(["array", "double", "bare", "variables"], lambda: frame.select(
    "who",
    udf(spark, "matrix")(*pair).alias("array"),
    udf(spark, "matrix", result_type="double")(*pair).alias("double"),
    udf(spark, "bare", result_type="array<double>")(*pair).alias("bare"),
    udf(spark, "matrix", extra_env={"WORD": "5"}, model_config={"c": 2})(*pair).alias("variables")))
predictor = mlflow.pyfunc.BatchPredictor(os.path.abspath("several"), keep=True)
there = udf(spark, "where", "prefix string, six string, word string, row string", env_manager="uv",
    extra_env={"WORD": "5"}, model_config={"c": 2})
note(["there"], lambda: frame.repartition(2, "who").select("who", there("age", "who").alias("there")))
note(["raised there"], lambda: frame.select("who", there(col("age") * 0, "who").alias("raised there")))
note(["score"], lambda: frame.mapInPandas(predictor.each,
    "age double, income double, who string, score double, label string, big long, pair array<double>"))
for name, kind in (("no boolean", "boolean"), ("too large", "int"), ("no field", "other double")):
    note([name], lambda: frame.select("who", udf(spark, "several", result_type=kind)(*pair).alias(name)))
note(["too many"], lambda: fields("age", "age", "income"))
note(["no names"], lambda: udf(spark, "bare")())
note(["no manager"], lambda: udf(spark, "several", env_manager="pixi"))
note(["prebuilt"], lambda: udf(spark, "several", prebuilt_env_uri="x"))
print(json.dumps(found, default=str))
spark.stop()
"""
"""Calls stand together in one job: each costs a second."""

STRUCTS = {"a": {"score": 21.0, "label": "x20"}, "b": {"score": 75.0, "label": "x70"}}
FIELDS = "struct<score:double,label:string>"


@pytest.fixture(scope="module")
def found(frameworks_python: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What calls gave: type and rows by `who`, or the error."""
    folder = tmp_path_factory.mktemp("spark")
    variables = {**BRIEFLY, "MLFLOW_ENV_ROOT": str(folder / "environments")}
    printed = run_program(frameworks_python, PROGRAM, folder, variables, 380)
    answers: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return answers


def test_a_model_runs_in_a_process_of_the_environment_that_it_asks_for(found: dict[str, Any]) -> None:
    rows = found["there"]["rows"]
    assert {who: row["row"] for who, row in rows.items()} == {"a": "20.0a", "b": "70.0b"}
    assert {(row["six"], row["word"]) for row in rows.values()} == {("1.16.0", "52")}
    assert len({row["prefix"] for row in rows.values()}) == 1  # built once, whichever of Spark's Pythons asks
    assert "environments" in rows["a"]["prefix"]


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("columns", FIELDS, STRUCTS),
        ("nothing", FIELDS, STRUCTS),
        ("struct", FIELDS, STRUCTS),
        ("text", "string", {"a": "21.0", "b": "75.0"}),
        ("number", "bigint", {"a": 20 * 10**9, "b": 70 * 10**9}),
        (
            "named",
            "struct<label:string,pair:array<double>>",
            {"a": {"label": "x20", "pair": [20.0, 21.0]}, "b": {"label": "x70", "pair": [70.0, 71.0]}},
        ),
        ("params", "struct<score:float>", {"a": {"score": 41.0}, "b": {"score": 145.0}}),
        ("array", "array<double>", {"a": [21.0, 21.0], "b": [75.0, 71.0]}),
        ("double", "double", {"a": 21.0, "b": 75.0}),
        ("bare", "array<double>", {"a": [21.0, 20.0], "b": [75.0, 70.0]}),
        ("variables", "array<double>", {"a": [21.0, 27.0], "b": [75.0, 77.0]}),
        ("score", "double", {"a": 21.0, "b": 75.0}),
    ],
)
def test_a_call_gives_a_column_of_its_type(found: dict[str, Any], name: str, kind: str, rows: dict[str, Any]) -> None:
    assert found[name] == {"type": kind, "rows": rows}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no boolean", "no column that is boolean"),
        ("too large", "which integer does not hold"),
        ("no field", "no column 'other'"),
        ("too many", "takes 2 columns (age, income), but 3 are given"),
        ("no names", "no signature with names"),
        ("no manager", "env_manager is 'pixi'"),
        ("prebuilt", "choose an env_manager"),
        ("raised there", "ValueError: nobody is 0 years old"),
    ],
)
def test_what_cannot_be_is_told(found: dict[str, Any], name: str, words: str) -> None:
    assert words in found[name]["error"]
