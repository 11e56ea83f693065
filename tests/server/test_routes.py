"""Every endpoint of the table, called as one who may nothing and as one who may everything."""

import http.client
from collections.abc import Iterator
from contextlib import closing

import pytest

from mlflow.asgi.responses import Scope
from mlflow.contract.caller import EVERYONE, NOBODY, Caller
from mlflow.contract.route import Route
from tests.server.samples import SECRET, Request, Things, make_things, requests
from tests.server.served import Answer, Served, served

PUBLIC = {
    "api_reference",
    "get_features",
    "get_server_info",
    "health",
    "index",
    "openapi_document",
    "static_file",
    "version",
}
STREAMS = {"events"}


def identify(scope: Scope) -> Caller:
    return NOBODY if (b"x-nobody", b"1") in scope["headers"] else EVERYONE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("routes"), identify) as running:
        yield running


@pytest.fixture(scope="module")
def things(server: Served) -> Things:
    return make_things(server)


def ask(server: Served, request: Request, **headers: str) -> Answer:
    return server.send(request.method, request.path, request.body, {**request.headers, **headers})


def read_stream(server: Served, request: Request, **headers: str) -> Answer:
    """The head of an answer without end, and what comes within half a second."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.5)
    with closing(connection):
        connection.request(request.method, request.path, headers=headers)
        answer, received = connection.getresponse(), b""
        with pytest.raises(TimeoutError):
            while True:
                received += answer.read1()
        return Answer(answer.status, {}, received)


def test_who_may_nothing_gets_nothing(server: Served, things: Things):
    wrong = []
    for route, request in requests(server.application.table, things):
        answer = (read_stream if route.name in STREAMS else ask)(server, request, **{"X-Nobody": "1"})
        if not _is_kept_from(route, answer):
            wrong.append((route.name, request.method, answer.status, answer.body[:300]))
    assert not wrong


def _is_kept_from(route: Route, answer: Answer) -> bool:
    if route.name in PUBLIC:
        return answer.status in {200, 404}
    if route.access.filtered:
        return answer.status == 404 or (answer.status < 500 and SECRET.encode() not in answer.body)
    return answer.status == 403


def test_nothing_was_changed_by_who_may_nothing(server: Served, things: Things):
    test_who_may_nothing_gets_nothing(server, things)
    run = server.get(f"/api/2.0/mlflow/runs/get?run_id={things.run_id}").json["run"]
    assert run["info"]["lifecycle_stage"] == "active"
    assert run["info"]["run_name"] == SECRET
    assert [tag["key"] for tag in run["data"]["tags"]] == [SECRET, "mlflow.runName"]


def test_public_endpoints_are_these(server: Served):
    public = {
        endpoint.route.name
        for endpoint in server.application.table
        if not endpoint.route.access.level and not endpoint.route.access.filtered
    }
    assert public == PUBLIC


def test_who_may_everything_meets_no_internal_error(server: Served, things: Things):
    wrong = []
    for route, request in requests(server.application.table, things):
        answer = (read_stream if route.name in STREAMS else ask)(server, request)
        if answer.status not in {200, 400, 404, 501} and answer.code not in {"INVALID_STATE", "DATA_LOSS"}:
            wrong.append((route.name, request.method, answer.status, answer.body[:300]))
    assert not wrong


GARBAGE = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{}", id="no members"),
    pytest.param(b"[]", id="a list"),
    pytest.param(b'"{\\"run_id\\": 1}"', id="JSON in JSON"),
    pytest.param(b'{"run_id":{},"experiment_id":[],"key":1,"value":"x","run_ids":"a","path":7,"name":{}}', id="types"),
    pytest.param(b'{"run_id":"\\u0000","experiment_id":"\\u0000","key":"\\u0000","name":"\\u0000"}', id="NUL"),
    pytest.param(b'{"run_id":"\\udc80","experiment_id":"\\udc80","key":"\\udc80","name":"\\udc80"}', id="surrogates"),
    pytest.param(b'{"run_id":"%s","experiment_id":"9%s","name":"x"}' % (b"r" * 9999, b"9" * 99), id="long"),
    pytest.param(b'{"max_results":-1,"page_token":"!","experiment_ids":["x"],"size":-1,"buckets":0}', id="numbers"),
]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_refused_by_every_endpoint_that_takes_json(server: Served, things: Things, body: bytes):
    wrong = []
    for route, request in requests(server.application.table, things):
        if request.method != "POST" or route.raw:
            continue
        answer = ask(server, request._replace(body=body))
        if answer.status >= 500 and answer.code == "INTERNAL_ERROR":
            wrong.append((route.name, answer.status, answer.body[:300]))
    assert not wrong


@pytest.mark.parametrize("value", ["", "%00", "-1", "9" * 30, "%ed%a0%80", "x" * 9000, "a&run_id=b"])
def test_garbage_is_refused_by_every_endpoint_that_takes_a_query(server: Served, things: Things, value: str):
    wrong = []
    for route, request in requests(server.application.table, things):
        if request.method != "GET" or route.name in STREAMS:
            continue
        names = [*route.params.__struct_fields__, "run_uuid"]
        query = "&".join(f"{name}={value}" for name in names)
        answer = ask(server, request._replace(path=f"{request.path.partition('?')[0]}?{query}"))
        if answer.status >= 500 and answer.code == "INTERNAL_ERROR":
            wrong.append((route.name, answer.status, answer.body[:300]))
    assert not wrong
