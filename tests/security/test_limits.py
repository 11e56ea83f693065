"""Requests made to exhaust: sizes, counts, depths, compressed floods. CVE-2024-6838, CVE-2025-0453 and their kin."""

import struct
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import zstandard

from tests.server.served import Served

FRAMES = {"Content-Type": "application/vnd.mlflow.journal"}


def refused(answer: Any) -> bool:
    return answer.status in {400, 413} and answer.code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("experiments/create", {"name": "x" * 501}, id="experiment name CVE-2024-6838"),
        pytest.param("experiments/create", {"name": "y", "artifact_location": "s3://" + "x" * 3000}, id="location"),
        pytest.param("experiments/search", {"max_results": 50_001}, id="page of experiments"),
        pytest.param("runs/search", {"experiment_ids": ["0"], "max_results": 50_001}, id="page of runs"),
        pytest.param("runs/search", {"experiment_ids": ["0"], "max_results": 2**63}, id="page beyond int64"),
        pytest.param("runs/search", {"experiment_ids": ["0"], "page_token": "A" * (1 << 20)}, id="page token"),
        pytest.param("/api/ext/v1/metrics/sample", {"run_ids": ["x"], "keys": ["k"], "buckets": 10**9}, id="buckets"),
    ],
)
def test_what_is_too_much_is_refused(server: Served, path: str, content: Any):
    assert refused(server.post(path, content))


@pytest.mark.parametrize(
    "members",
    [
        pytest.param(
            {"metrics": [{"key": "k", "value": 1, "timestamp": i, "step": 0} for i in range(1001)]}, id="metrics"
        ),
        pytest.param({"params": [{"key": f"k{i}", "value": "v"} for i in range(101)]}, id="params"),
        pytest.param({"tags": [{"key": f"k{i}", "value": "v"} for i in range(101)]}, id="tags"),
        pytest.param({"metrics": [{"key": "k" * 251, "value": 1, "timestamp": 1}]}, id="metric key"),
        pytest.param({"params": [{"key": "k" * 251, "value": "v"}]}, id="param key"),
    ],
)
def test_a_batch_too_large_is_refused_whole(server: Served, members: dict[str, Any]):
    run_id = server.new_run()
    assert refused(server.post("runs/log-batch", {"run_id": run_id, **members}))
    data = server.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").json["run"]["data"]
    assert "metrics" not in data
    assert "params" not in data


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 10_000 + "metrics.a > 1" + ")" * 10_000, id="parentheses"),
        pytest.param("NOT " * 10_000 + "metrics.a > 1", id="NOT"),
        pytest.param(" AND ".join(["metrics.a > 1"] * 20_000), id="clauses"),
        pytest.param("metrics.a > 1 OR " * 5_000 + "metrics.a > 1", id="alternatives"),
        pytest.param("attributes.run_id IN (" + ",".join(["'x'"] * 100_000) + ")", id="a long list"),
        pytest.param("params.`" + "x" * 1_000_000 + "` = 'y'", id="a long key"),
        pytest.param("tags.a LIKE '" + "%a" * 5_000 + "'", id="a slow pattern"),
    ],
)
def test_a_filter_too_deep_or_too_long_costs_little(server: Served, text: str):
    began = time.monotonic()
    answer = server.post("runs/search", {"experiment_ids": ["0"], "filter": text})
    assert answer.status in {200, 400}, answer.body[:300]
    assert time.monotonic() - began < 10


def test_a_journal_compressed_into_a_bomb_is_refused(server: Served):
    before = psutil.Process().memory_info().rss
    bomb = zstandard.ZstdCompressor(level=1).compress(bytes(1 << 30))
    assert len(bomb) < 1 << 20
    answer = server.send(
        "POST", f"/api/ext/v1/journals/{'0' * 32}/frames", bomb, {**FRAMES, "Content-Encoding": "zstd"}
    )
    assert refused(answer)
    assert psutil.Process().memory_info().rss - before < 256 << 20


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        pytest.param(b"not zstd", "zstd", id="no zstd"),
        pytest.param(zstandard.ZstdCompressor().compress(b"x" * 5000)[:-9], "zstd", id="cut"),
        pytest.param(zstandard.ZstdCompressor(write_content_size=False).compress(b"x" * 50), "zstd", id="no size"),
        pytest.param(zstandard.ZstdCompressor().compress(b"x" * 50) * 2, "zstd", id="two frames"),
        pytest.param(b"x" * 50, "gzip", id="another coding"),
        pytest.param(b"short", "", id="no prefix"),
        pytest.param(struct.pack("<QI", 0, 2**32 - 1), "", id="definitions beyond the end"),
        pytest.param(struct.pack("<QI", 2**64 - 1, 0) + b"garbage", "", id="garbage"),
    ],
)
def test_damaged_journals_are_refused(server: Served, body: bytes, coding: str):
    headers = {**FRAMES, **({"Content-Encoding": coding} if coding else {})}
    answer = server.send("POST", f"/api/ext/v1/journals/{'0' * 32}/frames", body, headers)
    assert answer.code in {"INVALID_PARAMETER_VALUE", "DATA_LOSS"}, answer.body


@pytest.mark.parametrize("size", [-1, 2**63, 2**80])
def test_an_upload_of_an_impossible_size_is_refused(server: Served, size: int):
    assert refused(server.post("/api/ext/v1/artifacts/uploads", {"path": "0/x", "size": size}))


def test_an_upload_through_a_page_is_small(server: Served):
    run_id = server.new_run()
    path = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=x"
    assert refused(server.send("POST", path, bytes((10 << 20) + 1)))
    assert server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}").json.get("files") is None


def test_a_digest_that_does_not_match_leaves_no_file(server: Served):
    path = "/api/2.0/mlflow-artifacts/artifacts/0/digest.bin"
    answer = server.send("PUT", path, b"abc", {"X-Content-SHA256": "0" * 64})
    assert answer.code == "DATA_LOSS"
    assert server.get(path).status == 404


@pytest.mark.parametrize("value", ["bytes=0-0," * 5000, "bytes=9999999999999999999999-", "bytes=-", "lines=1-2"])
def test_odd_ranges_cost_nothing(server: Served, value: str):
    path = "/api/2.0/mlflow-artifacts/artifacts/0/ranged.bin"
    server.send("PUT", path, b"abc")
    answer = server.get(path, {"Range": value})
    assert (answer.status, len(answer.body)) in {(200, 3), (416, 0), (206, 1), (206, 3)}


def test_private_files_of_the_server_are_private(tmp_path: Path, server: Served):
    server.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/private.bin", b"abc")
    root = Path(server.application.context.settings.artifacts_destination)
    assert (root / "0" / "private.bin").stat().st_mode & 0o077 == 0
