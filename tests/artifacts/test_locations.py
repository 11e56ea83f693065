from __future__ import annotations

import pytest

from mlflow.artifacts.locations import check_location
from mlflow.exceptions import InvalidParameterValue

GOOD = [
    "s3://bucket/a",
    "gs://bucket/a",
    "wasbs://c@account.blob.core.windows.net/a",
    "dbfs:/a",
    "file:///srv/a",
    "/srv/a",
    "mlflow-artifacts:/a",
]

BAD = {
    "runs URI": "runs:/abc/model",
    "models URI": "models:/a/1",
    "CVE-2023-6909 query": "http:///?/../../../etc",
    "CVE-2024-1594 fragment": "http:///#/../../../etc",
    "CVE-2024-1483 fragment in S3": "s3://bucket/a#b",
    "CVE-2024-1593 parameters": "/srv/a;b",
    "CVE-2024-8859 dbfs query": "dbfs:/a?x=/../../etc",
    "CVE-2024-2928 encoded fragment": "dbfs:/a%23/../../etc",
    "CVE-2024-3848 twice encoded fragment": "s3://b/a%2523x",
    "CVE-2023-2356 parent": "/srv/../etc",
    "CVE-2023-2780 backslash parent": "file:///srv\\..\\etc",
    "encoded parent": "s3://b/%2e%2e/x",
    "foreign host": "http://169.254.169.254/latest",
    "foreign host over https": "https://h/a",
    "foreign SFTP host": "sftp://h/a",
    "foreign HDFS host": "hdfs://h/a",
    "foreign proxy": "mlflow-artifacts://h/a",
    "file URI of a host": "file://h/a",
    "too long": "s3://bucket/" + "a" * 2048,
}


@pytest.mark.parametrize("text", GOOD)
def test_location_of_a_known_kind_is_stored_as_given(text: str) -> None:
    assert check_location(text) == text


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_location_that_reaches_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid"):
        check_location(text)


def test_relative_folder_is_made_absolute(tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert check_location("runs") == f"{tmp_path}/runs"


def test_location_of_the_own_store_is_good_whatever_its_scheme() -> None:
    assert check_location("hdfs://namenode/mlflow/7", own=["hdfs://namenode/mlflow"]) == "hdfs://namenode/mlflow/7"
    with pytest.raises(InvalidParameterValue):
        check_location("hdfs://namenode/other", own=["hdfs://namenode/mlflow"])


def test_folder_of_the_server_is_refused_to_remote_clients_outside_its_own_root() -> None:
    with pytest.raises(InvalidParameterValue, match="folder of the server's machine"):
        check_location("/etc", allow_local=False, own=["/srv/mlflow"])
    assert check_location("/srv/mlflow/7", allow_local=False, own=["/srv/mlflow"]) == "/srv/mlflow/7"


def test_allowed_scheme_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES", "sftp, https")
    assert check_location("sftp://h/a") == "sftp://h/a"


def test_longest_location_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH", "10")
    with pytest.raises(InvalidParameterValue, match="the limit is 10"):
        check_location("s3://bucket/a")
