"""Where the proxy of a bucket keeps uploads under way: anyone can guess the name, in the folder for temporary files."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.artifacts.wire import CreateUpload
from mlflow.exceptions import PermissionDenied


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"mlflow-{os.getuid()}"


def test_uploads_are_staged_in_a_private_folder_that_a_restart_finds_again(staging: Path) -> None:
    state = ArtifactProxy.at("s3://bucket/root").create_upload(CreateUpload("run/a.bin", 100_000, 2**16))
    assert (staging.stat().st_mode & 0o777, staging.stat().st_uid) == (0o700, os.getuid())
    assert ArtifactProxy.at("s3://bucket/root").upload(state.upload_id).path == "run/a.bin"


def _link(staging: Path) -> None:
    (staging.parent / "elsewhere").mkdir()
    staging.symlink_to(staging.parent / "elsewhere")


def _of_another(staging: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to another user")
    staging.mkdir(0o700)
    os.chown(staging, 65534, 65534)


def _open_to_all(staging: Path) -> None:
    staging.mkdir()
    staging.chmod(0o777)


@pytest.mark.parametrize("prepare", [_link, _of_another, _open_to_all], ids=["link", "of another user", "open to all"])
def test_folder_that_somebody_else_prepared_is_refused(staging: Path, prepare: Callable[[Path], None]) -> None:
    prepare(staging)
    with pytest.raises(PermissionDenied, match="set TMPDIR"):
        ArtifactProxy.at("s3://bucket/root")
