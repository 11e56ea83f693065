"""Backends of plugins, spark-submit, and containers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from mlflow.exceptions import ExecutionException
from mlflow.projects.backend.loader import backend_names, load_backend
from mlflow.projects.backend.spark import NoSparkScript, submit_command
from mlflow.projects.docker import DockerMissing, find_docker
from mlflow.tracking.client import MlflowClient
from tests.fixtures.containers import CONTAINERS

PLUGIN = """\
from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.submitted_run import SubmittedRun
from mlflow.projects.utils import (
    MLFLOW_LOCAL_BACKEND_RUN_ID_CONFIG, PROJECT_SYNCHRONOUS, fetch_and_validate_project, get_entry_point_command,
    get_or_create_run, get_run_env_vars, load_project,
)

class Done(SubmittedRun):
    def __init__(self, run_id, command, variables):
        self._run_id, self.command, self.variables = run_id, command, variables
    run_id = property(lambda self: self._run_id)
    def wait(self): return True
    def get_status(self): return "FINISHED"
    def cancel(self): pass

class Backend(AbstractBackend):
    def run(self, project_uri, entry_point, params, version, backend_config, tracking_uri, experiment_id):
        work_dir = fetch_and_validate_project(project_uri, version, entry_point, params)
        run_id = backend_config.get(MLFLOW_LOCAL_BACKEND_RUN_ID_CONFIG)
        run = get_or_create_run(run_id, project_uri, experiment_id, work_dir, version, entry_point, params)
        command = get_entry_point_command(load_project(work_dir), entry_point, params, None)
        assert backend_config[PROJECT_SYNCHRONOUS] is True
        assert backend_config["own"] == 1
        return Done(run.info.run_id, command, get_run_env_vars(run.info.run_id, experiment_id))

def builder():
    return Backend()
