"""A model as a function of Spark's columns."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mlflow.environments.built import ENV_MANAGERS
from mlflow.exceptions import ErrorCode, InvalidParameterValue, MlflowException
from mlflow.models.manifest import Model
from mlflow.models.places import model_folder
from mlflow.pyfunc.batches import as_table
from mlflow.pyfunc.environment import activate
from mlflow.pyfunc.scoring_process import ScoringProcess
from mlflow.pyfunc.spark_columns import to_column, to_frame
from mlflow.temporary_folders import lasting_folder
from mlflow.types import Schema, TensorSpec

if TYPE_CHECKING:
    import numpy as np

    from mlflow.pyfunc.loaded_model import PyFuncModel

__all__ = ["spark_udf"]


class _Task(msgspec.Struct, frozen=True):
    """What an executor is told."""

    archive: str
    env_manager: str
    returned: Any
    params: dict[str, Any] | None
    model_config: dict[str, Any] | None
    variables: dict[str, str]


class PrebuiltNotHere(MlflowException):
    """Executors cannot be given an archive of an environment."""

    code = ErrorCode.NOT_IMPLEMENTED


def spark_udf(
    spark: Any,
    model_uri: str,
    result_type: Any = None,
    env_manager: str | None = None,
    params: dict[str, Any] | None = None,
    extra_env: dict[str, str] | None = None,
    prebuilt_env_uri: str | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> Callable[..., Any]:
    """A function for Spark's `select` and `withColumn` that calls a model; executors load it once a process.

        >>> predict = mlflow.pyfunc.spark_udf(spark, "models:/churn@champion", result_type="double")  # doctest: +SKIP
        >>> frame.withColumn("churn", predict("age", "income"))  # doctest: +SKIP

    It takes columns in the order of the model's signature, one struct with fields of their names, or nothing, which
    means the columns that the signature names.

    Args:
        spark: the session.
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI; the model is sent to the executors.
        result_type: a type of Spark's or its name: a number, boolean, text, an array, or a struct with the model's
            outputs by name; that of the signature when omitted, else double.
        env_manager: "local", which is what None means: executors have what the model needs. With "uv", "virtualenv" or
            "conda" each machine builds the environment that the model asks for, once, and each of Spark's Pythons has
            a process of the model there.
        params: of the model.
        extra_env: variables that executors set.
        prebuilt_env_uri: refused; archives of environments are Databricks'.
        model_config: overrides the configuration that the model was saved with.

    Raises:
        InvalidParameterValue: the model's signature has no counterpart in Spark.
        EnvironmentFailed: the environment cannot be built here.
        MlflowException: there is no such model.
    """
    from pyspark.sql.functions import pandas_udf

    _check(env_manager, prebuilt_env_uri)
    folder = model_folder(model_uri)
    manifest = Model.load(folder)
    if "python_function" not in manifest.flavors:
        raise InvalidParameterValue(f"Model '{model_uri}' has no flavor 'python_function'. Save it by one that has.")
    inputs = manifest.get_input_schema()
    returned = _result_type(result_type, manifest.get_output_schema())
    config = _configuration(model_config)
    manager = env_manager or "local"
    if manager != "local" and _is_here(spark):  # built before the job, so that what fails is told to who asks
        activate(str(folder), manager)
    task = _Task(_send(spark, folder), manager, returned, params, config, dict(extra_env or {}))
    function = pandas_udf(_on_executor(task, _returns_struct(returned)), returned)
    needed, known = (inputs.required_input_names(), inputs.input_names()) if inputs is not None else ([], [])

    @functools.wraps(function)
    def call(*columns: Any) -> Any:
        if not columns:
            if not (inputs is not None and inputs.has_input_names()):
                raise InvalidParameterValue(
                    f"Model '{model_uri}' has no signature with names, so that its columns must be given."
                )
            return function(*map(str, known))
        if len(columns) > 1 and known and not len(needed) <= len(columns) <= len(known):
            raise InvalidParameterValue(
                f"The model takes {len(known)} columns ({', '.join(map(str, known))}), but {len(columns)} are given. "
                "Give them in this order, or as one struct with fields of these names."
            )
        return function(*columns)

    return call


def _check(env_manager: str | None, prebuilt_env_uri: str | None) -> None:
    if env_manager not in (None, *ENV_MANAGERS):
        raise InvalidParameterValue(f"env_manager is '{env_manager}'. Choose one of {', '.join(ENV_MANAGERS)}.")
    if prebuilt_env_uri is not None:
        raise PrebuiltNotHere("prebuilt_env_uri is of Databricks. Leave it out, and choose an env_manager.")


def _configuration(given: str | Path | dict[str, Any] | None) -> dict[str, Any] | None:
    from mlflow.models.yaml_files import read_mapping

    return given if given is None or isinstance(given, dict) else dict(read_mapping(Path(given), "model configuration"))


def _is_here(spark: Any) -> bool:
    """Whether executors are on this machine."""
    return spark.conf.get("spark.master", "").startswith("local")  # type: ignore[no-any-return]  # no types here


def _result_type(given: Any, outputs: Schema | None) -> Any:
    """The type that Spark is told."""
    from pyspark.sql import types

    if isinstance(given, str):
        fields = _is_struct_text(given)
        struct = types.StructType.fromDDL(given if fields else f"value {given}")
        return struct if fields else struct.fields[0].dataType
    if given is not None:
        return given
    if outputs is None:
        return types.DoubleType()
    if outputs.is_tensor_spec():
        return _of_tensors(outputs)
    found = outputs.as_spark_schema()
    one = isinstance(found, types.StructType) and len(found.fields) == 1
    return found.fields[0].dataType if one else _nullable(found)


def _is_struct_text(text: str) -> bool:
    """Whether a type's text is that of a struct's fields, `a int, b string`."""
    head = text.strip().split("<")[0].split("(")[0].strip()
    return " " in head or ":" in head


def _nullable(struct: Any) -> Any:
    """Fields that may be null, as predictions may be."""
    from pyspark.sql import types

    if not isinstance(struct, types.StructType):
        return struct
    return types.StructType([types.StructField(field.name, field.dataType, True) for field in struct.fields])


def _of_tensors(outputs: Schema) -> Any:
    from pyspark.sql import types

    found = []
    for name, spec in zip(outputs.input_names(), outputs, strict=True):
        kind = _scalar(spec.type)
        for _ in spec.shape[1:] if isinstance(spec, TensorSpec) else ():
            kind = types.ArrayType(kind)
        found.append(types.StructField(str(name), kind))
    return found[0].dataType if len(found) == 1 else types.StructType(found)


def _scalar(dtype: np.dtype[Any]) -> Any:
    from pyspark.sql import types

    match dtype.kind, dtype.itemsize:
        case "b", _:
            return types.BooleanType()
        case (("i" | "u"), size) if size < 4 or (size == 4 and dtype.kind == "i"):
            return types.IntegerType()
        case (("i" | "u"), _):
            return types.LongType()
        case "f", size if size <= 4:
            return types.FloatType()
        case "f", _:
            return types.DoubleType()
        case "M", _:
            return types.TimestampType()
    return types.StringType()


def _returns_struct(returned: Any) -> bool:
    return bool(returned.typeName() == "struct")


def _send(spark: Any, folder: Path) -> str:
    """Give every executor the model, as one file; returns the file's name there."""
    name = f"mlflow-model-{uuid.uuid4().hex}.zip"
    target = lasting_folder("spark") / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(folder).as_posix())
    if hasattr(spark, "addArtifacts") and type(spark).__module__.startswith("pyspark.sql.connect"):
        spark.addArtifacts(str(target), file=True)
    else:
        spark.sparkContext.addFile(str(target))
    return name


