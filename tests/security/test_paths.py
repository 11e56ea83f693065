"""Paths and locations that lead out of the artifact store. Each test carries the advisories it stands for."""

import hashlib
import json
import struct
from pathlib import Path

import pytest

from mlflow.artifacts.bundle import Entry, encode
from tests.server.served import Answer, Served, served

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
UP = [
    pytest.param("../secret.txt", id="dots"),
    pytest.param("..%2fsecret.txt", id="encoded slash"),
    pytest.param("%2e%2e/secret.txt", id="encoded dots"),
    pytest.param("%252e%252e%252fsecret.txt", id="encoded twice"),
    pytest.param("%25252e%25252e%25252fsecret.txt", id="encoded three times"),
    pytest.param("..\\secret.txt", id="backslash"),
    pytest.param("..%5csecret.txt", id="encoded backslash"),
    pytest.param("a/../../secret.txt", id="through a folder"),
    pytest.param("/etc/passwd", id="absolute"),
    pytest.param("%2fetc%2fpasswd", id="encoded absolute"),
    pytest.param("//etc/passwd", id="two slashes"),
    pytest.param("C:/Windows/win.ini", id="a drive"),
    pytest.param("C:%5cWindows%5cwin.ini", id="a drive with backslashes"),
    pytest.param("%5c%5chost%5cshare%5cx", id="a share"),
    pytest.param("file:///etc/passwd", id="a file URI"),
    pytest.param("file:%2f%2f%2fetc/passwd", id="an encoded file URI"),
    pytest.param("x%23/../../secret.txt", id="a fragment"),
    pytest.param("x%00/../secret.txt", id="NUL"),
    pytest.param(".mlflow-staging/uploads", id="the stores' own folder"),
]


def unreached(answer: Answer) -> bool:
    return answer.status in {400, 403, 404} and b"secret" not in answer.body.replace(b"secret.txt", b"")


@pytest.fixture
def run_id(server: Served) -> str:
    run_id = server.new_run()
    assert server.send("PUT", f"{PROXY}/0/{run_id}/artifacts/a/b.txt", b"b").status == 200
    return run_id


@pytest.fixture
def kept(server: Served) -> object:
    """The file beside the artifact store is there, and as it was, after the test."""
    secret = Path(server.application.context.settings.artifacts_destination).parent / "secret.txt"
    yield
    assert secret.read_text() == "top secret"


