"""Images that are built and run, by whichever of docker, podman and buildah is there.

MLFLOW_TEST_BASE_IMAGE is an image like python:3.11-slim, or `own` for one of this interpreter;
MLFLOW_TEST_BUILD_ARGUMENTS has words for the builder.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

from mlflow.serving.images.build import find_builder
from mlflow.serving.images.dockerfile import USER
from mlflow.serving.images.recipe import MODEL_FOLDER
from tests.fixtures.containers import CONTAINERS
from tests.fixtures.processes import Child, free_port
from tests.serving.own_image import import_own_image
from tests.serving.samples import ROWS

BASE = os.environ.get("MLFLOW_TEST_BASE_IMAGE", "")  # read before tests lose such settings
BUILD_ARGUMENTS = os.environ.get("MLFLOW_TEST_BUILD_ARGUMENTS", "").split()
IMAGE = "localhost/mlflow-test-image:1"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not BASE, reason="set MLFLOW_TEST_BASE_IMAGE to an image with Python, or to own"),
]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The image that MLFLOW_TEST_BASE_IMAGE names."""
    if BASE != "own":
        return BASE
    (tmp_path / "containers.conf").write_text(CONTAINERS)
    monkeypatch.setenv("CONTAINERS_CONF", str(tmp_path / "containers.conf"))
    (tmp_path / "own").mkdir()
    return import_own_image(find_builder(), tmp_path / "own")


class Container:
    """A container of the image, at a port of this machine."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.tool, self.name, self.port = find_builder(), f"mlflow-test-{os.getpid()}", free_port()
        how = ["--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp"]
        told = ["--name", self.name, "-e", f"MLFLOW_PORT={self.port}", "-e", "MLFLOW_HOST=127.0.0.1"]
        self.process = Child([self.tool, "run", *how, *told, *options, IMAGE], folder / "container.log", {}, folder)
        self.process.wait_until(lambda: self.answers("/ping"), 120, pause=0.1)

    def answers(self, path: str) -> bool:
        try:
            return urllib3.request("GET", f"http://127.0.0.1:{self.port}{path}", retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def predictions(self, body: object) -> object:
        return urllib3.request("POST", f"http://127.0.0.1:{self.port}/invocations", json=body).json()

    def run(self, *words: str) -> str:
        done = subprocess.run([self.tool, "exec", self.name, *words], capture_output=True, text=True, check=True)
        return done.stdout


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Container]:
    container = Container(folder, *options)
    try:
        yield container
    finally:
        container.process.stop()


def build(base: str, *words: str) -> None:
    command = ["models", "build-docker", "-n", IMAGE, "--base-image", base, *words, "--", *BUILD_ARGUMENTS]
    subprocess.run([sys.executable, "-m", "mlflow.cli", *command], check=True)


def test_a_built_image_answers_without_rights_and_has_only_what_its_model_asks_for(
    models: Path, tmp_path: Path, base: str
) -> None:
    model = Path(shutil.copytree(models / "logistic", tmp_path / "model"))
    with (model / "requirements.txt").open("a") as file:
        file.write("\nskops\n")  # which reads the sample, and which tests have anyway
    build(base, "-m", str(model))
    told = subprocess.run(
        [find_builder(), "image", "inspect", "--format", "{{json .}}", IMAGE], capture_output=True, check=True
    )
    image = json.loads(told.stdout)
    image = image[0] if isinstance(image, list) else image  # as podman writes it
    healthcheck = (image.get("Healthcheck") or image["Config"]["Healthcheck"])["Test"]
    with running(tmp_path) as container:
        assert container.predictions({"dataframe_split": ROWS.to_dict(orient="split")}) == {"predictions": [0, 0, 1, 1]}
        assert healthcheck[0] == "CMD"
        container.run(*healthcheck[1:])
        assert container.run("python", "-c", "import os; print(os.getuid(), os.getgid())").split() == [str(USER)] * 2
        listed = container.run("python", "-m", "pip", "list", "--not-required", "--format", "json")
        lines = (model / "requirements.txt").read_text().lower().splitlines()
        asked = {re.split(r"[^a-z0-9.-]", line)[0] for line in lines}
        assert {one["name"].lower() for one in json.loads(listed.splitlines()[0])} <= asked | {
            "mlflow",
            "pip",
            "setuptools",
            "wheel",
        }
        kept = container.run("python", "-c", "import glob; print(glob.glob('/build') + glob.glob('/etc/pip.conf'))")
        assert kept.strip() == "[]"
        container.process.terminate()
        assert container.process.wait() == 0


def test_an_image_without_a_model_serves_the_one_that_is_mounted(models: Path, tmp_path: Path, base: str) -> None:
    build(base, "--env-manager", "local")
    with running(tmp_path, "-v", f"{models / 'free'}:{MODEL_FOLDER}:ro") as container:
        asked = {"dataframe_split": {"columns": ["wanted"], "data": [["list"]]}}
        assert container.predictions(asked) == {"predictions": [1, "two", None, [3]]}
