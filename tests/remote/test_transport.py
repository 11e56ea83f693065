"""HTTP to one server when things go wrong, and who the client says it is."""

import base64
import json
import os
import pickle
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
import trustme

from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import (
    DataLoss,
    InvalidParameterValue,
    InvalidUrlException,
    MlflowException,
    PermissionDenied,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    RestException,
    Unreachable,
)
from mlflow.remote.credentials import authorization
from mlflow.remote.server import extensions
from mlflow.remote.store import remote_store
from mlflow.remote.transport import Transport, tried_once
from tests.remote.tcp_proxy import proxied, scripted
from tests.server.served import JSON, Served

OK = (200, {}, b"{}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without long pauses."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0")


@contextmanager
def transport_to(url: str, **options: object) -> Iterator[Transport]:
    with closing(Transport(url, **options)) as transport:  # type: ignore[arg-type]
        yield transport


@pytest.mark.parametrize("uri", ["", "localhost:5000", "ftp://host", "http://", "sqlite:///x", "http:///path"])
def test_what_is_no_servers_address_is_refused(uri: str):
    with pytest.raises(InvalidUrlException, match="no server's address"):
        Transport(uri)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status: int):
    with scripted((status, {}, b"busy"), (status, {}, b"busy"), OK) as server, transport_to(server.url) as transport:
        assert transport.request("POST", "/x", body=b"{}").status == 200
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "INVALID_PARAMETER_VALUE", InvalidParameterValue),
        (400, "RESOURCE_ALREADY_EXISTS", ResourceAlreadyExists),
        (403, "PERMISSION_DENIED", PermissionDenied),
        (404, "RESOURCE_DOES_NOT_EXIST", ResourceDoesNotExist),
        (500, "DATA_LOSS", DataLoss),
        (500, "INVALID_STATE", MlflowException),
        (418, "SOMETHING_NEW", RestException),
    ],
)
def test_a_lasting_failure_is_raised_at_once_as_its_own_class(status: int, code: str, kind: type[Exception]):
    body = json.dumps({"error_code": code, "message": "no"}).encode()
    with scripted((status, {}, body)) as server, transport_to(server.url) as transport:
        with pytest.raises(kind) as failure:
            transport.request("GET", "/x")
        assert isinstance(failure.value, RestException)
        assert "no" in failure.value.message
        assert len(server.requests) == 1
        assert type(pickle.loads(pickle.dumps(failure.value))) is type(failure.value)


def test_a_failure_that_is_no_json_is_described_by_its_status():
    with (
        scripted((404, {}, b"<html>not here</html>")) as server,
        transport_to(server.url) as transport,
        pytest.raises(RestException, match=r"404.*not here"),
    ):
        transport.request("GET", "/x?secret=1")


def test_retries_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    with scripted((503, {}, b"down")) as server, transport_to(server.url) as transport:
        with pytest.raises(RestException, match="503"):
            transport.request("GET", "/x")
        assert len(server.requests) == 3


def test_whoever_comes_again_anyway_has_each_request_tried_once():
    with scripted((503, {}, b"down"), OK) as server, transport_to(server.url) as transport:
        with tried_once(), pytest.raises(RestException, match="503"):
            transport.request("GET", "/x")
        assert transport.request("GET", "/x").status == 200
        assert len(server.requests) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_server_says_when_to_come_back(form: str):
    wanted = "1" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
    with scripted((429, {"Retry-After": wanted}, b""), OK) as server, transport_to(server.url) as transport:
        began = time.monotonic()
        transport.request("GET", "/x")
        assert 0.5 < time.monotonic() - began < 5


def test_an_unreadable_retry_after_is_passed_over():
    with scripted((503, {"Retry-After": "soon"}, b""), OK) as server, transport_to(server.url) as transport:
        assert transport.request("GET", "/x").status == 200


def test_nobody_listening_is_unreachable(free_port: int):
    with (
        transport_to(f"http://127.0.0.1:{free_port}", max_retries=1) as transport,
        pytest.raises(Unreachable, match="Check that the server runs"),
    ):
        transport.request("GET", "/x")


def test_a_server_that_does_not_answer_in_time_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with transport_to(url, max_retries=0, timeout=0.3) as transport, pytest.raises(Unreachable):
            transport.request("GET", "/x")


def test_a_refused_connection_is_tried_again(server: Served):
    with proxied(server.port) as proxy, transport_to(f"http://127.0.0.1:{proxy.port}") as transport:
        proxy.refuse = 2
        assert transport.request("GET", "/health").body == b"OK"
        assert proxy.connections == 3


def test_a_body_that_is_an_iterator_is_sent_once():
    with scripted((503, {}, b""), OK) as server, transport_to(server.url) as transport:
        with pytest.raises(RestException):
            transport.request("PUT", "/x", body=iter([b"a", b"b"]))
        assert len(server.requests) == 1


