"""Where code comes from, and what a run says about it."""

import zipfile
from pathlib import Path

import pytest

from mlflow.projects.git_command import GitError
from mlflow.projects.sources import SourceNotFound, fetch
from tests.projects.conftest import Git


def test_a_folder_is_used_where_it_is(project: Path) -> None:
    source = fetch(str(project))
    assert (source.folder, source.fetched, source.commit) == (project, None, None)
    assert source.tags() == {"mlflow.source.name": str(project), "mlflow.source.type": "PROJECT"}


def test_a_folder_in_a_repository_has_its_commit(repository: Path, git: Git) -> None:
    source = fetch(f"{repository}#sub")
    assert source.folder == repository / "sub"
    assert (source.commit, source.branch) == (git(repository, "rev-parse", "HEAD"), "main")
    assert source.name == f"{repository}#sub"
    assert fetch(str(repository / "sub")).name == f"file://{repository}#sub"
    assert fetch(str(repository)).name == f"file://{repository}"


@pytest.mark.parametrize("version", [None, "main", "other", "v1", "commit", "short commit"])
def test_a_repository_is_copied_at_a_version(version: str | None, repository: Path, git: Git) -> None:
    asked = {"commit": git(repository, "rev-parse", "other"), "short commit": git(repository, "rev-parse", "other")[:9]}
    source = fetch(f"file://{repository}#sub", asked.get(version or "", version))
    reference = "other" if version in {"other", "commit", "short commit"} else "main"
    assert source.commit == git(repository, "rev-parse", reference)
    assert source.branch == {None: "main", "main": "main", "other": "other"}.get(version)
    assert source.name == f"file://{repository}#sub"
    assert source.repository_url == f"file://{repository}"
    assert (source.folder / "other.sh").exists() is (reference == "other")
    assert source.fetched is not None
    assert source.fetched != repository


@pytest.mark.parametrize("version", ["nothere", "0123456789" * 4, "--upload-pack=touch pwned"])
def test_a_version_that_is_not_there_is_named(version: str, repository: Path) -> None:
    with pytest.raises(SourceNotFound, match=version):
        fetch(f"file://{repository}", version)
    assert not Path("pwned").exists()


def test_a_repository_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty" / ".git").mkdir(parents=True)
    with pytest.raises(GitError, match="Reaching 'file://"):
        fetch(f"file://{tmp_path / 'empty'}")


@pytest.mark.parametrize("uri", ["gone", "{project}#gone", "{project}#../", "gone.zip", "file:///gone"])
def test_a_path_that_is_not_there_is_named(uri: str, project: Path) -> None:
    with pytest.raises((SourceNotFound, GitError), match=r"gone|leads out"):
        fetch(uri.format(project=project))


def test_a_zip_is_unpacked(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "project.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in project.iterdir():
            archive.write(file, f"project-1.0/{file.name}")
    source = fetch(str(path))
    assert (source.folder / "MLproject").exists()
    assert (source.name, source.folder.name) == (str(path), "project-1.0")


@pytest.mark.parametrize("name", ["../out.py", "/out.py", "a/../../out.py", "..\\out.py", "C:\\out.py"])
def test_a_zip_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(SourceNotFound, match="leads out"):
        fetch(str(path))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceNotFound, match="is a link"):
        fetch(str(path))


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(SourceNotFound, match="is no zip"):
        fetch(str(tmp_path / "no.zip"))


def test_a_zip_that_cannot_be_read_or_names_a_file_twice_is_told(tmp_path: Path) -> None:
    twice, locked = tmp_path / "twice.zip", tmp_path / "locked.zip"
    with zipfile.ZipFile(twice, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("MLproject", "name: one")
        archive.writestr("MLproject", "name: two")
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("MLproject", "name: one")
    content = bytearray(locked.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says a member is encrypted
        content[content.index(signature) + at] |= 1
    locked.write_bytes(content)
    for path, words in ((twice, "comes twice"), (locked, "encrypted")):
        with pytest.raises(SourceNotFound, match=words):
            fetch(str(path))
