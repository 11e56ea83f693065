"""Sources of model versions that lead out of their store. Each test carries the advisories it stands for."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest

from mlflow.asgi.responses import Scope
from mlflow.contract.caller import EVERYONE, Caller, Permission
from tests.server.served import JSON, Answer, Served, served

# {run} is a run of the server's, {root} its artifacts' folder on disk, {secret} the folder of a file nobody may reach
OUTSIDE = [
    pytest.param("{secret}", id="an absolute path (CVE-2023-1177)"),
    pytest.param("/", id="the whole disk"),
    pytest.param("secret.txt", id="a relative path"),
    pytest.param("file://{secret}", id="a file URI (CVE-2023-1177)"),
    pytest.param("file:{secret}", id="a file URI without slashes (CVE-2024-3573)"),
    pytest.param("FILE://{secret}", id="a file URI in capitals"),
    pytest.param("file://localhost{secret}", id="a file URI with this host"),
    pytest.param("file://other{secret}", id="a file URI with a host"),
    pytest.param("//{secret}", id="no scheme but a host (CVE-2024-3573)"),
    pytest.param("{root}/../../../{name}", id="out of the run's folder (CVE-2023-2356)"),
    pytest.param("file://{root}/../../../{name}", id="out of it in a file URI (CVE-2023-2356)"),
    pytest.param("file://{root}/%2e%2e/%2e%2e/{name}", id="percent-encoded dots"),
    pytest.param("file://{root}/%252e%252e/{name}", id="dots encoded twice (CVE-2024-1560)"),
    pytest.param("{root}\\..\\..\\{name}", id="backslashes (CVE-2023-2780)"),
    pytest.param("file://{root}/\\..\\..\\{name}", id="backslashes in a file URI (CVE-2023-2780)"),
    pytest.param("{root}/link", id="a link that leads out"),
    pytest.param("file://{root}?/../../../..{secret}", id="a query (CVE-2023-6909)"),
    pytest.param("file://{root}#/../../../..{secret}", id="a fragment (CVE-2024-1483)"),
    pytest.param("file://{root};/../../../..{secret}", id="path params (CVE-2024-1593)"),
    pytest.param("mlflow-artifacts:/0/{run}/artifacts/../../..", id="out of the proxied root (CVE-2023-2356)"),
    pytest.param("mlflow-artifacts:/0/{run}/artifacts/%2e%2e/%2e%2e", id="out of it, encoded"),
    pytest.param("mlflow-artifacts:/0/{run}/artifacts#/../../..", id="a fragment behind it (CVE-2024-3848)"),
    pytest.param("mlflow-artifacts:/0/{other}/artifacts", id="another run's files"),
    pytest.param("mlflow-artifacts:/0", id="the folder above the run"),
    pytest.param("mlflow-artifacts:/", id="all proxied files"),
    pytest.param("mlflow-artifacts://host/0/{run}/artifacts", id="another artifact server"),
    pytest.param("http://host/api/2.0/mlflow-artifacts/artifacts/0/{other}/artifacts", id="another run's, by address"),
    pytest.param("http://169.254.169.254/latest/meta-data", id="the cloud's metadata (CVE-2023-6974)"),
    pytest.param("https://host/model", id="a web server"),
    pytest.param("ftp://host/model", id="an FTP server"),
    pytest.param("hdfs://host/model", id="a Hadoop cluster"),
    pytest.param("s3://bucket/a/../b", id="dots in an object's key (CVE-2023-2356)"),
    pytest.param("s3://bucket/a%2f..%2f..%2fb", id="encoded dots in an object's key"),
    pytest.param("s3://bucket", id="a whole bucket"),
    pytest.param("dbfs:/a?/../../../..{secret}", id="a query behind dbfs (CVE-2024-8859)"),
    pytest.param("runs:/{other}/model", id="another run than the one named"),
    pytest.param("runs:/{run}/../{other}", id="out of a run"),
    pytest.param("runs:/{run}/%2e%2e/x", id="out of a run, encoded"),
    pytest.param("models:/m-0123456789abcdef0123456789abcdef", id="another logged model than the one named"),
    pytest.param("models:/nobody/1", id="a model that is not there"),
    pytest.param("bogus:/../x", id="dots behind an unknown scheme"),
    pytest.param("s3://bucket/a\x00b", id="NUL"),
    pytest.param("file:/\x00{secret}", id="NUL in a file URI"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that keeps artifacts in a folder of its own, beside a file that no request may reach."""
    folder = tmp_path_factory.mktemp("registry")
    (folder / "kept").mkdir()
    (folder / "kept" / "secret.txt").write_text("top secret")
    with served(folder, identify, default_artifact_root=str(folder / "artifacts")) as running:
        yield running


