"""Datasets of libraries that are optional: polars, Hugging Face, TensorFlow, Spark."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

import mlflow.data
from mlflow.data.sources import HTTPDatasetSource, HuggingFaceDatasetSource, SparkDatasetSource
from mlflow.exceptions import InvalidParameterValue

URL = HTTPDatasetSource("http://h/x")


@pytest.fixture
def pl():
    return pytest.importorskip("polars", reason="polars is not installed")


@pytest.fixture
def datasets():
    return pytest.importorskip("datasets", reason="datasets is not installed")


@pytest.fixture
def tf():
    return pytest.importorskip("tensorflow", reason="tensorflow is not installed")


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


def test_polars_frame_is_recorded(pl):
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    dataset = mlflow.data.from_polars(frame, source=URL, targets="b", predictions="a")
    told = dataset.to_dict()
    assert told["digest"] == str(frame.hash_rows().sum())
    assert json.loads(told["profile"]) == {"num_rows": 2, "num_elements": 4}
    assert repr(dataset.schema) == "['a': long (required), 'b': string (required)]"
    assert (dataset.df, dataset.targets, dataset.predictions) == (frame, "b", "a")


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("Int8", "integer"),
        ("UInt16", "integer"),
        ("UInt32", "long"),
        ("Int64", "long"),
        ("Float32", "float"),
        ("Boolean", "boolean"),
        ("Binary", "binary"),
        ("Date", "datetime"),
        ("Datetime('ms', 'UTC')", "datetime"),
        ("Categorical", "string"),
        ("Enum(['x'])", "string"),
        ("List(pl.Int8)", "Array(integer)"),
        ("Array(pl.Float32, (2, 2))", "Array(Array(float))"),
        ("Struct({'x': pl.Int64, 'y': pl.List(pl.String)})", "{x: long (required), y: Array(string) (required)}"),
    ],
)
def test_polars_type_has_the_published_counterpart(pl, dtype, expected):
    from mlflow.data.polars_dataset import infer_colspec

    column = pl.Series("c", [], dtype=eval(f"pl.{dtype}", {"pl": pl}))
    assert repr(infer_colspec(column, allow_unknown=False)) == f"'c': {expected} (optional)"


def test_polars_type_without_counterpart_is_any_or_no_schema(pl):
    from mlflow.data.polars_dataset import infer_colspec

    frame = pl.DataFrame({"a": [dt.timedelta(1)]})
    assert repr(infer_colspec(frame["a"])) == "'a': Any (required)"
    assert mlflow.data.from_polars(frame, source=URL).schema is None


def test_polars_frame_splits_into_pandas(pl):
    pytest.importorskip("pyarrow", reason="polars needs pyarrow to make pandas frames")
    frame = pl.DataFrame({"a": [1, 2], "b": [3, 4]})
    split = mlflow.data.from_polars(frame, source=URL, targets="b").to_pyfunc()
    assert [list(each) for each in split.outputs] == [[3, 4]]
    assert list(split.inputs[0].columns) == ["a"]
    assert mlflow.data.from_polars(frame, source=URL).to_pyfunc().outputs is None
    assert mlflow.data.from_polars(frame, source=URL, targets="b").to_evaluation_dataset().feature_names == ["a"]


def test_hugging_face_dataset_is_recorded_as_published(datasets):
    ds = datasets.Dataset.from_dict({"a": [1, 2], "b": ["x", "y"], "c": [[1], [2]]})
    dataset = mlflow.data.from_huggingface(ds, path="p", targets="b", data_dir="d", revision="r", name="n")
    told = dataset.to_dict()
    assert told["digest"] == "35081e92"
    assert told["source_type"] == "hugging_face"
    assert json.loads(told["source"])["path"] == "p"
    assert json.loads(told["profile"]) == {"num_rows": 2, "dataset_size": None, "size_in_bytes": None}
    assert repr(dataset.schema) == "['a': long (required), 'b': string (required), 'c': Array(long) (required)]"
    assert list(dataset.to_pyfunc().outputs) == ["x", "y"]
    assert dataset.to_evaluation_dataset().feature_names == ["a", "c"]


def test_digest_of_a_long_hugging_face_dataset_is_that_of_its_head(datasets):
    ds = datasets.Dataset.from_dict({"a": list(range(20_000))})
    assert mlflow.data.from_huggingface(ds, source="x").digest == "376c6b97"


def test_hugging_face_source_loads_what_it_names(datasets, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("a\n1\n2\n")
    datasets.config.HF_DATASETS_CACHE = tmp_path / "cache"
    source = HuggingFaceDatasetSource("csv", data_files=str(file), split="train")
    assert source.load(cache_dir=str(tmp_path / "cache")).to_dict() == {"a": [1, 2]}


def test_hugging_face_dataset_of_splits_is_refused(datasets):
    ds = datasets.Dataset.from_dict({"a": [1]})
    with pytest.raises(InvalidParameterValue, match="one split"):
        mlflow.data.from_huggingface(datasets.DatasetDict({"train": ds}))
    with pytest.raises(InvalidParameterValue, match="Column 'zz' of targets"):
        mlflow.data.from_huggingface(ds, source="x", targets="zz")


def test_tensors_are_recorded_as_published(tf):
    dataset = mlflow.data.from_tensorflow(tf.constant([[1.5, 2], [3, 4]]), source=URL, targets=tf.constant([0, 1]))
    assert dataset.digest == "ce059c1a"
    assert dataset.profile == {"features_cardinality": 4, "targets_cardinality": 2}
    assert repr(dataset.schema.features) == "[Tensor('float32', (-1, 2))]"
    assert list(dataset.to_evaluation_dataset().labels_data) == [0, 1]


def test_streams_are_recorded_as_published(tf):
    stream = tf.data.Dataset.from_tensor_slices(np.arange(6))
    plain, batched = (mlflow.data.from_tensorflow(each, source=URL) for each in (stream, stream.batch(2)))
    assert (plain.digest, batched.digest) == ("0a9ea752", "0a9ea752")
    assert plain.schema is None
    assert repr(batched.schema.features) == "[Tensor('int64', (-1,))]"
    with pytest.raises(InvalidParameterValue, match="from_numpy"):
        batched.to_evaluation_dataset()


def test_streams_of_several_tensors_are_recorded_as_published(tf):
    numbers, floats = np.arange(4), np.ones((4, 2), dtype="f4")
    for parts, names in (({"a": numbers, "b": floats}, ["a", "b"]), ((numbers, floats), ["0", "1"])):
        stream = tf.data.Dataset.from_tensor_slices(parts)
        batched = mlflow.data.from_tensorflow(stream.batch(2), source=URL)
        assert batched.digest == "9c7f8bcf"
        assert batched.schema.features.input_names() == names
        assert mlflow.data.from_tensorflow(stream, source=URL).digest == "92534830"


def test_ragged_tensor_is_recorded_as_published(tf):
    dataset = mlflow.data.from_tensorflow(tf.ragged.constant([[1], [2, 3]]), source=URL)
    assert (dataset.digest, dataset.profile) == ("9d310509", {"features_cardinality": 3})
    assert repr(dataset.schema.features) == "[Tensor('object', (-1,))]"


def test_endless_stream_has_a_digest(tf):
    stream = tf.data.Dataset.from_tensor_slices(np.arange(6)).repeat()
    assert len(mlflow.data.from_tensorflow(stream, source=URL).digest) == 8


def test_other_data_is_no_tensorflow_dataset(tf):
    with pytest.raises(InvalidParameterValue, match="The features are a 'list'"):
        mlflow.data.from_tensorflow([1], source=URL)
    with pytest.raises(InvalidParameterValue, match="Pass two tensors"):
        mlflow.data.from_tensorflow(tf.constant([1]), source=URL, targets=tf.data.Dataset.range(1))


def test_spark_frame_is_recorded(spark, tmp_path):
    frame = spark.createDataFrame([(1, "x"), (2, "y")], ["a", "b"])
    frame.write.parquet(str(tmp_path / "p"))
    dataset = mlflow.data.from_spark(frame, path=str(tmp_path / "p"), targets="b")
    assert len(dataset.digest) == 8
    assert dataset.profile == {"approx_count": 2}
    assert repr(dataset.schema) == "['a': long (required), 'b': string (required)]"
    assert isinstance(dataset.source, SparkDatasetSource)
    assert dataset.source.load().count() == 2
    assert dataset.to_evaluation_dataset().feature_names == ["a"]


def test_spark_frame_has_one_origin(spark):
    frame = spark.range(1)
    with pytest.raises(InvalidParameterValue, match="at most one"):
        mlflow.data.from_spark(frame, path="p", table_name="t")
    with pytest.raises(InvalidParameterValue, match="'p' is no Delta table"):
        mlflow.data.from_spark(frame, path="p", version="1")
    with pytest.raises(InvalidParameterValue, match="exactly one"):
        mlflow.data.load_delta()
