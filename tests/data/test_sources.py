"""Where datasets come from."""

from __future__ import annotations

import json
import re
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

import mlflow.data.dataset_source_registry as registry_module
from mlflow.data import get_source
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import (
    DatasetSourceRegistry,
    get_dataset_source_from_json,
    get_registered_sources,
    resolve_dataset_source,
)
from mlflow.data.evaluation_dataset_source import EvaluationDatasetSource
from mlflow.data.sources import (
    CodeDatasetSource,
    DeltaDatasetSource,
    HTTPDatasetSource,
    HuggingFaceDatasetSource,
    LocalArtifactDatasetSource,
    S3ArtifactDatasetSource,
    SparkDatasetSource,
    UCVolumeDatasetSource,
)
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.exceptions import FeatureDisabled, InvalidParameterValue, MlflowException, ResourceDoesNotExist


@pytest.mark.parametrize(
    ("raw", "source_type"),
    [
        ("s3://b/x", "s3"),
        (" s3://b/x", "s3"),
        ("r2://b/x", "r2"),
        ("b2://b/x", "b2"),
        ("gs://b/k", "gs"),
        ("wasbs://c@a/x", "wasbs"),
        ("abfss://c@a/x", "abfss"),
        ("ftp://h/x", "ftp"),
        ("sftp://h/x", "sftp"),
        ("hdfs://h/x", "hdfs"),
        ("viewfs://h/x", "viewfs"),
        ("http://h/x.csv", "http"),
        ("HTTPS://h/x", "http"),
        ("file:///tmp/x", "local"),
        ("x.csv", "local"),
        ("~/x.csv", "local"),
        ("", "local"),
        (Path("x.csv"), "local"),
    ],
    ids=repr,
)
def test_raw_source_is_understood_by_its_scheme(raw, source_type):
    source = resolve_dataset_source(raw)
    assert source._get_source_type() == source_type
    assert str(raw) in source.to_dict().values()
    assert get_dataset_source_from_json(source.to_json(), source_type).to_dict() == source.to_dict()


@pytest.mark.parametrize(
    "raw",
    [
        "dbfs:/x",
        "runs:/abc/x",
        "models:/m/1",
        "mlflow-artifacts:/x",
        "bogus://x/y",
        "s3a://b/x",
        "C:\\x",
        5,
        "http://[",
    ],
)
def test_source_of_no_known_kind_is_refused(raw):
    with pytest.raises(ResourceDoesNotExist, match=re.escape(f"Dataset source '{raw}'")):
        resolve_dataset_source(raw)


def test_candidates_limit_who_is_asked():
    assert isinstance(resolve_dataset_source("s3://b/x", [S3ArtifactDatasetSource]), S3ArtifactDatasetSource)
    with pytest.raises(ResourceDoesNotExist):
        resolve_dataset_source("s3://b/x", [HTTPDatasetSource])