def identify(scope: Scope) -> Caller:
    header = dict(scope["headers"]).get(b"x-grants")
    if header is None:
        return EVERYONE
    grants = {(kind, name): Permission[level] for kind, name, level in json.loads(header)}
    return Caller("mallory", grants=grants)


def folder_of(server: Served) -> Path:
    return Path(server.application.context.settings.default_artifact_root or "").parent


def new_model(server: Served) -> str:
    name = f"model-{uuid4().hex}"
    assert server.post("registered-models/create", {"name": name}).status == 200
    return name


def run_with_model(server: Served) -> tuple[str, Path]:
    run_id = server.new_run()
    root = folder_of(server) / "artifacts" / "0" / run_id / "artifacts"
    (root / "model").mkdir(parents=True)
    (root / "model" / "MLmodel").write_text("flavors: {}")
    (root / "link").symlink_to(folder_of(server) / "kept")
    return run_id, root


def create(server: Served, name: str, source: str, run_id: str = "", **more: object) -> Answer:
    headers = more.pop("headers", {})
    body = {"name": name, "source": source, **({"run_id": run_id} if run_id else {}), **more}
    assert isinstance(headers, dict)
    return server.post("model-versions/create", body, headers)


@pytest.mark.parametrize("tagged", [False, True], ids=["plain", "as a prompt (CVE-2026-2614)"])
@pytest.mark.parametrize("named", [True, False], ids=["with the run", "without a run"])
@pytest.mark.parametrize("source", OUTSIDE)
def test_source_outside_its_store_registers_nothing(server: Served, source: str, named: bool, tagged: bool):
    run_id, root = run_with_model(server)
    name = new_model(server)
    kept = folder_of(server) / "kept"
    text = source.format(run=run_id, root=root, secret=kept, name="kept", other="f" * 32)
    tags = [{"key": "mlflow.prompt.is_prompt", "value": "true"}] if tagged else []
    answer = create(server, name, text, run_id if named else "", tags=tags)
    assert answer.status in {400, 404}, answer.body
    assert b"top secret" not in answer.body
    query = urlencode({"filter": f"name = '{name}'"})
    assert server.get(f"/api/2.0/mlflow/model-versions/search?{query}").json == {}


@pytest.mark.parametrize(
    "source",
    ["{root}/model", "file://{root}/model", "runs:/{run}/model", "s3://bucket/model", "gs://bucket/model", "dbfs:/m"],
)
def test_source_inside_its_store_is_registered(server: Served, source: str):
    run_id, root = run_with_model(server)
    name = new_model(server)
    answer = create(server, name, source.format(root=root, run=run_id), run_id)
    assert answer.status == 200, answer.body


