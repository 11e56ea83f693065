"""Datasets of pandas and numpy, and those that are only described."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import mlflow.data
from mlflow.data import dataset_registry
from mlflow.data.conversion import convert_data_to_mlflow_dataset
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_registry import DatasetRegistry, get_registered_constructors, register_constructor
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.pandas_dataset import PandasDataset
from mlflow.data.schema import TensorDatasetSchema
from mlflow.data.sources import CodeDatasetSource, HTTPDatasetSource, S3ArtifactDatasetSource
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.types import ColSpec, Schema, TensorSpec

URL = HTTPDatasetSource("http://h/x")
TENSOR = Schema([TensorSpec(np.dtype("f4"), (-1,))])


@pytest.fixture
def frame():
    return pd.DataFrame({"a": [1, 2], "b": [1.5, 2.5], "t": ["x", "y"], "p": ["x", "x"]})


def test_frame_is_recorded_as_published(frame):
    dataset = mlflow.data.from_pandas(frame, source="s3://b/x.csv", targets="t", predictions="p", name="wine")
    assert dataset.to_dict() == {
        "name": "wine",
        "digest": "fe93dcf4",
        "source": '{"uri": "s3://b/x.csv"}',
        "source_type": "s3",
        "schema": '{"mlflow_colspec": [{"type": "long", "name": "a", "required": true}, '
        '{"type": "double", "name": "b", "required": true}, {"type": "string", "name": "t", "required": true}, '
        '{"type": "string", "name": "p", "required": true}]}',
        "profile": '{"num_rows": 2, "num_elements": 8}',
    }
    assert json.loads(dataset.to_json()) == dataset.to_dict()
    assert (dataset.targets, dataset.predictions) == ("t", "p")
    assert dataset.df is frame
    assert isinstance(mlflow.data.get_source(dataset), S3ArtifactDatasetSource)


def test_record_for_a_run_has_the_same_texts(frame):
    dataset = mlflow.data.from_pandas(frame, source="x.csv")
    record = dataset._to_mlflow_entity()
    assert {name: getattr(record, name) for name in dataset.to_dict()} == dataset.to_dict()


def test_dataset_without_source_names_this_program(frame):
    source = mlflow.data.from_pandas(frame).source
    assert isinstance(source, CodeDatasetSource)
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type"} <= source.to_dict()["tags"].keys()


def test_given_digest_and_default_name_stand(frame):
    dataset = mlflow.data.from_pandas(frame, source=URL, digest="abc")
    assert (dataset.name, dataset.digest) == ("dataset", "abc")
    assert "digest='abc'" in repr(dataset)


@pytest.mark.parametrize("role", ["targets", "predictions"])
def test_role_that_is_no_column_is_refused(frame, role):
    with pytest.raises(InvalidParameterValue, match=f"Column 'zz' of {role} is not in the data"):
        mlflow.data.from_pandas(frame, source=URL, **{role: "zz"})


def test_what_is_no_frame_is_refused():
    with pytest.raises(InvalidParameterValue, match="Data is a 'list'"):
        mlflow.data.from_pandas([1], source=URL)


def test_unknown_source_is_refused(frame):
    with pytest.raises(ResourceDoesNotExist, match="'bogus://x'"):
        mlflow.data.from_pandas(frame, source="bogus://x")


def test_frame_that_schemas_cannot_express_has_none(caplog):
    dataset = mlflow.data.from_pandas(pd.DataFrame({"a": [1 + 2j]}), source=URL)
    assert dataset.schema is None
    assert dataset.to_dict()["schema"] is None
    assert "recorded without a schema" in caplog.text


def test_frame_splits_into_inputs_and_outputs(frame):
    split = mlflow.data.from_pandas(frame, source=URL, targets="t").to_pyfunc()
    assert list(split.inputs.columns) == ["a", "b", "p"]
    assert list(split.outputs) == ["x", "y"]
    assert mlflow.data.from_pandas(frame, source=URL).to_pyfunc().outputs is None


def test_frame_is_given_to_evaluators(frame):
    dataset = mlflow.data.from_pandas(frame, source=URL, targets="t", predictions="p", name="wine")
    rows = dataset.to_evaluation_dataset(path="s3://b/x", feature_names=["a"])
    assert (rows.name, rows.digest, rows.path, rows.feature_names) == ("wine", dataset.digest, "s3://b/x", ["a"])
    assert (rows.targets_name, rows.predictions_name) == ("t", "p")
    assert (list(rows.labels_data), list(rows.predictions_data)) == (["x", "y"], ["x", "x"])
    assert dataset.to_evaluation_dataset().feature_names == ["a", "b"]


def test_arrays_are_given_to_evaluators():
    dataset = mlflow.data.from_numpy(np.eye(2), source=URL, targets=np.array([3, 4]))
    rows = dataset.to_evaluation_dataset(feature_names=["q", "w"])
    assert (rows.feature_names, list(rows.labels_data)) == (["q", "w"], [3, 4])
    with pytest.raises(InvalidParameterValue, match="Data is a 'dict'"):
        mlflow.data.from_numpy({"a": np.eye(2)}, source=URL).to_evaluation_dataset()


def test_arrays_are_recorded_as_published():
    told = mlflow.data.from_numpy(np.array([[1.0, 2]]), source=URL, targets=np.array([1])).to_dict()
    assert told["digest"] == "58a08207"
    assert json.loads(told["profile"]) == {
        "features_shape": [1, 2],
        "features_size": 2,
        "features_nbytes": 16,
        "targets_shape": [1],
        "targets_size": 1,
        "targets_nbytes": 8,
    }
    assert json.loads(told["schema"]) == {
        "mlflow_tensorspec": {
            "features": '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}]',
            "targets": '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]',
        }
    }


def test_named_arrays_are_profiled_by_name():
    features = {"a": np.array([1, 2]), "b": np.array([[1.0], [2.0]])}
    dataset = mlflow.data.from_numpy(features, source=URL, targets={"y": np.array([1])})
    assert dataset.digest == "ba1206ff"
    assert dataset.profile["features_shape"] == {"a": (2,), "b": (2, 1)}
    assert dataset.schema.features.input_names() == ["a", "b"]
    assert dataset.to_pyfunc().inputs is features


def test_scalar_array_has_no_schema():
    assert mlflow.data.from_numpy(np.array(5), source=URL).schema is None


@pytest.mark.parametrize("features", [[1, 2], {"a": [1]}, {}, None], ids=str)
def test_what_is_no_array_is_refused(features):
    with pytest.raises(InvalidParameterValue, match="The features are a"):
        mlflow.data.from_numpy(features, source=URL)


@pytest.mark.parametrize(
    ("name", "schema", "digest"),
    [
        (None, None, "5fbddedd"),
        ("n", None, "f7d91fe1"),
        ("n", Schema([ColSpec("long", "a")]), "7c7ed23a"),
    ],
)
def test_described_dataset_has_the_published_digest(name, schema, digest):
    dataset = MetaDataset(URL, name=name, schema=schema)
    assert dataset.digest == digest
    assert dataset.schema == schema
    assert ("schema" in dataset.to_dict()) is (schema is not None)
    assert dataset.profile is None


def test_described_dataset_takes_schemas_only():
    with pytest.raises(InvalidParameterValue, match="Pass a mlflow"):
        MetaDataset(URL, schema="a long")


def test_tensor_schema_survives_its_dictionary():
    schema = TensorDatasetSchema(TENSOR, TENSOR)
    assert TensorDatasetSchema.from_dict(schema.to_dict()) == schema
    assert TensorDatasetSchema.from_dict(TensorDatasetSchema(TENSOR).to_dict()) == TensorDatasetSchema(TENSOR)
    assert "targets:\n  None" in repr(TensorDatasetSchema(TENSOR))


@pytest.mark.parametrize(
    "build",
    [lambda: TensorDatasetSchema(3), lambda: TensorDatasetSchema.from_dict({}), lambda: TensorDatasetSchema(TENSOR, 3)],
)
def test_broken_tensor_schema_is_refused(build):
    with pytest.raises(InvalidParameterValue):
        build()


@pytest.mark.parametrize(
    ("data", "targets", "digest"),
    [
        (pd.DataFrame({"a": [1], "b": [2]}), "b", "a27825d9"),
        ([[1, 2]], None, "ee99ca25"),
        (np.array([[1, 2]]), np.array([1]), "ea7646c7"),
        ([{"a": 1}], None, "0a50afe1"),
    ],
    ids=["frame", "list", "array", "dictionaries"],
)
def test_data_of_an_evaluation_becomes_a_dataset(data, targets, digest):
    assert convert_data_to_mlflow_dataset(data, targets).digest == digest


def test_other_data_of_an_evaluation_stays_as_it_is():
    assert convert_data_to_mlflow_dataset("x") == "x"


class Thing(Dataset):
    """A dataset of a plugin."""

    def _compute_digest(self):
        return "thing"


def from_thing(data, name=None, digest=None) -> Thing:
    return Thing(URL, name, digest)


def thing(data, name=None, digest=None) -> Thing:
    return Thing(URL, name, digest)


def from_nameless(data) -> Thing:
    return Thing(URL)


def from_unannotated(data, name=None, digest=None):
    return Thing(URL)


def from_number(data, name=None, digest=None) -> int:
    return 1


def from_mystery(data, name=None, digest=None) -> NoSuchModule:  # noqa: F821 - what the test is about
    return 1


def test_registered_constructor_becomes_a_function_of_the_module(monkeypatch):
    monkeypatch.setattr(dataset_registry, "_registry", lambda registry=DatasetRegistry(): registry)  # noqa: B008
    assert register_constructor(from_thing) == "from_thing"
    assert mlflow.data.from_thing(1, name="n").to_dict() == {
        "name": "n",
        "digest": "thing",
        "source": '{"url": "http://h/x"}',
        "source_type": "http",
    }
    assert register_constructor(thing, "load_thing") == "load_thing"
    assert {"from_thing", "load_thing"} <= set(dir(mlflow.data))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (thing, "must start with"),
        (from_nameless, r"lacks the parameters \['name', 'digest'\]"),
        (from_unannotated, "subclass of Dataset"),
        (from_number, "subclass of Dataset"),
        (from_mystery, "returns 'NoSuchModule'"),
    ],
)
def test_constructor_that_breaks_a_rule_is_refused(function, message):
    with pytest.raises(InvalidParameterValue, match=message):
        DatasetRegistry().register_constructor(function)


def test_published_constructors_are_registered():
    assert get_registered_constructors().keys() >= {
        "from_huggingface", "from_numpy", "from_pandas", "from_polars", "from_spark", "from_tensorflow", "load_delta",
    }  # fmt: skip
    assert isinstance(get_registered_constructors()["from_pandas"](pd.DataFrame({"a": [1]}), URL), PandasDataset)


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="from_nowhere"):
        mlflow.data.from_nowhere  # noqa: B018 - the access is the test