class TestLostAnswers:
    """The server has done what was asked, and the connection breaks before the client knows."""

    @pytest.fixture
    def lossy(self, server: Served):
        with proxied(server.port) as proxy, transport_to(f"http://127.0.0.1:{proxy.port}") as transport:
            yield proxy, remote_store(transport)

    def test_a_run_is_created_once(self, lossy, server: Served):
        proxy, store = lossy
        experiment_id = server.new_experiment("lost answers to runs")
        proxy.lose_answers = 2
        run = store.runs.create_run(EVERYONE, experiment_id, start_time=5)
        assert [found.info.run_id for found in store.runs.search_runs(EVERYONE, [experiment_id])] == [run.info.run_id]

    def test_metrics_params_and_tags_are_logged_once(self, lossy, server: Served):
        proxy, store = lossy
        run_id = server.new_run()
        for call in (
            lambda: store.metrics.log_metric(EVERYONE, run_id, "loss", 1.0, 5, 1),
            lambda: store.runs.log_parameter(EVERYONE, run_id, "p", "v"),
            lambda: store.runs.set_tag(EVERYONE, run_id, "t", "v"),
        ):
            proxy.lose_answers = 1
            call()
        data = store.runs.get_run(EVERYONE, run_id).data
        assert (data.metrics["loss"], data.params["p"], data.tags["t"]) == (1.0, "v", "v")
        assert len(store.metrics.get_metric_history(EVERYONE, run_id, "loss")) == 1

    def test_what_is_removed_stays_removed(self, lossy, server: Served):
        proxy, store = lossy
        experiment_id = server.new_experiment("lost answers to deletions")
        run_id = server.new_run(experiment_id, tags=[{"key": "t", "value": "v"}])
        for call in (
            lambda: store.runs.delete_tag(EVERYONE, run_id, "t"),
            lambda: store.runs.delete_run(EVERYONE, run_id),
            lambda: store.experiments.delete_experiment(EVERYONE, experiment_id),
            lambda: store.experiments.restore_experiment(EVERYONE, experiment_id),
        ):
            proxy.lose_answers = 1
            call()
        assert store.experiments.get_experiment(EVERYONE, experiment_id).lifecycle_stage == "active"

    def test_what_was_never_there_is_still_said(self, lossy, server: Served):
        _, store = lossy
        with pytest.raises(ResourceDoesNotExist):
            store.runs.delete_tag(EVERYONE, server.new_run(), "never set")


def test_an_answer_that_breaks_off_is_unreachable(server: Served):
    server.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/big.bin", bytes(8 << 20))
    with proxied(server.port) as proxy, transport_to(f"http://127.0.0.1:{proxy.port}") as transport:
        answer = transport.request("GET", "/api/2.0/mlflow-artifacts/artifacts/0/big.bin", stream=True)
        blocks = answer.chunks(1 << 16)
        next(blocks)
        proxy.close()
        with pytest.raises(Unreachable, match="broke while reading"):
            for _ in blocks:
                continue


@pytest.mark.parametrize("to", ["/new/x", "http://localhost:{port}/new/x"], ids=["path", "other host"])
def test_a_get_follows_a_redirect_without_taking_credentials_to_another_host(to: str):
    def credentials() -> dict[str, str]:
        return {"Authorization": "Bearer secret"}

    with scripted(OK) as server, transport_to(server.url, headers=credentials) as transport:
        server.answers.insert(0, (302, {"Location": to.format(port=server.port)}, b""))
        assert transport.request("GET", "/x").status == 200
        assert [path for _, path, _, _ in server.requests] == ["/x", "/new/x"]
        assert ("authorization" in server.requests[1][2]) == to.startswith("/")


