from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
from pathlib import Path
from typing import Self

import pytest
import urllib3

from mlflow.artifacts.http import Connection
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.proxied import ProxiedStore
from mlflow.artifacts.registry import Access, open_store
from mlflow.exceptions import (
    DataLoss,
    InvalidParameterValue,
    MlflowException,
    ResourceDoesNotExist,
    RestException,
    TemporarilyUnavailable,
)
from tests.artifacts.conftest import Server, free_port
from tests.artifacts.test_paths import ATTACKS

MIB = 2**20
BIG = os.urandom(MIB) * 50 + b"tail"
API = "/api/2.0/mlflow-artifacts/artifacts"
# A URL holds UTF-8; the server never sees half a surrogate pair.
SENDABLE = {name: text for name, text in ATTACKS.items() if name != "surrogate"}


def path(text: str = "") -> ArtifactPath:
    return ArtifactPath.parse(text)


@pytest.fixture
def big(tmp_path: Path) -> Path:
    file = tmp_path / "big.bin"
    file.write_bytes(BIG)
    return file


def uploads_of(server: Server) -> list[Path]:
    staging = server.destination / ".mlflow-staging" / "uploads"
    return [folder for folder in staging.iterdir() if not (folder / "done").exists()] if staging.exists() else []


@pytest.mark.faults
def test_corrupt_part_is_noticed_and_sent_again(server: Server, big: Path) -> None:
    server.inject("corrupt-part")
    server.store().upload_file(big, path("big.bin"))
    assert server.pending_faults() == []
    assert (server.destination / "1/run/artifacts/big.bin").read_bytes() == BIG


@pytest.mark.faults
def test_part_whose_connection_broke_is_sent_again(server: Server, big: Path) -> None:
    server.inject("cut-part")
    server.store().upload_file(big, path("big.bin"))
    assert server.pending_faults() == []
    assert (server.destination / "1/run/artifacts/big.bin").read_bytes() == BIG


