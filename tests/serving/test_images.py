"""Images that serve a model: what they are built from, and that nothing of a model's words is run."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3
import yaml
from click.testing import CliRunner

import mlflow
from mlflow.cli import cli
from mlflow.environments.pip_settings import pip_conf
from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.images.build import build_docker, find_builder, write_dockerfile
from mlflow.serving.images.recipe import MODEL_FOLDER
from tests.fixtures.processes import Child, free_port

Write = Callable[..., Path]


@pytest.fixture
def model(models: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(models / "logistic", tmp_path / "model"))


@pytest.fixture
def write(model: Path, tmp_path: Path) -> Write:
    """Write what an image of the model is built from; `env_manager` and what else `write_dockerfile` takes."""

    def call(uri: Path | None = model, env_manager: str = "virtualenv", **how: object) -> Path:
        write_dockerfile(tmp_path / "context", None if uri is None else str(uri), env_manager, **how)  # type: ignore[arg-type]
        return tmp_path / "context"

    return call


def instructions(context: Path) -> list[tuple[str, str]]:
    """Instructions of a Dockerfile, in order."""
    lines = (context / "Dockerfile").read_text().splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line and not line.startswith("#")]


def last(context: Path, name: str) -> str:
    return [value for kind, value in instructions(context) if kind == name][-1]


def stages(context: Path) -> list[str]:
    """The stage that builds, and the one that runs."""
    return (context / "Dockerfile").read_text().split("\nFROM ")[1:]


def edit(path: Path, **changes: object) -> None:
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))


def test_an_image_has_the_models_requirements_and_the_mlflow_that_runs(write: Write) -> None:
    context = write()
    own, *others = (context / "requirements.txt").read_text().splitlines()
    assert own == f"mlflow @ file:///build/packages/mlflow-{mlflow.__version__.replace('+', '%2B')}-py3-none-any.whl"
    assert any(line.startswith("scikit-learn") for line in others)
    assert not any(line.startswith("mlflow") for line in others)
    with zipfile.ZipFile(context / "packages" / f"mlflow-{mlflow.__version__}-py3-none-any.whl") as wheel:
        assert "mlflow/serving/app.py" in wheel.namelist()
    assert (context / "model" / "MLmodel").is_file()


def test_an_image_is_small_and_runs_as_nobody_in_particular(write: Write) -> None:
    context = write()
    bases = [value for kind, value in instructions(context) if kind == "FROM"]
    minor = ".".join(map(str, sys.version_info[:2]))
    assert bases == [f"python:{minor}-slim AS build", f"python:{minor}-slim"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last(context, "USER"))
    running = stages(context)[1]
    assert "COPY packages/" not in running
    assert "pip.conf" not in running


def test_every_command_has_the_exec_form(write: Write) -> None:
    context = write()
    assert json.loads(last(context, "CMD"))[:3] == ["mlflow", "models", "serve"]
    assert json.loads(last(context, "HEALTHCHECK").partition(" CMD ")[2])[0] == "python"
    for kind, value in instructions(context):
        if kind == "RUN":
            assert json.loads(re.sub(r"--mount=\S+ ", "", value))


HOSTILE = ['numpy"] && touch /tmp/owned', "$(touch /tmp/owned)", "`id`", "a\nRUN touch /tmp/owned", "--x; id", "x\\"]


def test_no_word_of_a_model_gets_into_the_dockerfile(write: Write, model: Path) -> None:
    harmless = (write() / "Dockerfile").read_text()
    edit(model / "python_env.yaml", dependencies=HOSTILE, build_dependencies=["pip\nUSER 0"])
    edit(model / "MLmodel", run_id="$(id)\nUSER 0", model_uuid="'; id", metadata={"\nRUN id": "\nRUN id"})
    context = write()
    assert (context / "Dockerfile").read_text() == harmless
    lines = (context / "requirements.txt").read_text().splitlines()
    assert "a RUN touch /tmp/owned" in lines
    assert len(lines) == 1 + 1 + len(HOSTILE)


@pytest.mark.parametrize("version", ["3.11\nRUN id", "$(id)", "3.11-slim AS x", "latest", "../x:1"])
def test_a_python_that_is_no_version_is_refused(write: Write, model: Path, version: str) -> None:
    edit(model / "python_env.yaml", python=version)
    with pytest.raises(InvalidParameterValue, match="no version"):
        write()


@pytest.mark.parametrize("image", ["a b", "x\nRUN id", "--privileged", "", "UPPER/Case:1", "x:1 AS y", "a" * 500])
def test_what_is_no_name_of_an_image_is_refused(write: Write, image: str) -> None:
    with pytest.raises(InvalidParameterValue, match="not the name of an image"):
        write(base_image=image)
    with pytest.raises(InvalidParameterValue, match="not the name of an image"):
        build_docker(name=image)


def test_a_base_of_the_users_takes_the_place_of_the_usual(write: Write) -> None:
    context = write(base_image="registry.example:5000/team/python:3.12@sha256:" + "0" * 64)
    assert last(context, "FROM").startswith("registry.example:5000/team/python:3.12@sha256:")


def test_a_package_in_the_models_folder_is_found_in_the_image(write: Write, model: Path) -> None:
    (model / "own").mkdir()
    edit(model / "python_env.yaml", dependencies=["./own/package-1.0-py3-none-any.whl", "-e ./own"])
    context = write()
    lines = (context / "requirements.txt").read_text().splitlines()
    assert lines[-2:] == [f"{MODEL_FOLDER}/own/package-1.0-py3-none-any.whl", f"-e {MODEL_FOLDER}/own"]
    building = stages(context)[0]
    assert f"COPY model/ {MODEL_FOLDER}/" in building


@pytest.mark.parametrize("line", ["/srv/wheels/a.whl", "-e /srv/a", "a @ file:///srv/a.whl", "../a.whl", "./x/../../a"])
def test_a_package_of_this_machine_is_refused(write: Write, model: Path, line: str) -> None:
    edit(model / "python_env.yaml", dependencies=[line])
    with pytest.raises(InvalidParameterValue, match="path of this machine"):
        write()


def test_a_link_out_of_the_models_folder_is_refused(write: Write, model: Path) -> None:
    (model / "secret").symlink_to("/etc/passwd")
    with pytest.raises(InvalidParameterValue, match="link to '/etc/passwd'"):
        write()


def test_whoever_the_container_runs_as_can_read_the_model(write: Write, model: Path) -> None:
    (model / "MLmodel").chmod(0o600)
    model.chmod(0o700)
    context = write()
    assert stat.S_IMODE((context / "model").stat().st_mode) == 0o755
    assert stat.S_IMODE((context / "model" / "MLmodel").stat().st_mode) == 0o644


def test_writing_again_leaves_nothing_of_another_model(write: Write, models: Path) -> None:
    write()
    context = write(models / "typed")
    assert sorted(path.name for path in (context / "model").iterdir()) == sorted(
        path.name for path in (models / "typed").iterdir() if path.name != "__pycache__"
    )


def test_a_repository_is_cloned_while_building_only(write: Write, model: Path) -> None:
    edit(model / "python_env.yaml", dependencies=["a @ git+https://example.org/a.git@v1"])
    building, running = stages(write())
    assert "apt-get install -y --no-install-recommends git " in building
    assert "apt-get" not in running


@pytest.mark.parametrize(
    ("flavor", "how", "package"),
    [
        pytest.param("lightgbm", {}, "libgomp1", id="a library that the wheel lacks"),
        pytest.param("spark", {}, "default-jre-headless", id="java for what needs it"),
        pytest.param("other", {"install_java": True}, "default-jre-headless", id="java on demand"),
        pytest.param("spark", {"install_java": False}, None, id="no java on demand"),
    ],
)
def test_packages_of_the_system_are_those_that_the_model_needs(
    write: Write, model: Path, flavor: str, how: dict[str, bool], package: str | None
) -> None:
    manifest = yaml.safe_load((model / "MLmodel").read_text())
    manifest["flavors"][flavor] = {}
    (model / "MLmodel").write_text(yaml.safe_dump(manifest))
    running = stages(write(**how))[1]
    assert (package is None and "apt-get" not in running) or (package is not None and f"{package} " in running)


def test_an_image_without_a_model_builds_its_environment_when_it_starts(write: Write) -> None:
    context = write(None)
    assert not (context / "model").exists()
    assert "COPY model/" not in (context / "Dockerfile").read_text()
    assert json.loads(last(context, "CMD"))[-2:] == ["--env-manager", "uv"]
    assert (context / "requirements.txt").read_text().splitlines()[1:] == ["uv"]
    assert json.loads(last(write(None, "local"), "CMD"))[-1] == "local"
    with pytest.raises(InvalidParameterValue, match="without a model"):
        write(None, "conda")


def test_conda_makes_the_environment_of_its_file(write: Write, model: Path) -> None:
    edit(model / "conda.yaml", dependencies=["python=3.11", "libfoo=1", {"pip": ["six", "mlflow==3.17.2", "./own"]}])
    context = write(env_manager="conda")
    content = yaml.safe_load((context / "conda.yaml").read_text())
    assert content["dependencies"][:2] == ["python=3.11", "libfoo=1"]
    assert content["dependencies"][-1] == {"pip": ["six", f"{MODEL_FOLDER}/own"]}
    first = next(value for kind, value in instructions(context) if kind == "RUN")
    assert json.loads(re.sub(r"--mount=\S+ ", "", first))[:3] == ["conda", "env", "create"]


def test_another_mlflow_is_refused(write: Write) -> None:
    with pytest.raises(InvalidParameterValue, match="they have the one that runs the command"):
        write(mlflow_home="/srv/mlflow")


def test_the_command_writes_the_files(model: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["models", "generate-dockerfile", "-m", str(model), "-d", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    names = {".dockerignore", "Dockerfile", "constraints.txt", "model", "packages", "requirements.txt"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


STAND_IN = """#!{python}
import json, pathlib, sys
if sys.argv[1] == "version":
    sys.exit({answers})