def test_redirects_can_be_forbidden(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_ALLOW_HTTP_REDIRECTS", "false")
    with (
        scripted((302, {"Location": "/new"}, b"")) as server,
        transport_to(server.url) as transport,
        pytest.raises(MlflowException, match="redirects to '/new'; set the tracking URI"),
    ):
        transport.request("GET", "/x")


def test_a_post_is_never_redirected():
    with scripted((307, {"Location": "/new"}, b"")) as server, transport_to(server.url) as transport:
        with pytest.raises(MlflowException, match="redirects to"):
            transport.request("POST", "/x", body=b"{}")
        assert len(server.requests) == 1


class TestTLS:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def secure(self, authority: trustme.CA):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        with scripted(OK, context=context) as server:
            yield f"https://127.0.0.1:{server.port}"

    def test_an_unknown_authority_is_refused(self, secure: str):
        with transport_to(secure, max_retries=0) as transport, pytest.raises(Unreachable, match=r"(?i)certificate"):
            transport.request("GET", "/x")

    @pytest.mark.parametrize("variable", ["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_a_named_authority_is_trusted(
        self, secure: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
    ):
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
        with transport_to(secure, max_retries=0) as transport:
            assert transport.request("GET", "/x").status == 200

    def test_the_check_can_be_switched_off(self, secure: str, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", "true")
        with transport_to(secure, max_retries=0) as transport:
            assert transport.request("GET", "/x").status == 200

    def test_a_client_certificate_is_shown(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        authority.issue_cert("me@example.com").private_key_and_cert_chain_pem.write_to_path(tmp_path / "me.pem")
        monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(tmp_path / "ca.pem"))
        monkeypatch.setenv("MLFLOW_TRACKING_CLIENT_CERT_PATH", str(tmp_path / "me.pem"))
        with (
            scripted(OK, context=context) as server,
            transport_to(f"https://127.0.0.1:{server.port}", max_retries=0) as transport,
        ):
            assert transport.request("GET", "/x").status == 200


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


class TestCredentials:
    @pytest.fixture(autouse=True)
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("HOME", str(tmp_path))
        return tmp_path

    def test_without_any_there_is_no_header(self):
        assert authorization() == {}

    def test_user_and_password_come_first(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ünal")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "p:w")
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t")
        assert authorization() == {"Authorization": basic("ünal:p:w")}

    def test_a_token_is_a_bearer(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t")
        assert authorization() == {"Authorization": "Bearer t"}

    def test_the_file_is_read(self, home: Path, monkeypatch: pytest.MonkeyPatch):
        (home / ".mlflow").mkdir()
        (home / ".mlflow" / "credentials").write_text(
            "[mlflow]\nmlflow_tracking_username = me\nmlflow_tracking_password = 100%\n"
        )
        assert authorization() == {"Authorization": basic("me:100%")}
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "other")
        assert authorization() == {"Authorization": basic("me:other")}

    @pytest.mark.parametrize("text", ["", "[other]\nx = 1\n", "[mlflow]\n"], ids=["empty", "other", "no keys"])
    def test_a_file_without_credentials_gives_none(self, home: Path, text: str):
        (home / ".mlflow").mkdir()
        (home / ".mlflow" / "credentials").write_text(text)
        assert authorization() == {}

    def test_an_unreadable_file_is_named(self, home: Path):
        (home / ".mlflow").mkdir()
        (home / ".mlflow" / "credentials").write_text("no section")
        with pytest.raises(MlflowException, match="credentials"):
            authorization()

    def test_they_may_stand_in_the_address_and_are_never_shown(self):
        with scripted((404, {}, b"no")) as server:
            url = f"http://me:p%40ss@127.0.0.1:{server.port}/"
            with transport_to(url) as transport, pytest.raises(RestException) as failure:
                transport.request("GET", "/x")
            assert server.requests[0][2]["authorization"] == basic("me:p@ss")
            assert "p%40ss" not in str(failure.value)
            assert "p%40ss" not in transport.uri


def test_headers_are_asked_for_with_each_request():
    tokens = iter(["first", "second"])
    with scripted(OK) as server, transport_to(server.url, headers=lambda: {"X-Token": next(tokens)}) as transport:
        transport.request("GET", "/x")
        transport.request("GET", "/x")
        assert [headers["x-token"] for _, _, headers, _ in server.requests] == ["first", "second"]


def test_a_connection_is_kept_and_sends_without_delay(server: Served):
    with proxied(server.port) as proxy, transport_to(f"http://127.0.0.1:{proxy.port}") as transport:
        for _ in range(20):
            transport.request("GET", "/health")
        assert proxy.connections == 1
    with transport_to(server.url) as transport:
        took = []
        for _ in range(20):
            began = time.monotonic()
            transport.request("POST", "/api/2.0/mlflow/runs/search", body=b"{}" + b" " * 2000, headers=JSON)
            took.append(time.monotonic() - began)
        assert min(took) < 0.04  # which each request took with Nagle's algorithm and delayed answers


def test_threads_share_a_transport():
    with scripted(OK) as server, transport_to(server.url) as transport:
        threads = [threading.Thread(target=lambda: transport.request("GET", "/x")) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 20


def test_a_forked_child_opens_connections_of_its_own(server: Served):
    with proxied(server.port) as proxy, transport_to(f"http://127.0.0.1:{proxy.port}") as transport:
        transport.request("GET", "/health")
        child = os.fork()
        if child == 0:
            os._exit(0 if transport.request("GET", "/version").body == b"3.17.2+1" else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert transport.request("GET", "/health").body == b"OK"
        assert proxy.connections == 2


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch):
    with scripted(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "localhost")
        with transport_to("http://tracking.example:5000") as transport:
            transport.request("GET", "/x")
        assert proxy.requests[0][1] == "http://tracking.example:5000/x"
        with scripted(OK) as direct, transport_to(f"http://localhost:{direct.port}") as transport:
            transport.request("GET", "/x")
            assert len(direct.requests) == 1


def test_a_servers_extensions_are_asked_for(server: Served):
    with transport_to(server.url) as transport:
        assert extensions(transport) == 1
    with scripted((404, {}, b"<html>")) as published, transport_to(published.url) as transport:
        assert extensions(transport) == 0


def test_what_is_no_mlflow_server_is_said():
    with (
        scripted((200, {}, b"<html>hello</html>")) as other,
        transport_to(other.url) as transport,
        pytest.raises(MlflowException, match="Is this an MLflow server"),
    ):
        remote_store(transport).runs.get_run(EVERYONE, "x")