@pytest.mark.faults
def test_interrupted_upload_sends_only_the_missing_parts(
    server: Server, big: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = server.store()
    uploads = store.uploads
    assert uploads is not None
    upload = uploads.create(path("big.bin"), len(BIG), 16 * MIB)
    remember(server, big, upload.id)
    for number in (1, 3):
        part = BIG[(number - 1) * 16 * MIB : number * 16 * MIB]
        uploads.put(upload, number, [part], hashlib.sha256(part).hexdigest())
    server = server.restart()
    records = server.destination / ".mlflow-staging" / "uploads" / upload.id / "parts"
    held = {file.name: file.stat().st_mtime_ns for file in records.iterdir()}
    sent: list[str] = []
    send = Connection.send

    def spy(self: Connection, method: str, url: str, **options: object) -> object:
        sent.append(f"{method} {url.rpartition('/')[2]}")
        return send(self, method, url, **options)

    monkeypatch.setattr(Connection, "send", spy)
    server.store().upload_file(big, path("big.bin"))
    assert sorted(held) == ["1", "3"]
    assert sorted(call for call in sent if call.startswith("PUT")) == ["PUT 2", "PUT 4"]
    assert (server.destination / "1/run/artifacts/big.bin").read_bytes() == BIG
    server.stop()


def remember(server: Server, file: Path, upload_id: str) -> None:
    facts = file.stat()
    key = f"{server.url} big.bin {facts.st_size} {facts.st_mtime_ns}"
    memory = Path(os.environ["XDG_STATE_HOME"]) / "mlflow" / "uploads" / hashlib.sha256(key.encode()).hexdigest()
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(upload_id)


@pytest.mark.faults
def test_interrupted_download_goes_on_where_it_stopped(server: Server, big: Path, tmp_path: Path) -> None:
    store = server.store()
    store.upload_file(big, path("big.bin"))
    server.inject("cut-download")
    down = store.download(path("big.bin"), tmp_path / "down")
    assert server.pending_faults() == []
    assert down.read_bytes() == BIG
    assert os.listdir(tmp_path / "down") == ["big.bin"]


@pytest.mark.faults
def test_half_download_of_another_file_is_not_continued(server: Server, big: Path, tmp_path: Path) -> None:
    store = server.store()
    store.upload_file(big, path("big.bin"))
    with CuttingProxy(server.port, after=20 * MIB) as cutter:
        halting = ProxiedStore(Connection(cutter.url), path("1/run/artifacts"))
        with pytest.raises(TemporarilyUnavailable):
            halting.download(path("big.bin"), tmp_path / "down")
    assert any(name.startswith(".mlflow-tmp-") for name in os.listdir(tmp_path / "down"))
    other = bytes(reversed(BIG))
    big.write_bytes(other)
    store.upload_file(big, path("big.bin"))
    assert store.download(path("big.bin"), tmp_path / "down").read_bytes() == other
    assert os.listdir(tmp_path / "down") == ["big.bin"]


@pytest.mark.faults
@pytest.mark.parametrize("size", [1000, 30 * MIB], ids=["small", "large"])
def test_file_that_rotted_on_the_server_is_data_loss(server: Server, tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(os.urandom(size))
    store = server.store()
    store.upload_file(tmp_path / "a", path("a"))
    with (server.destination / "1/run/artifacts/a").open("r+b") as file:
        file.seek(size // 2)
        byte = file.read(1)
        file.seek(size // 2)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(DataLoss, match="was announced"):
        store.download(path("a"), tmp_path / "down")
    assert os.listdir(tmp_path / "down") == []


def test_file_that_changes_while_it_is_sent_is_not_published(
    server: Server, big: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = server.store()
    send = Connection.send

    def grow(self: Connection, method: str, url: str, **options: object) -> object:
        if url.endswith("/parts/2"):
            with big.open("ab") as file:
                file.write(b"more")
        return send(self, method, url, **options)

    monkeypatch.setattr(Connection, "send", grow)
    with pytest.raises(MlflowException, match="changed while it was uploaded"):
        store.upload_file(big, path("big.bin"))
    assert store.list() == []
    assert uploads_of(server) == []


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_server_refuses_paths_that_could_leave_its_destination(shared_server: Server, method: str, text: str) -> None:
    raw = "".join(f"%{byte:02X}" for byte in text.encode())
    answer = urllib3.request(method, f"{shared_server.url}{API}/{raw}", body=b"x" if method == "PUT" else None)
    assert answer.status == 400
    assert json.loads(answer.data)["error_code"] == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("text", ["../x", "%2e%2e/x", "/etc", "a#b"])
def test_server_refuses_such_paths_everywhere_else_too(shared_server: Server, text: str) -> None:
    connection = Connection(shared_server.url)
    with pytest.raises(InvalidParameterValue):
        connection.send("GET", API, query={"path": text})
    with pytest.raises(InvalidParameterValue):
        connection.send_json("POST", "/api/ext/v1/artifacts/uploads", {"path": text, "size": 1})
    body = b"MLBUNDL1" + frame(text, b"x") + bytes(4)
    with pytest.raises(InvalidParameterValue):
        connection.send("PUT", "/api/ext/v1/artifacts/bundle/b", body=body)


def frame(name: str, content: bytes) -> bytes:
    header = json.dumps({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}).encode()
    return len(header).to_bytes(4, "big") + header + content


def test_download_headers_are_those_of_the_contract(shared_server: Server) -> None:
    connection = Connection(shared_server.url)
    connection.send("PUT", f"{API}/h/é x.txt", body=b"hello").body()
    answer = connection.send("GET", f"{API}/h/é x.txt")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-type"].startswith("text/plain")
    assert headers["content-disposition"] == "attachment; filename=\"_ x.txt\"; filename*=UTF-8''%C3%A9%20x.txt"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox;")
    assert headers["content-length"] == "5"
    assert headers["repr-digest"] == "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"
    assert re.fullmatch('"[0-9a-f-]+"', headers["etag"])
    assert headers["last-modified"].endswith("GMT")
    answer.close()


@pytest.mark.parametrize(
    ("sent", "status", "body", "content_range"),
    [
        ("bytes=1-2", 206, b"el", "bytes 1-2/5"),
        ("bytes=-2", 206, b"lo", "bytes 3-4/5"),
        ("bytes=3-", 206, b"lo", "bytes 3-4/5"),
        ("bytes=10-20", 416, b"", "bytes */5"),
        ("bytes=0-1,3-4", 200, b"hello", None),
        ("lines=1-2", 200, b"hello", None),
    ],
)
def test_ranges_are_served(
    shared_server: Server, sent: str, status: int, body: bytes, content_range: str | None
) -> None:
    connection = Connection(shared_server.url)
    connection.send("PUT", f"{API}/r/a.txt", body=b"hello").body()
    answer = urllib3.request("GET", f"{shared_server.url}{API}/r/a.txt", headers={"Range": sent})
    assert (answer.status, answer.data, answer.headers.get("Content-Range")) == (status, body, content_range)


def test_known_copy_is_not_sent_again(shared_server: Server) -> None:
    url = f"{shared_server.url}{API}/c/a.txt"
    urllib3.request("PUT", url, body=b"hello")
    etag = urllib3.request("GET", url).headers["ETag"]
    assert urllib3.request("GET", url, headers={"If-None-Match": etag}).status == 304
    changed = urllib3.request("GET", url, headers={"Range": "bytes=1-2", "If-Range": '"other"'})
    assert (changed.status, changed.data) == (200, b"hello")


def test_folder_is_no_download(shared_server: Server) -> None:
    store = shared_server.store("folder")
    store.write(path("a/b"), [b"1"])
    with pytest.raises(InvalidParameterValue, match="refers to a directory"):
        store.open(path("a"))


@pytest.mark.parametrize("text", ["", "/", "x/.."])
def test_destination_itself_is_never_deleted(shared_server: Server, text: str) -> None:
    shared_server.store("kept").write(path("a"), [b"1"])
    assert urllib3.request("DELETE", f"{shared_server.url}{API}/{text}").status in (400, 405)
    assert (shared_server.destination / "kept/a").exists()


def test_failed_bundle_keeps_whole_files_only(server: Server) -> None:
    body = b"MLBUNDL1" + frame("first", b"1") + frame("second", b"22")[:-1]
    with pytest.raises(DataLoss, match="ended half way"):
        Connection(server.url).send("PUT", "/api/ext/v1/artifacts/bundle/b", body=body)
    assert sorted(os.listdir(server.destination / "b")) == ["first"]


@pytest.mark.faults
def test_server_memory_stays_flat(server: Server, tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(600 * MIB)
    store = server.store()
    store.write(path("warm"), [b"1"])
    before = server.memory
    store.upload_file(tmp_path / "sparse", path("sparse"))
    store.download(path("sparse"), tmp_path / "down")
    url = f"{server.url}{API}/1/run/artifacts/single"
    with (tmp_path / "sparse").open("rb") as file:
        urllib3.request("PUT", url, body=file, headers={"Content-Length": str(600 * MIB)})
    assert server.memory - before < 50 * MIB
    assert store.stat(path("single")).size == 600 * MIB


def test_many_small_files_travel_in_bundles(
    shared_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(300):
        (source / f"{number}.txt").write_text(f"file {number}")
    (source / "large.bin").write_bytes(os.urandom(2 * MIB))
    store = shared_server.store("many")
    calls: list[str] = []
    send = Connection.send

    def spy(self: Connection, method: str, url: str, **options: object) -> object:
        calls.append(method)
        return send(self, method, url, **options)

    monkeypatch.setattr(Connection, "send", spy)
    store.upload_directory(source, path("m"))
    down = store.download(path("m"), tmp_path / "down")
    assert len(calls) < 12
    assert {file.name: file.read_bytes() for file in down.iterdir()} == {
        file.name: file.read_bytes() for file in source.iterdir()
    }


def test_absent_artifact_is_the_servers_error(shared_server: Server) -> None:
    with pytest.raises(ResourceDoesNotExist, match="No such artifact: 'x/absent'") as caught:
        shared_server.store("x").open(path("absent"))
    assert isinstance(caught.value, RestException)


def test_server_that_is_away_is_named() -> None:
    store = ProxiedStore(Connection(f"http://127.0.0.1:{free_port()}"), path())
    with pytest.raises(TemporarilyUnavailable, match="failed 3 times"):
        store.list()


def test_headers_of_the_session_go_to_the_tracking_server_alone(shared_server: Server) -> None:
    asked: list[int] = []

    def headers() -> dict[str, str]:
        asked.append(1)
        return {"Authorization": "Bearer secret"}

    access = Access(shared_server.url, headers=headers)
    open_store("mlflow-artifacts:/auth", access).list()
    assert asked
    asked.clear()
    elsewhere = f"http://localhost:{shared_server.port}{API}/auth"
    open_store(elsewhere, access).list()
    assert not asked


def test_address_of_the_artifact_api_is_a_store(shared_server: Server) -> None:
    shared_server.store("by-address").write(path("a.txt"), [b"1"])
    store = open_store(f"{shared_server.url}{API}/by-address")
    assert [info.path for info in store.list()] == ["a.txt"]
    assert store.open(path("a.txt")).read() == b"1"


def test_proxied_location_needs_an_http_tracking_server() -> None:
    with pytest.raises(InvalidParameterValue, match="set it to the server's http"):
        open_store(Location.parse("mlflow-artifacts:/x"), Access("sqlite:///mlflow.db"))


@pytest.mark.parametrize("name", ["..", "a/..", "."], ids=["parent", "ends in parent", "dot"])
def test_names_that_a_hostile_server_lists_are_not_used(name: str, tmp_path: Path) -> None:
    body = json.dumps({"files": [{"path": name, "is_dir": False, "file_size": 1}]}).encode()
    with CannedServer(body) as url, pytest.raises(MlflowException, match="cannot be one"):
        ProxiedStore(Connection(url), path(), extended=False).download(path(), tmp_path / "down")


class CuttingProxy:
    """Forwards one server's port, and cuts every connection after so many bytes to the client."""

    def __init__(self, port: int, after: int) -> None:
        self._port, self._left = port, after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, socket.create_connection(("127.0.0.1", self._port)) as upstream:
                threading.Thread(target=self._copy, args=(client, upstream), daemon=True).start()
                while self._left > 0 and (data := upstream.recv(65536)):
                    self._left -= len(data)
                    client.sendall(data)
                client.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _copy(client: socket.socket, upstream: socket.socket) -> None:
        try:
            while data := client.recv(65536):
                upstream.sendall(data)
        except OSError:
            return


class CannedServer:
    """Answers every request with one JSON body."""

    def __init__(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self._answer = head.encode() + body
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *exc_info: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                client.recv(65536)
                client.sendall(self._answer)
