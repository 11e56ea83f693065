"""Virtual environments, built by uv where it is there, else by venv and pip."""

from __future__ import annotations

import logging
import os
import platform
import re
import shutil
import sys
import sysconfig
from pathlib import Path

from mlflow.environments.built import Activation, content_digest, environments_root, made_once
from mlflow.environments.failures import EnvironmentFailed, run_tool
from mlflow.environments.pip_settings import read_pip_settings
from mlflow.environments.specification import PythonSpecification
from mlflow.environments.wheel import own_wheel, own_wheel_digest

__all__ = ["activation_of", "find_uv", "local_activation", "python_environment"]

_logger = logging.getLogger(__name__)
_NEVER = 'python_version < "0"'  # a marker that holds nowhere: what an override with it names is left out


def python_environment(specification: PythonSpecification, kind: str, note: str | None = None) -> Activation:
    """The environment that holds what was asked for, made unless it is there.

    Args:
        specification: what it holds beside the running distribution.
        kind: "virtualenv", or "uv", which insists on uv.
        note: why it is this kind, where another was asked for.

    Raises:
        EnvironmentFailed: uv, Python or a package is not to be had.
    """
    uv = find_uv()
    if uv is None and kind == "uv":
        raise EnvironmentFailed("uv is not there. Install it (`pip install uv`), or choose --env-manager virtualenv.")
    version = specification.python or platform.python_version()
    digest = content_digest("python", version, specification, own_wheel_digest(), sys.platform, platform.machine())
    folder = environments_root() / f"python-{digest}"

    def make(target: Path) -> None:
        _logger.info("Building the Python environment %s …", target)
        wheel = own_wheel(environments_root() / "wheels")
        if uv is not None:
            _make_with_uv(uv, target, version, specification, wheel)
        else:
            _make_with_pip(target, version, specification, wheel)

    reused = made_once(folder, make)
    return activation_of(folder, kind, digest, reused=reused, note=note)


def activation_of(folder: Path, kind: str, digest: str, *, reused: bool, note: str | None = None) -> Activation:
    """How commands run in a virtual environment."""
    variables = {"PATH": _path_with(folder / ("Scripts" if os.name == "nt" else "bin")), "VIRTUAL_ENV": str(folder)}
    return Activation(kind, digest, {**variables, "PYTHONHOME": None}, (), str(folder), reused, note)


def local_activation() -> Activation:
    """The environment that runs mlflow itself: its scripts come first, also where nobody activated it."""
    return Activation("local", None, {"PATH": _path_with(Path(sysconfig.get_path("scripts")))})


def find_uv() -> str | None:
    """Uv's program: the one that is installed beside this Python, else on PATH."""
    beside = Path(sysconfig.get_path("scripts")) / ("uv.exe" if os.name == "nt" else "uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _path_with(folder: Path) -> str:
    return os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])


def _make_with_uv(uv: str, target: Path, version: str, specification: PythonSpecification, wheel: Path) -> None:
    settings = read_pip_settings()
    variables = {**os.environ, **settings.variables, "VIRTUAL_ENV": "", "UV_PYTHON_DOWNLOADS": "automatic"}
    wanted = sys.executable if _is_this_python(version) else version
    run_tool([uv, "venv", "--quiet", "--no-project", "--python", wanted, str(target)], _venv_for(version), variables)
    files = _write_requirements(target, specification, wheel)
    command = [uv, "pip", "install", "--quiet", "--python", str(_python_of(target)), *settings.options]
    if specification.locked:
        locked = [*command, "--no-deps", "-r", str(files / "requirements.txt")]
        run_tool(locked, "Installing the locked packages with uv", variables)
    command += ["--override", str(files / "overrides.txt"), "-c", str(files / "constraints.txt")]
    what = [str(wheel)] if specification.locked else ["-r", str(files / "requirements.txt")]
    run_tool([*command, *what], "Installing packages with uv", variables)


def _make_with_pip(target: Path, version: str, specification: PythonSpecification, wheel: Path) -> None:
    python = sys.executable if _is_this_python(version) else shutil.which(f"python{_minor(version)}")
    if python is None:
        raise EnvironmentFailed(
            f"There is no Python {version} here. Install it, or uv (`pip install uv`), which finds more of them."
        )
    run_tool([python, "-m", "venv", str(target)], _venv_for(version))
    files = _write_requirements(target, specification, wheel)
    command = [str(_python_of(target)), "-m", "pip", "install", "-q", "-c", str(files / "constraints.txt")]
    if specification.locked:
        locked = [*command, "--no-deps", "-r", str(files / "requirements.txt")]
        run_tool(locked, "Installing the locked packages with pip")
    what = [str(wheel)] if specification.locked else ["-r", str(files / "requirements.txt")]
    run_tool([*command, *what], "Installing packages with pip")


def _write_requirements(target: Path, specification: PythonSpecification, wheel: Path) -> Path:
    """Three files in the environment, which show what went in; the wheel holds mlflow against every index."""
    folder = target / "mlflow-requirements"
    folder.mkdir()
    own = f"mlflow @ {wheel.as_uri()}"
    texts = {
        "requirements.txt": [own, *specification.requirements],
        "constraints.txt": specification.constraints,
        "overrides.txt": [own, f"mlflow-skinny ; {_NEVER}", f"mlflow-tracing ; {_NEVER}"],
    }
    for name, lines in texts.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def _venv_for(version: str) -> str:
    return f"Making an environment with Python {version}"


def _is_this_python(version: str) -> bool:
    """The same minor version counts: a patch release that is not installed is no reason to download one."""
    return _minor(version) == _minor(platform.python_version())


def _minor(version: str) -> str:
    found = re.match(r"\D*(\d+\.\d+)", version)
    return found[1] if found else version


def _python_of(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"
