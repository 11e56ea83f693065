from __future__ import annotations

import os
import tracemalloc

import pytest
import urllib3

from mlflow.artifacts.digests import Digest, hash_blocks
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.wire import CompleteUpload, CreateUpload
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist, TemporarilyUnavailable
from tests.fixtures.s3 import Bucket

pytestmark = pytest.mark.s3
MIB = 2**20
PATH = ArtifactPath(("a.bin",))


@pytest.fixture
def store(s3_bucket: Bucket) -> ArtifactStore:
    return open_store(f"{s3_bucket.uri}/base")


def test_objects_lie_below_the_prefix(store: ArtifactStore, s3_bucket: Bucket) -> None:
    store.write(PATH, [b"hello"])
    assert urllib3.request("GET", f"{s3_bucket.endpoint}/{s3_bucket.name}/base/a.bin").data == b"hello"


def test_announced_digest_is_kept_with_the_object(store: ArtifactStore) -> None:
    digest = hash_blocks([b"hello"])
    store.write(PATH, [b"hello"], digest)
    assert store.stat(PATH).digest == digest
    assert store.open(PATH).stat.digest == digest


def test_presigned_urls_let_their_bearer_in(store: ArtifactStore) -> None:
    put = urllib3.request("PUT", store.presign(PATH, "PUT", 60), body=b"by url")
    assert put.status == 200
    assert urllib3.request("GET", store.presign(PATH, "GET", 60)).data == b"by url"


@pytest.mark.parametrize(("method", "expires"), [("DELETE", 60), ("GET", 0), ("GET", 604_801)])
def test_presigned_url_beyond_the_limits_is_refused(store: ArtifactStore, method: str, expires: int) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid presigned URL"):
        store.presign(PATH, method, expires)


def test_extra_arguments_become_metadata(s3_bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_S3_UPLOAD_EXTRA_ARGS", '{"ContentType": "text/x", "Metadata": {"team": "a"}}')
    open_store(s3_bucket.uri).write(PATH, [b"1"])
    headers = urllib3.request("HEAD", f"{s3_bucket.endpoint}/{s3_bucket.name}/a.bin").headers
    assert (headers["Content-Type"], headers["x-amz-meta-team"]) == ("text/x", "a")


@pytest.mark.parametrize("text", ["{", "[1]", '{"NoSuchArgument": 1}'], ids=["not JSON", "no object", "unknown"])
def test_extra_arguments_that_cannot_be_used_are_named(
    s3_bucket: Bucket, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("MLFLOW_S3_UPLOAD_EXTRA_ARGS", text)
    with pytest.raises(InvalidParameterValue, match="MLFLOW_S3_UPLOAD_EXTRA_ARGS"):
        open_store(s3_bucket.uri)


def test_absent_bucket_is_reported(s3_bucket: Bucket) -> None:
    with pytest.raises((ResourceDoesNotExist, PermissionDenied, TemporarilyUnavailable)):
        open_store("s3://no-such-bucket-at-all/x").write(PATH, [b"1"])


def test_uri_without_a_bucket_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="names no bucket"):
        open_store("s3:/x")


def test_large_object_streams_in_flat_memory(store: ArtifactStore) -> None:
    block = os.urandom(MIB)
    tracemalloc.start()
    store.write(PATH, (block for _ in range(80)))
    size = sum(map(len, store.open(PATH)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 80 * MIB
    assert peak < 16 * MIB


def test_given_up_upload_leaves_no_object(store: ArtifactStore) -> None:
    writer = store.writer(PATH)
    writer.write(bytes(40 * MIB))
    writer.abort()
    with pytest.raises(ResourceDoesNotExist):
        store.stat(PATH)


def test_proxy_serves_a_bucket_with_multipart_uploads(
    s3_bucket: Bucket, tmp_path_factory: pytest.TempPathFactory
) -> None:
    proxy = ArtifactProxy.at(f"{s3_bucket.uri}/root", tmp_path_factory.mktemp("staging"))
    content = os.urandom(70_000)
    state = proxy.create_upload(CreateUpload("run/a.bin", len(content), 2**16))
    for number, part in enumerate((content[: 2**16], content[2**16 :]), 1):
        writer = proxy.part_writer(state.upload_id, number, {"x-content-sha256": hash_blocks([part]).sha256})
        writer.write(part)
        writer.commit()
    digest = Digest.of_parts((part.sha256 for part in proxy.upload(state.upload_id).parts), 2**16)
    proxy.complete_upload(state.upload_id, CompleteUpload(str(digest)))
    reply = proxy.read("run/a.bin", {"range": "bytes=100-199"})
    assert reply.body is not None
    assert (reply.status, reply.body.read()) == (206, content[100:200])
    assert reply.headers["X-Parts-Digest"] == str(digest)
    proxy.delete("run")
    assert proxy.list("") == []
