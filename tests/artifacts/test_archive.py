from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from mlflow.artifacts.archive import extract
from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists


def tar(path: Path, *members: tuple[str, bytes | str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.mode = kind, 0o7777
            if isinstance(content, str):
                info.linkname = content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def zipped(path: Path, *members: tuple[str, bytes, int]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_is_unpacked(tmp_path: Path, mode: str) -> None:
    archive = tar(tmp_path / "a.tar", ("d", b"", tarfile.DIRTYPE), ("d/a.txt", b"hello", tarfile.REGTYPE), mode=mode)
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out" / "d" / "a.txt").read_bytes() == b"hello"


def test_zip_is_unpacked(tmp_path: Path) -> None:
    extract(zipped(tmp_path / "a.zip", ("d/a.txt", b"hello", 0o100644), ("d/e/", b"", 0o40755)), tmp_path / "out")
    assert (tmp_path / "out" / "d" / "a.txt").read_bytes() == b"hello"
    assert (tmp_path / "out" / "d" / "e").is_dir()


HOSTILE_TARS = {
    "CVE-2025-15031 parent": ("../x", b"1", tarfile.REGTYPE),
    "CVE-2025-15031 absolute": ("/tmp/mlflow-planted", b"1", tarfile.REGTYPE),
    "CVE-2025-15036 symbolic link out": ("link", "/etc", tarfile.SYMTYPE),
    "CVE-2025-15036 hard link out": ("link", "../../etc/passwd", tarfile.LNKTYPE),
    "relative link": ("link", "a", tarfile.SYMTYPE),
    "device": ("dev", b"", tarfile.CHRTYPE),
    "pipe": ("pipe", b"", tarfile.FIFOTYPE),
    "backslash": ("a\\..\\..\\x", b"1", tarfile.REGTYPE),
    "drive": ("C:/x", b"1", tarfile.REGTYPE),
}


@pytest.mark.parametrize("member", HOSTILE_TARS.values(), ids=HOSTILE_TARS.keys())
def test_hostile_tar_member_is_refused_and_nothing_stays(
    tmp_path: Path, member: tuple[str, bytes | str, bytes]
) -> None:
    archive = tar(tmp_path / "a.tar", ("good.txt", b"1", tarfile.REGTYPE), member)
    with pytest.raises(InvalidParameterValue, match="Refused to unpack"):
        extract(archive, tmp_path / "out")
    assert os.listdir(tmp_path) == ["a.tar"]


HOSTILE_ZIPS = {
    "parent": ("../x", b"1", 0o100644),
    "absolute": ("/etc/x", b"1", 0o100644),
    "link": ("link", b"/etc/passwd", stat.S_IFLNK | 0o777),
}


@pytest.mark.parametrize("member", HOSTILE_ZIPS.values(), ids=HOSTILE_ZIPS.keys())
def test_hostile_zip_member_is_refused_and_nothing_stays(tmp_path: Path, member: tuple[str, bytes, int]) -> None:
    archive = zipped(tmp_path / "a.zip", member)
    with pytest.raises(InvalidParameterValue, match="Refused to unpack"):
        extract(archive, tmp_path / "out")
    assert os.listdir(tmp_path) == ["a.zip"]


def test_member_that_comes_twice_is_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", ("a", b"1", tarfile.REGTYPE), ("a", b"2", tarfile.REGTYPE))
    with pytest.raises(InvalidParameterValue, match="comes twice"):
        extract(archive, tmp_path / "out")


def test_bomb_is_stopped(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("zeros", bytes(50 * 2**20), 0o100644))
    assert archive.stat().st_size < 2**20
    with pytest.raises(InvalidParameterValue, match="more than"):
        extract(archive, tmp_path / "out", max_bytes=2**20)
    assert os.listdir(tmp_path) == ["a.zip"]


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", *((f"f{number}", b"", tarfile.REGTYPE) for number in range(11)))
    with pytest.raises(InvalidParameterValue, match="more than 10 files"):
        extract(archive, tmp_path / "out", max_files=10)


def test_modes_are_masked(tmp_path: Path) -> None:
    extract(tar(tmp_path / "a.tar", ("a", b"1", tarfile.REGTYPE)), tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out" / "a").stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"no archive", b"PK\x03\x04 broken", b""], ids=["text", "half zip", "empty"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(InvalidParameterValue, match="Cannot unpack"):
        extract(tmp_path / "a", tmp_path / "out")


def test_full_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(ResourceAlreadyExists, match="not empty"):
        extract(tar(tmp_path / "a.tar", ("a", b"1", tarfile.REGTYPE)), tmp_path / "out")
    assert os.listdir(tmp_path / "out") == ["mine"]