def test_files_of_a_version_are_read_where_its_run_keeps_them(server: Served):
    run_id, root = run_with_model(server)
    name = new_model(server)
    create(server, name, f"{root}/model", run_id)
    create(server, name, f"runs:/{run_id}/model", run_id)
    create(server, name, f"models:/{name}/1")
    for version in ("1", "2", "3"):
        where = urlencode({"name": name, "version": version})
        answer = server.get(f"/model-versions/get-artifact?{where}&path=MLmodel")
        assert (answer.status, answer.body) == (200, b"flavors: {}")
        assert answer.headers["content-disposition"].startswith("attachment")
        listed = server.get(f"/api/ext/v1/registry/artifacts?{where}").json
        assert [file["path"] for file in listed["files"]] == ["MLmodel"]
        assert server.get(f"/api/ext/v1/registry/document?{where}").json == {"document": {"flavors": {}}}


@pytest.mark.parametrize("path", ["../../secret.txt", "..%2f..%2fsecret.txt", "%252e%252e/x", "/etc/passwd", "..\\x"])
def test_path_below_a_version_leads_nowhere_else_cve_2023_1177(server: Served, path: str):
    run_id, root = run_with_model(server)
    name = new_model(server)
    create(server, name, f"{root}/model", run_id)
    answer = server.get(f"/model-versions/get-artifact?name={name}&version=1&path={path}")
    assert answer.status in {400, 404}
    assert b"top secret" not in answer.body


def test_files_of_a_source_that_the_run_does_not_hold_are_not_read_with_the_servers_credentials(server: Served):
    name = new_model(server)
    create(server, name, "s3://somebody-elses-bucket/model")
    answer = server.get(f"/model-versions/get-artifact?name={name}&version=1&path=MLmodel")
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")


def test_source_written_past_the_server_is_not_read_either(server: Served):
    name = new_model(server)
    kept = folder_of(server) / "kept"
    server.application.context.store.model_versions.create_model_version(EVERYONE, name, str(kept))
    answer = server.get(f"/model-versions/get-artifact?name={name}&version=1&path=secret.txt")
    assert answer.status == 403
    assert b"top secret" not in answer.body


def test_files_are_read_by_those_only_who_may_read_the_model_cve_2025_14297_cve_2026_33866(server: Served):
    run_id, root = run_with_model(server)
    name = new_model(server)
    create(server, name, f"{root}/model", run_id)
    for grants in ([], [["experiment", "0", "MANAGE"]]):
        headers = {"X-Grants": json.dumps(grants)}
        for path in (
            "/model-versions/get-artifact",
            *(f"/api/ext/v1/registry/{of}" for of in ("artifacts", "document")),
        ):
            answer = server.get(f"{path}?name={name}&version=1&path=MLmodel", headers)
            assert answer.status == 403


def test_another_models_files_cannot_be_copied_without_reading_it(server: Served):
    run_id, root = run_with_model(server)
    name, own = new_model(server), new_model(server)
    create(server, name, f"{root}/model", run_id)
    headers = {"X-Grants": json.dumps([["registered_model", own, "MANAGE"]])}
    assert create(server, own, f"models:/{name}/1", headers=headers).status == 403
    assert create(server, own, f"{root}/model", run_id, headers=headers).status == 403


def test_search_shows_readable_models_only_cve_2026_2734(server: Served):
    shown, hidden = new_model(server), new_model(server)
    for name in (shown, hidden):
        create(server, name, "s3://bucket/model")
    headers = {"X-Grants": json.dumps([["registered_model", shown, "READ"]])}
    for what in ("registered-models", "model-versions"):
        for api in ("/api", "/ajax-api"):
            answer = server.get(f"{api}/2.0/mlflow/{what}/search?max_results=1000", headers)
            assert shown.encode() in answer.body
            assert hidden.encode() not in answer.body


def test_names_that_decode_to_another_models_are_models_of_their_own_cve_2024_3099(server: Served):
    name = new_model(server)
    twin = quote(name).replace("-", "%2D")
    assert server.post("registered-models/create", {"name": twin}).status == 200
    server.send("DELETE", "/api/2.0/mlflow/registered-models/delete", json.dumps({"name": twin}).encode(), JSON)
    assert server.get(f"/api/2.0/mlflow/registered-models/get?name={name}").status == 200