@pytest.mark.usefixtures("kept")
class TestPathsThatLeadOut:
    @pytest.mark.parametrize("path", UP)
    def test_a_download_cve_2023_6977_cve_2024_1558(self, server: Served, path: str):
        assert unreached(server.get(f"{PROXY}/{path}"))

    @pytest.mark.parametrize("path", UP)
    def test_a_file_of_a_run_cve_2023_30172_cve_2023_1177(self, server: Served, run_id: str, path: str):
        assert unreached(server.get(f"/get-artifact?run_id={run_id}&path={path}"))
        assert unreached(server.get(f"/get-artifact?run_uuid={run_id}&path={path}"))

    @pytest.mark.parametrize("path", UP)
    def test_an_upload_cve_2023_6015_cve_2023_6018_cve_2023_6975_cve_2026_2033(self, server: Served, path: str):
        assert server.send("PUT", f"{PROXY}/{path}", b"evil").status == 400

    @pytest.mark.parametrize("path", UP)
    def test_an_upload_to_a_run_cve_2023_6976(self, server: Served, run_id: str, path: str):
        target = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path={path}"
        assert server.send("POST", target, b"evil").status == 400

    @pytest.mark.parametrize("path", UP)
    def test_a_deletion_cve_2023_6831_cve_2024_1560(self, server: Served, path: str):
        assert server.send("DELETE", f"{PROXY}/{path}").status == 400

    @pytest.mark.parametrize("path", [*UP, pytest.param("..", id="the parent"), pytest.param("%2e%2e", id="%parent")])
    def test_a_listing_cve_2023_1176(self, server: Served, run_id: str, path: str):
        for answer in (
            server.get(f"{PROXY}?path={path}"),
            server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path={path}"),
        ):
            assert answer.status == 400

    @pytest.mark.parametrize("path", UP)
    def test_a_bundle(self, server: Served, path: str):
        assert server.get(f"/api/ext/v1/artifacts/bundle/{path}").status == 400
        assert server.send("PUT", f"/api/ext/v1/artifacts/bundle/{path}", b"").status == 400

    @pytest.mark.parametrize("path", UP)
    def test_a_multipart_upload_cve_2026_2651(self, server: Served, path: str):
        for spelling in {path, path.replace("%2f", "/").replace("%5c", "\\")}:
            assert server.post("/api/ext/v1/artifacts/uploads", {"path": spelling, "size": 1}).status == 400
        for action in ("create", "complete", "abort"):
            assert server.post(f"/api/2.0/mlflow-artifacts/mpu/{action}/{path}", {}).status in {400, 501}

    @pytest.mark.parametrize("path", UP)
    def test_a_signed_url(self, server: Served, run_id: str, path: str):
        assert server.get(f"/api/2.0/mlflow-artifacts/presigned/{path}").status in {400, 501}
        body = {"run_id": run_id, "path": path}
        assert server.post("artifacts/presigned-download-url", body).status == 400
        assert server.post("artifacts/presigned-upload-url", body).status == 400

    @pytest.mark.parametrize("path", UP)
    def test_a_file_of_the_web_ui(self, server: Served, path: str):
        assert unreached(server.get(f"/static-files/{path}"))


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "..\\evil", ".mlflow-staging/x"])
def test_names_inside_a_bundle_cannot_lead_out_cve_2025_15031_cve_2025_15036(server: Served, name: str):
    answer = server.send("PUT", "/api/ext/v1/artifacts/bundle/0/bundled", bundle_of(name, b"evil"))
    assert answer.status == 400, answer.body


def bundle_of(name: str, content: bytes) -> bytes:
    entry = Entry(name, len(content), hashlib.sha256(content).hexdigest())
    return b"".join(encode([(entry, content)]))


