"""What /metrics tells Prometheus."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.served import Served


def samples(server: Served) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.body.decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def counted(server: Served, **labels: str) -> float:
    return samples(server).get(("mlflow_http_requests_total", frozenset(labels.items())), 0)


@pytest.mark.parametrize(
    ("path", "endpoint", "status"),
    [
        ("/version", "version", "200"),
        ("/api/2.0/mlflow/experiments/get?experiment_id=12345", "get_experiment", "404"),
        ("/api/2.0/mlflow/no/such/thing", "other", "404"),
    ],
)
def test_requests_are_counted_by_endpoint_and_status(server: Served, path: str, endpoint: str, status: str):
    before = counted(server, method="GET", endpoint=endpoint, status=status)
    server.get(path)
    assert counted(server, method="GET", endpoint=endpoint, status=status) == before + 1


def test_unknown_paths_add_no_names(server: Served):
    server.get("/unknown/first")
    known = set(samples(server))
    for number in range(50):
        server.get(f"/unknown/{number}")
    assert set(samples(server)) == known


def test_durations_are_in_buckets(server: Served):
    server.get("/health")
    found = samples(server)
    buckets = [
        (float(dict(labels)["le"]), value)
        for (name, labels), value in found.items()
        if name == "mlflow_http_request_seconds_bucket" and ("endpoint", "health") in labels
    ]
    assert [value for _, value in sorted(buckets)] == sorted(value for _, value in buckets)
    assert max(value for _, value in buckets) >= 1


def test_requests_under_way_are_shown(server: Served):
    assert samples(server)["mlflow_http_requests_active", frozenset()] == 1


def test_the_process_is_measured(server: Served):
    assert samples(server)["process_resident_memory_bytes", frozenset()] > 1 << 20
