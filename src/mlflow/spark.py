"""Spark ML's models and pipelines, in its own format.

    >>> mlflow.spark.log_model(pipeline_model, "model", input_example=frame)  # doctest: +SKIP

A model that is loaded as a function takes a frame of pandas or of Spark, and returns the column `prediction` as a list.
On a cluster models pass through `dfs_tmpdir`, a folder that all its machines reach.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models.flavor import Flavor
from mlflow.models.foreign_classes import dotted_name
from mlflow.models.surface import Surface

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_model",
    "log_model",
    "save_model",
]

FLAVOR_NAME = "spark"

_OWN = ("org.apache.spark.ml.", "pyspark.ml.")
_DFS = "/tmp/mlflow"  # noqa: S108 - on the cluster's file system; the published package's default too


def autolog(disable: bool = False, silent: bool = False) -> None:
    """Note on runs which files and tables Spark reads: tag `sparkDatasourceInfo`, a line ``path=…,format=…`` for each.

    What a query reads is noted on the run that is open when the query begins; where none is, on the next one that
    starts. A notebook's or program's session is listened to from Python, so no JAR is needed. What is trained with
    Spark is logged by `mlflow.pyspark.ml.autolog`, datasets and all.

    Args:
        disable: note them no more.
        silent: accepted; there is nothing to keep back.

    Raises:
        MlflowException: no session of Spark is active, or its JVM is out of reach, as under Spark Connect.
    """
    from mlflow.autologging.pyspark.sources import listen, stop_listening

    if disable:
        stop_listening()
        return
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None or not hasattr(session, "_jsparkSession"):
        raise MlflowException(
            "There is no active session of Spark in this process that could be listened to. Make one first: "
            "SparkSession.builder.getOrCreate(). Under Spark Connect record a source by "
            "mlflow.log_input(mlflow.data.from_spark(frame, path='…'))."
        )
    listen(session)


def _session() -> Any:
    """The active session; one of this machine where there is none."""
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    builder = SparkSession.builder.appName("mlflow").master("local[1]").config("spark.ui.enabled", "false")
    return builder.getOrCreate()


@contextmanager
def _reachable(path: Path, dfs_tmpdir: str | None) -> Iterator[tuple[str, Any, Any]]:
    """The URI by which all of Spark's machines reach a folder, with the file system and its class of paths."""
    context = _session().sparkContext
    if context.master.startswith("local"):
        yield path.absolute().as_uri(), None, None
        return
    paths = context._jvm.org.apache.hadoop.fs.Path
    place = paths(f"{(dfs_tmpdir or _DFS).rstrip('/')}/{uuid.uuid4().hex}")
    files = place.getFileSystem(context._jsc.hadoopConfiguration())
    try:
        yield files.makeQualified(place).toString(), files, paths
    finally:
        files.delete(place, True)


def _dump(model: Any, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    from pyspark.ml import PipelineModel
    from pyspark.ml.util import MLWritable

    if not isinstance(model, MLWritable):
        raise InvalidParameterValue(
            f"Model of class '{dotted_name(type(model))}' cannot be written by Spark: it is not MLWritable. "
            "Save a model whose class is."
        )
    stored = model if isinstance(model, PipelineModel) else PipelineModel([model])
    with _reachable(path, options["dfs_tmpdir"]) as (uri, files, paths):
        stored.write().overwrite().save(uri)
        if files is not None:
            files.copyToLocalFile(paths(uri), paths(path.absolute().as_uri()))
    return {"model_class": dotted_name(type(stored))}


def _load(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    from pyspark.ml import PipelineModel

    with _reachable(path, options.get("dfs_tmpdir")) as (uri, files, paths):
        if files is not None:
            files.copyFromLocalFile(paths(path.absolute().as_uri()), paths(uri))
        return PipelineModel.load(uri)


def _risk(path: Path) -> str:
    """Stages whose classes are not Spark's own: Spark imports whatever a stage names, and has it load the stage."""
    return "" if all(map(_is_own, path.glob("**/metadata/part-*"))) else "Spark (with classes that are not its own)"


def _is_own(metadata: Path) -> bool:
    try:
        told = [json.loads(line) for line in metadata.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError):
        return False
    return all(isinstance(one, dict) and str(one.get("class")).startswith(_OWN) for one in told)


def _predict(model: Any, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    import pandas as pd
    from pyspark.ml.linalg import Vector

    if not hasattr(data, "sparkSession"):
        data = _session().createDataFrame(data if isinstance(data, pd.DataFrame) else pd.DataFrame(data))
    rows = model.transform(data).select("prediction").collect()
    return [value.toArray().tolist() if isinstance(value, Vector) else value for (value,) in rows]


FLAVOR = Flavor(
    name=FLAVOR_NAME,
    distribution="pyspark",
    module="pyspark",
    handles=("pyspark.Model", "pyspark.Transformer"),
    loader_module=__name__,
    version_key="pyspark_version",
    file="sparkml",
    file_key="model_data",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: True,  # its files tell
    runs_code=_risk,
    needs=lambda model, path: ["numpy"],
)

_SURFACE = Surface(
    FLAVOR,
    model="spark_model",
    save="path mlflow_model conda_env code_paths dfs_tmpdir signature input_example pip_requirements "
    "extra_pip_requirements metadata **",
    log="artifact_path conda_env code_paths dfs_tmpdir registered_model_name signature input_example "
    "await_registration_for pip_requirements extra_pip_requirements metadata **",
    load="dfs_tmpdir dst_path",
    defaults="is_spark_connect_model=False",
    meanings={
        "dfs_tmpdir": "a folder that all machines of a cluster reach.",
        "is_spark_connect_model": "whether the model belongs to a session of Spark Connect.",
    },
)
save_model = _SURFACE.save_model
load_model = _SURFACE.load_model
log_model = _SURFACE.log_model
get_default_pip_requirements = _SURFACE.get_default_pip_requirements
get_default_conda_env = _SURFACE.get_default_conda_env
_load_pyfunc = _SURFACE.load_pyfunc