secrets = [word.partition("src=")[2] for word in sys.argv if word.startswith("id=")]
context = pathlib.Path(sys.argv[-1])
found = [sys.argv[1:], [pathlib.Path(path).name for path in secrets], sorted(path.name for path in context.iterdir())]
pathlib.Path({told!r}).write_text(json.dumps(found))
sys.exit({status})
"""


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put a program in the place of docker, podman and buildah that writes down what it is called with."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def make(name: str, *, answers: int = 0, status: int = 0) -> Path:
        told = tmp_path / f"{name}.json"
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(STAND_IN.format(python=sys.executable, told=str(told), answers=answers, status=status))
        program.chmod(0o755)
        return told

    return make


def test_whichever_builder_answers_builds(builder: Callable[..., Path], model: Path) -> None:
    builder("docker", answers=1)
    told = builder("podman")
    assert Path(find_builder()).name == "podman"
    command = ["models", "build-docker", "-m", str(model), "-n", "team/churn:7", "--", "--network", "host"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    words, secrets, files = json.loads(told.read_text())
    assert words[:5] == ["build", "--tag", "team/churn:7", "--format", "docker"]
    assert words[-3:-1] == ["--network", "host"]
    assert secrets == list(pip_conf())
    assert "Dockerfile" in files


def test_a_builder_that_fails_or_is_missing_is_told(builder: Callable[..., Path], model: Path) -> None:
    command = ["models", "build-docker", "-m", str(model)]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 1
    assert "Neither docker, podman nor buildah is there" in done.stderr
    builder("buildah", status=3)
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 1
    assert "ended with exit code 3" in done.stderr


def test_settings_of_pip_go_along_as_far_as_a_container_can_use_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("certificate")
    (tmp_path / "pip.conf").write_text(
        f"[global]\nindex-url = https://index.example/simple\nfind-links = /srv/wheels https://example.org/w\n"
        f"cert = {tmp_path / 'ca.pem'}\nconstraint = /srv/constraints.txt\n"
    )
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    found = pip_conf()
    lines = found["pip.conf"].decode().splitlines()
    assert "index-url = https://index.example/simple" in lines
    assert "find-links = https://example.org/w" in lines
    assert "cert = /run/secrets/ca.pem" in lines
    assert not any("/srv" in line for line in lines)
    assert found["ca.pem"] == b"certificate"


def answers(port: int) -> bool:
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}/ping", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


@pytest.mark.faults
def test_the_images_command_serves_and_its_health_check_tells(write: Write, model: Path, tmp_path: Path) -> None:
    context = write()
    port = free_port()
    variables = {"MLFLOW_HOST": "127.0.0.1", "MLFLOW_PORT": str(port)}
    here = {"mlflow": [sys.executable, "-m", "mlflow.cli"], MODEL_FOLDER: [str(context / "model")]}
    command = [part for word in json.loads(last(context, "CMD")) for part in here.get(word, [word])]
    python, *check = json.loads(last(context, "HEALTHCHECK").partition(" CMD ")[2])
    assert python == "python"

    def healthy() -> bool:
        asked = [sys.executable, *check]
        done = subprocess.run(asked, env={**os.environ, **variables}, capture_output=True, check=False, timeout=60)
        return done.returncode == 0

    server = Child(command, tmp_path / "image.log", variables, tmp_path)
    try:
        server.wait_until(lambda: answers(port), pause=0.1)
        assert healthy()
    finally:
        server.stop()
    assert not healthy()