LOCATIONS = [
    pytest.param("/etc", id="a folder"),
    pytest.param("file:///etc", id="a file URI"),
    pytest.param("file:/etc", id="one slash"),
    pytest.param("FILE:///etc", id="capitals CVE-2024-3573"),
    pytest.param("file://localhost/etc", id="localhost"),
    pytest.param("///etc", id="three slashes"),
]


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_location_on_the_servers_disk_is_not_read_cve_2023_6909_cve_2024_3848(server: Served, location: str):
    answer = server.post("experiments/create", {"name": f"at {location}", "artifact_location": location})
    if answer.status != 200:
        assert answer.code == "INVALID_PARAMETER_VALUE"
        return
    run_id = server.new_run(answer.json["experiment_id"])
    for path in ("passwd", "../../passwd", "../artifacts/../../passwd"):
        assert unreached(server.get(f"/get-artifact?run_id={run_id}&path={path}"))
    assert server.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}").status == 403
    upload = server.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=x", b"evil")
    assert upload.status == 403
    assert server.post("artifacts/presigned-download-url", {"run_id": run_id, "path": "passwd"}).status == 403


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http:///../../etc?x", id="query CVE-2023-6909"),
        pytest.param("mlflow-artifacts:/x?/../../../etc", id="dots in a query"),
        pytest.param("mlflow-artifacts:/x#/../../../etc", id="fragment CVE-2024-1594 CVE-2024-2928"),
        pytest.param("mlflow-artifacts:/x;/../../../etc", id="parameters CVE-2024-1593"),
        pytest.param("mlflow-artifacts:/../../etc", id="dots CVE-2023-2356"),
        pytest.param("mlflow-artifacts:/%2e%2e/%2e%2e/etc", id="encoded dots"),
        pytest.param("mlflow-artifacts:/x%23/../../../etc", id="encoded fragment CVE-2024-3848"),
        pytest.param("mlflow-artifacts:/%252e%252e/etc", id="encoded twice"),
        pytest.param("mlflow-artifacts:\\..\\..\\etc", id="backslashes CVE-2023-2780"),
        pytest.param("file:///x/..\\..\\etc", id="backslashes in a file URI"),
        pytest.param("./../../etc", id="relative"),
        pytest.param("dbfs:/x?/../../etc", id="dbfs CVE-2024-8859"),
        pytest.param("runs:/x/y", id="a run"),
        pytest.param("http://169.254.169.254/latest", id="http SSRF CVE-2023-6974"),
        pytest.param("ftp://internal/x", id="ftp SSRF"),
        pytest.param("hdfs://internal/x", id="hdfs SSRF"),
        pytest.param("mlflow-artifacts://internal:80/x", id="another artifact server"),
        pytest.param("s3://bucket/" + "x" * 3000, id="long"),
    ],
)
def test_a_smuggled_location_is_refused(server: Served, location: str):
    answer = server.post("experiments/create", {"name": f"smuggled {location[:80]}", "artifact_location": location})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_link_inside_the_store_is_not_followed_cve_2024_27134(tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "passwd").write_text("top secret")
    with served(tmp_path) as server:
        run_id = server.new_run()
        folder = tmp_path / "artifacts" / "0" / run_id / "artifacts"
        folder.mkdir(parents=True)
        (folder / "link").symlink_to(tmp_path / "outside")
        (folder / "file").symlink_to(tmp_path / "outside" / "passwd")
        for path in ("link/passwd", "file"):
            assert unreached(server.get(f"/get-artifact?run_id={run_id}&path={path}"))
            assert unreached(server.get(f"{PROXY}/0/{run_id}/artifacts/{path}"))
        server.send("PUT", f"{PROXY}/0/{run_id}/artifacts/link/passwd", b"evil")
        server.send("DELETE", f"{PROXY}/0/{run_id}/artifacts/link/passwd")
    assert (tmp_path / "outside" / "passwd").read_text() == "top secret"


def test_the_store_itself_cannot_be_deleted(server: Served, run_id: str):
    for path in ("/", "/.", "/./", "/%2e"):
        assert server.send("DELETE", f"{PROXY}{path}").status in {400, 404, 405}
    assert server.get(f"{PROXY}/0/{run_id}/artifacts/a/b.txt").body == b"b"


def test_files_of_uploads_under_way_are_not_shown(server: Served):
    upload = server.post("/api/ext/v1/artifacts/uploads", {"path": "0/secret", "size": 3}).json["upload_id"]
    part = f"/api/ext/v1/artifacts/uploads/{upload}/parts/1"
    assert server.send("PUT", part, b"abc", {"X-Content-SHA256": hashlib.sha256(b"abc").hexdigest()}).status == 200
    assert "mlflow" not in json.dumps(server.get(PROXY).json)


@pytest.mark.parametrize("upload_id", ["..", "%2e%2e", "..%2f..%2fsecret.txt", "x" * 300, "0" * 32])
def test_an_upload_is_found_by_its_own_id_only(server: Served, upload_id: str):
    for method, path in (("GET", ""), ("DELETE", ""), ("PUT", "/parts/1")):
        answer = server.send(
            method, f"/api/ext/v1/artifacts/uploads/{upload_id}{path}", b"" if method == "PUT" else None
        )
        assert answer.status in {400, 404}


@pytest.mark.parametrize("journal_id", ["%2e%2e%2fx", "x" * 300, "%00"])
def test_a_journal_has_an_id_of_its_own_form(server: Served, journal_id: str):
    body = struct.pack("<QI", 0, 0)
    headers = {"Content-Type": "application/vnd.mlflow.journal"}
    answer = server.send("POST", f"/api/ext/v1/journals/{journal_id}/frames", body, headers)
    assert answer.status in {400, 404}
