"""Virtual environments: what is in them, when they are reused, and what happens when they cannot be made."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

import mlflow
from mlflow.environments.built import Activation, made_once
from mlflow.environments.conda_environment import conda_environment
from mlflow.environments.failures import EnvironmentFailed
from mlflow.environments.python_environment import find_uv, python_environment
from mlflow.environments.specification import PythonSpecification, read_conda_env
from mlflow.environments.wheel import own_wheel

SIX = PythonSpecification(None, ("six",))


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "envs"))
    return tmp_path / "envs"


def python_says(activation: Activation, program: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {name: value for name, value in activation.variables.items() if value is not None}
    command = [*activation.prefix, "python", "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.faults
@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
def test_the_running_distribution_is_inside_and_a_second_call_finds_it(root: Path) -> None:
    specification = PythonSpecification(None, ("six", "mlflow-skinny"))  # an index's mlflow never gets in
    first = python_environment(specification, "uv")
    assert not first.reused
    program = "import mlflow, six, sys; print(mlflow.__version__, mlflow.__file__.startswith(sys.prefix))"
    assert python_says(first, program) == f"{mlflow.__version__} True"
    listed = python_says(first, "from importlib.metadata import distributions as d; print({i.name for i in d()})")
    assert "mlflow-skinny" not in listed
    began = time.process_time()
    again = python_environment(specification, "uv")
    assert again.reused
    assert again.folder == first.folder
    assert time.process_time() - began < 2


def test_a_package_that_is_not_to_be_had_is_named_and_nothing_is_left(root: Path) -> None:
    wrong = PythonSpecification(None, ("./gone/x-1-py3-none-any.whl",))
    with pytest.raises(EnvironmentFailed, match=r"Installing packages with (uv|pip) failed"):
        python_environment(wrong, "virtualenv")
    assert [path.name for path in root.iterdir() if path.name.startswith("python-") and path.is_dir()] == []


def test_a_python_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"3\.4"):
        python_environment(PythonSpecification("3.4"), "virtualenv")


def test_the_wheel_of_a_version_is_packed_once(tmp_path: Path) -> None:
    wheel = own_wheel(tmp_path)
    stamp = wheel.stat().st_mtime_ns
    assert wheel.name == f"mlflow-{mlflow.__version__}-py3-none-any.whl"
    assert own_wheel(tmp_path).stat().st_mtime_ns == stamp


def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "one"

    def fail(target: Path) -> None:
        target.mkdir()
        (target / "half").touch()
        raise EnvironmentFailed("the disk is full")

    with pytest.raises(EnvironmentFailed):
        made_once(folder, fail)
    assert not folder.exists()
    folder.mkdir()
    (folder / "left by a killed process").touch()
    assert made_once(folder, lambda target: target.mkdir()) is False
    assert not (folder / "left by a killed process").exists()
    assert made_once(folder, fail) is True


CONDA = "channels: [conda-forge]\ndependencies: [python=3.11, numpy, {pip: [six]}]\n"


def test_without_conda_its_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    Path("conda.yaml").write_text(CONDA)
    with pytest.raises(EnvironmentFailed, match=r"Neither conda.* and only they have numpy"):
        conda_environment(read_conda_env(Path("conda.yaml")))


@pytest.mark.parametrize(
    ("tool", "create", "run"),
    [
        ("conda", ["env", "create", "--quiet", "-p"], ["--no-capture-output"]),
        ("mamba", ["env", "create", "--quiet", "-p"], ["--no-capture-output"]),
        ("micromamba", ["create", "--yes", "--quiet", "-p"], []),
    ],
)
def test_the_arguments_of_conda(
    tool: str, create: list[str], run: list[str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """conda itself cannot be installed from a package registry, so this shows what it would be told."""
    home = tmp_path / "conda" / "bin"
    home.mkdir(parents=True)
    script = home / tool
    script.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" > "$ARGUMENTS"\n'
        'while [ "$1" != -p ]; do shift; done\nmkdir -p "$2/bin"\nprintf "#!/bin/sh\\n" > "$2/bin/python"\n'
        'chmod +x "$2/bin/python"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("ARGUMENTS", str(tmp_path / "arguments"))
    monkeypatch.setenv("MLFLOW_CONDA_HOME", str(tmp_path / "conda"))
    Path("conda.yaml").write_text(CONDA)
    activation = conda_environment(read_conda_env(Path("conda.yaml")))
    told = (tmp_path / "arguments").read_text().splitlines()
    assert told[:-3] == create
    assert told[-3] == activation.folder
    assert "numpy" in Path(told[-1]).read_text()
    assert list(activation.prefix) == [str(script), "run", "-p", activation.folder, *run]
    assert conda_environment(read_conda_env(Path("conda.yaml"))).reused


PIP_PROGRAM = """\
from mlflow.environments.python_environment import find_uv, python_environment
from mlflow.environments.specification import PythonSpecification
assert find_uv() is None
made = python_environment(PythonSpecification(None, ("six==1.16.0",)), "virtualenv")
again = python_environment(PythonSpecification(None, ("six==1.16.0",)), "virtualenv")
print(made.folder, made.reused, again.reused)
"""


@pytest.mark.faults
def test_without_uv_venv_and_pip_build_the_environment(root: Path) -> None:
    """What mlflow itself needs is left out: installing it by pip alone takes a minute."""
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    site = Path(mlflow.__file__).parents[1]
    folders = [str(site), sysconfig.get_path("purelib")]
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(folders), "PIP_NO_DEPS": "1"}
    if not base.exists() or (base.parent / "uv").exists() or shutil.which("uv", path=environment["PATH"]):
        pytest.skip("there is no Python without uv beside it")
    done = subprocess.run([base, "-c", PIP_PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder, *reused = done.stdout.split()
    assert reused == ["False", "True"]
    program = "import six; from importlib.metadata import version as v; print(six.__version__, v('mlflow'))"
    python = Path(folder) / "bin" / "python"
    shown = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["1.16.0", mlflow.__version__]
    assert {path.name for path in Path(folder, "bin").iterdir()} >= {"python", "pip", "mlflow"}