"""
IMAGE = "localhost/mlflow-test-busybox:latest"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    info = site / "own_backend-1.dist-info"
    info.mkdir(parents=True)
    (site / "own_backend.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-backend\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[mlflow.project_backend]\nown = own_backend:builder\n")
    monkeypatch.syspath_prepend(str(site))
    yield
    sys.modules.pop("own_backend", None)


@pytest.mark.usefixtures("plugin")
def test_a_plugins_backend_gets_the_project(store: MlflowClient, project: Path) -> None:
    assert "own" in backend_names()
    submitted = mlflow.projects.run(str(project), parameters={"r": 1}, backend="own", backend_config={"own": 1})
    assert submitted.command == ["python show.py --a 0.1 --s 'x y' --r 1"]  # type: ignore[attr-defined]
    assert submitted.variables["MLFLOW_RUN_ID"] == submitted.run_id  # type: ignore[attr-defined]
    found = store.get_run(submitted.run_id)
    assert found.data.params == {"a": "0.1", "s": "x y", "r": "1"}
    assert found.data.tags["mlflow.project.entryPoint"] == "main"


def test_a_backend_that_is_not_there_is_none() -> None:
    assert load_backend("nowhere") is None


def test_spark_submit_takes_scripts_with_options() -> None:
    config = {"master": "local[2]", "conf": {"spark.ui.enabled": "false"}, "SYNCHRONOUS": True, "run_name": None}
    command = submit_command(["python", "job.py", "--n", "3"], config)
    options = ["--master", "local[2]", "--conf", "spark.ui.enabled=false"]
    assert command == ["spark-submit", *options, "job.py", "--n", "3"]
    with pytest.raises(NoSparkScript, match="no Python script"):
        submit_command(["bash", "-c", "true"], {})
    with pytest.raises(NoSparkScript, match="Unknown spark option 'masters'"):
        submit_command(["python", "job.py"], {"masters": "x"})


@pytest.mark.frameworks
@pytest.mark.timeout(300)
def test_a_script_runs_on_spark(
    frameworks_python: str, store: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = Path(frameworks_python).parent
    if shutil.which("java") is None or not (scripts / "spark-submit").exists():
        pytest.skip("no Java, or no pyspark in the environment of frameworks")
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "spark"
    folder.mkdir()
    (folder / "job.py").write_text(
        "import mlflow\nfrom pyspark.sql import SparkSession\n"
        "n = SparkSession.builder.getOrCreate().range(5).count()\n"
        "with mlflow.start_run():\n    mlflow.log_metric('n', n)\n"
    )
    config = json.dumps({"master": "local[1]", "conf": {"spark.ui.enabled": "false"}})
    options = ["-e", "job.py", "-b", "spark", "-c", config, "--env-manager", "local"]
    command = [frameworks_python, "-m", "mlflow.cli", "run", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr[-4000:]
    (found,) = store.search_runs(["0"])
    assert found.data.metrics == {"n": 5.0}
    assert found.data.tags["mlflow.project.backend"] == "spark"


def test_without_docker_a_container_project_says_what_to_install(
    store: MlflowClient, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "MLproject").write_text("docker_env: {image: x}\nentry_points: {main: {command: 'true'}}\n")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DockerMissing, match="neither docker nor podman is there"):
        mlflow.projects.run(str(project))
    (found,) = store.search_runs(["0"])
    assert found.info.status == "FAILED"
    with pytest.raises(ExecutionException, match="does not apply"):
        mlflow.projects.run(str(project), env_manager="uv")


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An image with a shell, made of this machine's own busybox, for an engine that runs without further rights."""
    (tmp_path / "containers.conf").write_text(CONTAINERS)
    monkeypatch.setenv("CONTAINERS_CONF", str(tmp_path / "containers.conf"))
    try:
        tool = find_docker()
    except DockerMissing as exc:
        pytest.skip(exc.message)
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("busybox is not installed")
    root = tmp_path / "root" / "bin"
    root.mkdir(parents=True)
    shutil.copy(busybox, root / "busybox")
    for name in ("sh", "true", "cp"):
        (root / name).symlink_to("busybox")
    subprocess.run(["tar", "-C", root.parent, "-cf", tmp_path / "root.tar", "."], check=True)
    made = subprocess.run([tool, "import", tmp_path / "root.tar", IMAGE], capture_output=True, text=True, check=False)
    probe = subprocess.run([tool, "run", "--rm", "--pull=never", IMAGE, "true"], capture_output=True, text=True)
    if made.returncode or probe.returncode:
        pytest.skip(f"{tool} runs no image here: {(made.stderr + probe.stderr).strip()[-300:]}")
    yield IMAGE
    subprocess.run([tool, "rmi", "--force", "built-one:latest", IMAGE], capture_output=True, check=False)


def test_a_container_gets_volumes_variables_and_the_code(store: MlflowClient, project: Path, image: str) -> None:
    (project / "data").mkdir()
    (project / "MLproject").write_text(
        f"docker_env: {{image: '{image}', volumes: ['./data:/data'], environment: [[OWN, a b]]}}\n"
        "entry_points:\n  main: {command: 'sh -c \"pwd > /data/out; echo $OWN $MLFLOW_RUN_ID >> /data/out\"'}\n"
    )
    submitted = mlflow.projects.run(str(project))
    shown = (project / "data" / "out").read_text().splitlines()
    assert shown == ["/mlflow/projects/code", f"a b {submitted.run_id}"]
    tags = store.get_run(submitted.run_id).data.tags
    assert (tags["mlflow.project.env"], tags["mlflow.docker.image.uri"]) == ("docker", image)
    assert tags["mlflow.docker.image.id"]
    (project / "inside.txt").write_text("built in\n")
    (project / "MLproject").write_text(
        f"name: Built One\ndocker_env: {{image: '{image}', volumes: ['./data:/data']}}\n"
        "entry_points:\n  main: {command: 'cp inside.txt /data/out'}\n"
    )
    built = mlflow.projects.run(str(project), build_image=True)
    assert (project / "data" / "out").read_text() == "built in\n"
    assert store.get_run(built.run_id).data.tags["mlflow.docker.image.uri"] == "built-one:latest"