@pytest.mark.parametrize(
    ("source", "source_type", "document"),
    [
        (CodeDatasetSource({"a": "b"}), "code", {"tags": {"a": "b"}}),
        (SparkDatasetSource(path="p"), "spark", {"path": "p"}),
        (SparkDatasetSource(sql="select 1"), "spark", {"sql": "select 1"}),
        (DeltaDatasetSource(path="p", delta_table_version=3), "delta_table", {"path": "p", "delta_table_version": 3}),
        (
            DeltaDatasetSource(delta_table_name="t"),
            "delta_table",
            {"delta_table_name": "t", "is_databricks_uc_table": True, "delta_table_id": None},
        ),
        (UCVolumeDatasetSource("/Volumes/a/b/c/d"), "uc_volume", {"path": "/Volumes/a/b/c/d"}),
        (
            HuggingFaceDatasetSource("p", split="train"),
            "hugging_face",
            {
                "path": "p",
                "config_name": None,
                "data_dir": None,
                "data_files": None,
                "split": "train",
                "revision": None,
            },
        ),
        (LocalArtifactDatasetSource("x"), "local", {"uri": "x"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_source_writes_and_reads_the_published_json(source, source_type, document):
    assert json.loads(source.to_json()) == document
    again = get_dataset_source_from_json(source.to_json(), source_type)
    assert (type(again), again.to_dict()) == (type(source), document)
    assert type(source).__name__ in repr(source)


def test_split_that_others_wrote_as_text_none_is_none():
    assert HuggingFaceDatasetSource.from_dict({"path": "p", "split": "None"}).split is None


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: SparkDatasetSource(), "exactly one"),
        (lambda: SparkDatasetSource(path="a", sql="b"), "exactly one"),
        (lambda: DeltaDatasetSource(), "exactly one"),
        (lambda: DeltaDatasetSource(path="a", delta_table_name="b"), "exactly one"),
        (lambda: HTTPDatasetSource.from_dict({}), "no 'url'"),
        (lambda: S3ArtifactDatasetSource.from_dict({"x": 1}), "no 'uri'"),
        (lambda: UCVolumeDatasetSource.from_dict({}), "no 'path'"),
    ],
)
def test_incomplete_source_is_refused(build, message):
    with pytest.raises(InvalidParameterValue, match=message):
        build()


@pytest.mark.parametrize(
    "source", [CodeDatasetSource({}), UCVolumeDatasetSource("/Volumes/a"), EvaluationDatasetSource("d-1")], ids=repr
)
def test_source_that_cannot_be_loaded_says_so(source):
    with pytest.raises(MlflowException):
        source.load()


@pytest.mark.parametrize(
    "kind",
    [CodeDatasetSource, SparkDatasetSource, DeltaDatasetSource, HuggingFaceDatasetSource, UCVolumeDatasetSource],
)
def test_source_without_uri_resolves_nothing(kind):
    assert not kind._can_resolve("s3://b/x")
    with pytest.raises(MlflowException, match="Pass a"):
        kind._resolve("s3://b/x")


def test_evaluation_dataset_is_read_but_not_loaded():
    source = EvaluationDatasetSource.from_json('{"dataset_id": "d-1"}')
    assert source.to_dict() == {"dataset_id": "d-1"}
    with pytest.raises(FeatureDisabled):
        EvaluationDatasetSource._resolve("d-1")


def test_recorded_type_that_nobody_knows_is_refused():
    with pytest.raises(ResourceDoesNotExist, match="type 'bogus' is unknown"):
        get_dataset_source_from_json("{}", "bogus")


def test_source_of_a_record_is_read_from_it():
    record = Dataset("n", "d", "http", '{"url": "http://x/y"}')
    assert get_source(record).url == "http://x/y"
    assert get_source(DatasetInput(record)).url == "http://x/y"
    with pytest.raises(InvalidParameterValue, match="'x' is no dataset"):
        get_source("x")


def test_local_source_loads_in_place_or_into_a_folder(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("a")
    assert LocalArtifactDatasetSource(str(file)).load() == str(file)
    copy = Path(LocalArtifactDatasetSource(str(file)).load(str(tmp_path / "to")))
    assert (copy.parent.name, copy.name, copy.read_text()) == ("to", "f.csv", "a")
    with pytest.raises(ResourceDoesNotExist):
        LocalArtifactDatasetSource(str(tmp_path / "nope")).load()


class ShoutingSource(DatasetSource):
    @staticmethod
    def _get_source_type():
        return "shout"

    @staticmethod
    def _can_resolve(raw_source):
        return raw_source == "s3://SHOUT"

    @classmethod
    def _resolve(cls, raw_source):
        return cls()

    def load(self):
        return "SHOUT"

    def to_dict(self):
        return {}

    @classmethod
    def from_dict(cls, source_dict):
        return cls()


def test_plugin_source_is_asked_first(monkeypatch):
    points = EntryPoints([EntryPoint("shout", f"{__name__}:ShoutingSource", registry_module.ENTRY_POINT_GROUP)])
    monkeypatch.setattr(EntryPoint, "load", lambda self: ShoutingSource)
    monkeypatch.setattr(registry_module, "entry_points", lambda group: points.select(group=group))
    registry = DatasetSourceRegistry()
    registry.register(S3ArtifactDatasetSource)
    registry.register_entrypoints()
    assert registry.resolve("s3://SHOUT").load() == "SHOUT"
    assert isinstance(registry.resolve("s3://other"), S3ArtifactDatasetSource)
    assert isinstance(registry.get_source_from_json("{}", "shout"), ShoutingSource)


def test_plugin_source_that_cannot_be_loaded_is_told_and_left_out(monkeypatch):
    points = EntryPoints([EntryPoint("broken", "no_such_module:X", registry_module.ENTRY_POINT_GROUP)])
    monkeypatch.setattr(registry_module, "entry_points", lambda group: points.select(group=group))
    registry = DatasetSourceRegistry()
    with pytest.warns(UserWarning, match="'broken' cannot be loaded"):
        registry.register_entrypoints()
    assert registry.sources == []


def test_every_published_type_is_registered():
    types = {source._get_source_type() for source in get_registered_sources()}
    assert types >= {
        "local", "s3", "r2", "b2", "gs", "wasbs", "ftp", "sftp", "hdfs", "viewfs", "abfss", "http", "hugging_face",
        "spark", "delta_table", "code", "uc_volume",
    }  # fmt: skip
