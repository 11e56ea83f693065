"""Kubernetes jobs: manifests that a cluster takes, and what is made of its answers.

There is no cluster here: manifests are checked against the schemas of Kubernetes, and the real kubectl talks to a
server that keeps jobs in memory and answers as the API does.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

import mlflow
from mlflow.exceptions import ExecutionException
from mlflow.projects.kubernetes import (
    InvalidJobTemplate,
    KubernetesFailed,
    KubernetesSubmittedRun,
    job_manifest,
    read_template,
)
from mlflow.tracking.client import MlflowClient

TEMPLATE = """\
apiVersion: batch/v1
kind: Job
metadata:
  namespace: training
spec:
  ttlSecondsAfterFinished: 100
  backoffLimit: 0
  template:
    spec:
      containers:
        - name: replaced
          image: replaced
          resources: {limits: {memory: 512Mi}}
          env:
            - {name: KEPT, value: "1"}
            - {name: MLFLOW_RUN_ID, value: replaced}
      restartPolicy: Never
"""
PROJECT = """\
name: My Project
docker_env: {image: "registry.example/train:1"}
entry_points:
  main: {parameters: {lr: float}, command: "python train.py --lr {lr}"}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "job.yaml"
    path.write_text(TEMPLATE)
    return path


def test_a_manifest_is_what_kubernetes_takes(template: Path) -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="install kubernetes-validate for the schemas")
    command = ["python", "train.py", "--lr", "0.1"]
    manifest = job_manifest(read_template(template), "My Project", "train:1@sha256:0", command, {"MLFLOW_RUN_ID": "r"})
    validate.validate(manifest, "1.29", strict=True)
    container = manifest["spec"]["template"]["spec"]["containers"][0]
    assert container["command"] == command
    assert container["image"] == "train:1@sha256:0"
    assert container["resources"] == {"limits": {"memory": "512Mi"}}
    assert container["env"] == [{"name": "KEPT", "value": "1"}, {"name": "MLFLOW_RUN_ID", "value": "r"}]
    assert manifest["metadata"]["namespace"] == "training"
    assert manifest["metadata"]["name"].startswith("my-project-")
    assert read_template(template)["metadata"] == {"namespace": "training"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: Pod\n", "kind: Job"),
        ("kind: Job\nspec: {template: {spec: {containers: []}}}\n", "no container"),
        ("[", "read"),
    ],
)
def test_a_wrong_template_is_told(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(InvalidJobTemplate, match=words):
        read_template(tmp_path / "t.yaml")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Jobs by path, behind an API that kubectl speaks to."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    jobs: dict[str, Any] = {}

    class Api(BaseHTTPRequestHandler):
        def answer(self, code: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def body(self) -> bytes:
            if "Content-Length" in self.headers:
                return self.rfile.read(int(self.headers["Content-Length"]))
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def do_POST(self) -> None:
            job = json.loads(self.body())
            jobs[f"{self.path}/{job['metadata']['name']}"] = job | {"status": {"active": 1}}
            self.answer(201, job)

        def do_GET(self) -> None:
            self.answer(200, jobs[self.path]) if self.path in jobs else self.answer(404, {"kind": "Status"})

        def do_DELETE(self) -> None:
            jobs.pop(self.path.partition("?")[0])
            self.answer(200, {"kind": "Status", "status": "Success"})

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "contexts": [{"name": "there", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {}}],
    }
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    yield jobs
    server.shutdown()
    server.server_close()


@pytest.fixture
def submitted(cluster: dict[str, Any], template: Path, store: MlflowClient, tmp_path: Path) -> KubernetesSubmittedRun:
    folder = tmp_path / "dockered"
    folder.mkdir()
    (folder / "MLproject").write_text(PROJECT)
    config = {"kube-job-template-path": str(template), "kube-context": "there"}
    made = mlflow.projects.run(
        str(folder), parameters={"lr": 0.1}, backend="kubernetes", backend_config=config, synchronous=False
    )
    assert isinstance(made, KubernetesSubmittedRun)
    return made


def test_a_job_runs_and_its_end_is_the_runs(
    cluster: dict[str, Any], submitted: KubernetesSubmittedRun, store: MlflowClient
) -> None:
    ((path, job),) = cluster.items()
    assert path.startswith("/apis/batch/v1/namespaces/training/jobs/my-project-")
    container = job["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "registry.example/train:1"
    assert container["command"] == ["python", "train.py", "--lr", "0.1"]
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    assert variables["MLFLOW_RUN_ID"] == submitted.run_id
    assert submitted.get_status() == "RUNNING"
    job["status"] = {"conditions": [{"type": "Complete", "status": "True"}], "succeeded": 1}
    assert submitted.wait() is True
    found = store.get_run(submitted.run_id)
    assert found.info.status == "FINISHED"
    assert found.data.params == {"lr": "0.1"}
    assert found.data.tags["mlflow.project.backend"] == "kubernetes"


def test_a_job_that_fails_is_a_failed_run(
    cluster: dict[str, Any], submitted: KubernetesSubmittedRun, store: MlflowClient
) -> None:
    (job,) = cluster.values()
    job["status"] = {"conditions": [{"type": "Failed", "status": "True"}], "failed": 1}
    assert submitted.wait() is False
    assert store.get_run(submitted.run_id).info.status == "FAILED"


def test_a_cancelled_job_is_deleted(
    cluster: dict[str, Any], submitted: KubernetesSubmittedRun, store: MlflowClient
) -> None:
    submitted.cancel()
    assert cluster == {}
    assert (submitted.get_status(), store.get_run(submitted.run_id).info.status) == ("KILLED", "KILLED")


def test_a_template_must_be_named(store: MlflowClient, project: Path) -> None:
    with pytest.raises(ExecutionException, match="has no 'kube-job-template-path'"):
        mlflow.projects.run(str(project), "pipe", backend="kubernetes")


def test_waiting_outlives_a_cluster_that_does_not_answer_for_a_while(
    store: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    kubectl = tmp_path / "bin" / "kubectl"
    kubectl.write_text(
        '#!/bin/sh\necho >> asked\n[ "$(wc -l < asked)" -le "$(cat failures)" ] && { echo away >&2; exit 1; }\n'
        """echo '{"status": {"succeeded": 1}}'\n"""
    )
    kubectl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{kubectl.parent}:/usr/bin:/bin")
    monkeypatch.setattr(KubernetesSubmittedRun, "POLL_STATUS_INTERVAL", 0.0)
    for failures in (4, 5):
        (tmp_path / "failures").write_text(str(failures))
        (tmp_path / "asked").unlink(missing_ok=True)
        run_id = store.create_run("0").info.run_id
        submitted = KubernetesSubmittedRun(run_id, "job", "default", tracking_uri=store.tracking_uri)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'another.db'}")
        if failures == 4:
            assert submitted.wait() is True
            assert store.get_run(run_id).info.status == "FINISHED"
        else:
            with pytest.raises(KubernetesFailed, match="away"):
                submitted.wait()
