"""Downloads from web servers, from a server that may lie."""

from __future__ import annotations

import http.server
import stat
import threading
from pathlib import Path

import pytest

from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.exceptions import InvalidUrlException, MlflowException

BODY = b"a,b\n1,2\n" * 1000


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = self.server.answers[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(headers.get("X-Claimed-Length", len(body))))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Stay silent."""


@pytest.fixture
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.answers = {}
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_file_arrives_under_the_name_in_its_url(server, tmp_path):
    server.answers["/d/wine%20list.csv"] = (200, {}, BODY)
    path = Path(HTTPDatasetSource(f"{server.url}/d/wine%20list.csv?v=2").load(str(tmp_path / "new")))
    assert path == tmp_path / "new" / "wine list.csv"
    assert path.read_bytes() == BODY
    assert [each.name for each in path.parent.iterdir()] == ["wine list.csv"]


def test_default_folder_is_private(server):
    server.answers["/x.csv"] = (200, {}, BODY)
    path = Path(HTTPDatasetSource(f"{server.url}/x.csv").load())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/x.csv", "x.csv"),
        ("/", "dataset"),
        ("/a/..", "dataset"),
        ("/..%2f..%2fevil", "evil"),
        ("/..%5c..%5cevil", "evil"),
        ("/%2e%2e", "dataset"),
    ],
)
@pytest.mark.parametrize("disposition", ['attachment; filename="/tmp/evil"', 'attachment; filename="../../evil"'])
def test_no_name_leads_out_of_the_folder(server, tmp_path, address, name, disposition):
    server.answers[address] = (200, {"Content-Disposition": disposition}, BODY)
    path = Path(HTTPDatasetSource(server.url + address).load(str(tmp_path / "in")))
    assert path == tmp_path / "in" / name
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


def test_redirect_is_followed(server, tmp_path):
    server.answers["/old.csv"] = (302, {"Location": "/new"}, b"")
    server.answers["/new"] = (200, {}, BODY)
    path = Path(HTTPDatasetSource(f"{server.url}/old.csv").load(str(tmp_path)))
    assert (path.name, path.read_bytes()) == ("old.csv", BODY)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_redirect_to_another_scheme_is_refused(server, tmp_path, target):
    server.answers["/x"] = (302, {"Location": target}, b"")
    with pytest.raises(MlflowException, match="Downloading"):
        HTTPDatasetSource(f"{server.url}/x").load(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "code"), [(404, "NOT_FOUND"), (403, "PERMISSION_DENIED"), (503, "TEMPORARILY_UNAVAILABLE")]
)
def test_refusal_of_the_server_has_its_code_and_leaves_nothing(server, tmp_path, status, code):
    server.answers["/x"] = (status, {}, b"no")
    with pytest.raises(MlflowException, match=f"answered {status}") as caught:
        HTTPDatasetSource(f"{server.url}/x").load(str(tmp_path))
    assert caught.value.error_code == code
    assert list(tmp_path.iterdir()) == []


def test_file_cut_short_is_no_file(server, tmp_path):
    server.answers["/x"] = (200, {"X-Claimed-Length": str(len(BODY) + 5)}, BODY)
    with pytest.raises(MlflowException, match="IncompleteRead"):
        HTTPDatasetSource(f"{server.url}/x").load(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_nobody_listening_is_told(tmp_path):
    with pytest.raises(MlflowException, match="Check the URL and the network"):
        HTTPDatasetSource("http://127.0.0.1:9/x").load(str(tmp_path))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://h/x", "x"])
def test_other_scheme_is_not_opened(url):
    with pytest.raises(InvalidUrlException, match="not http or https"):
        HTTPDatasetSource(url).load()
