"""A disk that fills while a project is fetched or built for: one message, exit code 1, nothing half made."""

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlflow.environments.python_environment import find_uv
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command, mlflow  # noqa: F401 - a fixture
from tests.projects.conftest import Git

pytestmark = pytest.mark.faults

SmallDisk = Callable[[str], Path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mount a file system of a size such as "1m"."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / f"disk-{size}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def big(project: Path) -> Path:
    """The project with a file that is larger than the disk."""
    (project / "big.bin").write_bytes(os.urandom(3 << 20))
    return project


def test_a_repository_that_does_not_fit_is_told_and_removed(
    big: Path,
    git: Git,
    store: MlflowClient,
    small_disk: SmallDisk,
    monkeypatch: pytest.MonkeyPatch,
    mlflow: Command,  # noqa: F811
) -> None:
    git(big, "init", "-q")
    git(big, "add", ".")
    git(big, "commit", "-qm", "one")
    disk = small_disk("2m")
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    words = mlflow("run", f"file://{big}", "-e", "pipe", "--env-manager", "local", code=1).stderr
    assert "No space left on device" in words
    assert "set TMPDIR to another disk" in words
    assert list(disk.iterdir()) == []
    assert list(store.search_runs(["0"])) == []


def test_a_zip_that_does_not_fit_is_told_and_removed(
    big: Path,
    tmp_path: Path,
    store: MlflowClient,
    small_disk: SmallDisk,
    monkeypatch: pytest.MonkeyPatch,
    mlflow: Command,  # noqa: F811
) -> None:
    with zipfile.ZipFile(tmp_path / "big.zip", "w") as archive:
        for file in big.iterdir():
            archive.write(file, file.name)
    disk = small_disk("2m")
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    words = mlflow("run", str(tmp_path / "big.zip"), "-e", "pipe", "--env-manager", "local", code=1).stderr
    assert "big.zip' could not be fetched: No space left on device" in words
    assert list(disk.iterdir()) == []


@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
@pytest.mark.parametrize("size", ["256k", "16m"], ids=["while mlflow is packed", "while packages are installed"])
def test_an_environment_that_does_not_fit_leaves_a_failed_run_and_nothing_half_made(
    size: str,
    project: Path,
    store: MlflowClient,
    small_disk: SmallDisk,
    monkeypatch: pytest.MonkeyPatch,
    mlflow: Command,  # noqa: F811
) -> None:
    disk = small_disk(size)
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(disk / "envs"))
    words = mlflow("run", str(project), "-e", "pipe", "--env-manager", "uv", code=1).stderr
    assert "No space left on device" in words
    assert "set MLFLOW_ENV_ROOT to another disk" in words
    assert [path.name for path in (disk / "envs").iterdir() if path.is_dir() and path.name != "wheels"] == []
    assert not list((disk / "envs").rglob("*.part"))
    (found,) = store.search_runs(["0"])
    assert found.info.status == "FAILED"