def _on_executor(task: _Task, returns_struct: bool) -> Any:
    """The function that Spark pickles; its hints tell Spark that it takes and gives iterators of pieces."""
    import pandas as pd

    def predict(parts):  # type: ignore[no-untyped-def]  # the hints are set below, as objects
        yield from _predictions(task, parts)

    returned = pd.DataFrame if returns_struct else pd.Series
    predict.__annotations__ = {"parts": Iterator[tuple[pd.Series, ...]], "return": Iterator[returned]}  # type: ignore[valid-type]
    return predict


def _predictions(task: _Task, parts: Iterator[Any]) -> Iterator[Any]:
    """Runs in an executor's Python."""
    os.environ.update(task.variables)
    config = msgspec.json.encode(task.model_config)
    table = _table_here(task, config) if task.env_manager == "local" else _table_there(task, config)
    for part in parts:
        columns = part if isinstance(part, tuple) else (part,)  # Spark gives a single column as it is
        rows = len(columns[0]) if columns else 0
        if rows:
            yield to_column(table(columns), task.returned, rows)


def _table_here(task: _Task, config: bytes) -> Callable[[tuple[Any, ...]], Any]:
    model = _model(task.archive, config)

    def predict(columns: tuple[Any, ...]) -> Any:
        return as_table(model.predict(to_frame(columns, model.input_schema), task.params), "prediction")

    return predict


def _table_there(task: _Task, config: bytes) -> Callable[[tuple[Any, ...]], Any]:
    process = _process(task.archive, task.env_manager, config, tuple(task.variables.items()))
    return lambda columns: process.predict(columns, task.params)


@functools.lru_cache(maxsize=8)
def _model(archive: str, config: bytes) -> PyFuncModel:
    """The model of an archive, loaded once a process."""
    from mlflow.pyfunc.loading import load_model

    return load_model(str(_unpacked(archive)), suppress_warnings=True, model_config=msgspec.json.decode(config))


@functools.lru_cache(maxsize=8)
def _process(archive: str, env_manager: str, config: bytes, variables: tuple[tuple[str, str], ...]) -> ScoringProcess:
    """A process of the model in its own environment, one for each of this one."""
    folder = _unpacked(archive)
    return ScoringProcess(activate(str(folder), env_manager), folder, msgspec.json.decode(config), dict(variables))


def _unpacked(archive: str) -> Path:
    """The folder of a model, unpacked once a machine."""
    from pyspark import SparkFiles

    packed = Path(SparkFiles.get(archive))
    folder = packed.with_suffix("")
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(dir=packed.parent))
        with zipfile.ZipFile(packed) as content:
            content.extractall(draft)
        try:
            draft.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(draft, ignore_errors=True)
            if not folder.exists():
                raise
    return folder
