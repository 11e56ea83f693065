import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from mlflow.tracking.capture import layout
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.source import SourceParts, capture_source
from mlflow.tracking.capture.status import read_status
from mlflow.tracking.media.artifact_file import ArtifactFile
from tests.tracking.capture.git_repositories import commit, git, make_repository, write

HOSTILE = ["-rf", "a b", "é\u202e.py", "new\nline", '"quoted"', "$(touch x)", "*", ":(top)x", "a\\b", "[ab]"]
EVERY_PART = SourceParts()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "r")


def captured(root: Path, tmp_path: Path, parts: SourceParts = EVERY_PART) -> dict[str, ArtifactFile]:
    repository = find_repository(root)
    assert repository is not None
    folder = tmp_path / "captured"
    folder.mkdir(exist_ok=True)
    return {file.path: file for file in capture_source(repository, read_status(root), folder, parts).files}


def manifest(files: dict[str, ArtifactFile]) -> dict[str, Any]:
    return json.loads(files[layout.SOURCE_MANIFEST].read_bytes())


def members(files: dict[str, ArtifactFile]) -> dict[str, bytes]:
    with tarfile.open(files[layout.SOURCE_UNTRACKED].content) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def test_a_clean_pushed_commit_leaves_only_the_manifest(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(root), "clone")
    files = captured(tmp_path / "clone", tmp_path)
    assert list(files) == [layout.SOURCE_MANIFEST]
    assert manifest(files)["dirty"] is False


def test_commit_bundle_diff_and_untracked_files_rebuild_the_tree(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(root), "work")
    git(tmp_path, "clone", "-q", str(root), "elsewhere")
    work, elsewhere = tmp_path / "work", tmp_path / "elsewhere"
    head = commit(work, {"b.py": "b\n", "gone.py": "x\n"})
    (work / "train.py").write_bytes(b"changed\r\n\x00\xff binary\n")
    (work / "gone.py").unlink()
    write(work, {"staged.py": "s\n", "new/u.py": "u\n"})
    git(work, "add", "staged.py")
    files = captured(work, tmp_path)
    git(elsewhere, "fetch", "-q", str(files[layout.SOURCE_BUNDLE].content), "HEAD")
    git(elsewhere, "checkout", "-q", head)
    git(elsewhere, "apply", str(files[layout.SOURCE_DIFF].content))
    with tarfile.open(files[layout.SOURCE_UNTRACKED].content) as archive:
        archive.extractall(elsewhere, filter="data")
    for name in ("train.py", "b.py", "staged.py", "new/u.py"):
        assert (elsewhere / name).read_bytes() == (work / name).read_bytes()
    assert not (elsewhere / "gone.py").exists()
    assert manifest(files)["parts"][layout.SOURCE_BUNDLE]["commits"] == 1


def test_secrets_are_left_out_by_name_and_by_content(root: Path, tmp_path: Path) -> None:
    commit(root, {"config.env": "A=1\n", "notes.txt": "n\n", "train.py": "1\n"})
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    key = "-----BEGIN RSA PRIVATE KEY-----\nsecret\n"
    write(
        root,
        {
            "config.env": "A=secret\n",
            "notes.txt": key,
            "train.py": "2\n",
            ".env": "B=secret\n",
            "note": key,
            "ok": "fine",
        },
    )
    write(root, {"id_rsa": "secret\n", "deep/.ssh/config": "secret\n"})
    files = captured(root, tmp_path)
    assert list(members(files)) == ["ok"]
    assert b"secret" not in b"".join(
        file.read_bytes() for path, file in files.items() if path != layout.SOURCE_MANIFEST
    )
    assert b"+2" in files[layout.SOURCE_DIFF].read_bytes()
    assert set(manifest(files)["left_out"]) == {"config.env", "notes.txt", ".env", "note", "id_rsa", "deep/.ssh/config"}


def test_unpushed_commits_with_a_secret_are_not_bundled(root: Path, tmp_path: Path) -> None:
    commit(root, {"a/.env": "A=1"})
    git(root, "rm", "-q", "a/.env")
    git(root, "commit", "-q", "-m", "y")
    files = captured(root, tmp_path)
    assert layout.SOURCE_BUNDLE not in files
    assert "a/.env" in manifest(files)["left_out"][layout.SOURCE_BUNDLE]


def test_ignored_files_and_what_tools_make_are_left_out(root: Path, tmp_path: Path) -> None:
    commit(root, {".gitignore": "*.log\n"})
    write(root, {"x.log": "1", "mlruns/0/meta.yaml": "1", "mlflow.db": "1", ".venv/lib/a.py": "1", "keep.py": "1"})
    assert list(members(captured(root, tmp_path))) == ["keep.py"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_only_names(root: Path, tmp_path: Path, name: str) -> None:
    write(root, {name: "untracked"})
    assert members(captured(root, tmp_path)) == {name: b"untracked"}
    commit(root, {name: "1\n"})
    write(root, {name: "2\n"})
    files = captured(root, tmp_path)
    git(root, "--literal-pathspecs", "checkout", "-q", "--", name)
    git(root, "apply", str(files[layout.SOURCE_DIFF].content))
    assert (root / name).read_text() == "2\n"
    assert not (root / "x").exists()


def test_links_pipes_and_nested_repositories_are_left_out_with_the_reason(root: Path, tmp_path: Path) -> None:
    (root / "link").symlink_to("/etc/passwd")
    os.mkfifo(root / "pipe")
    make_repository(root / "nested")
    files = captured(root, tmp_path)
    assert layout.SOURCE_UNTRACKED not in files
    assert manifest(files)["left_out"] == {"link": "a link", "nested/": "another repository"}


def test_untracked_files_stop_at_fifty_mebibytes(root: Path, tmp_path: Path) -> None:
    for index in range(3):
        with (root / f"big{index}").open("wb") as file:
            file.truncate(20 << 20)
    write(root, {"small": "s"})
    files = captured(root, tmp_path)
    assert sorted(members(files)) == ["big0", "big1", "small"]
    assert "no room left in 50 MiB" in manifest(files)["left_out"]["big2"]


def test_the_manifest_names_a_thousand_left_out_paths_and_counts_the_rest(root: Path, tmp_path: Path) -> None:
    write(root, {f"{index}.pem": "x" for index in range(1100)})
    found = manifest(captured(root, tmp_path))
    assert (len(found["left_out"]), found["left_out_count"]) == (1000, 1100)


def test_hooks_pagers_and_external_diffs_are_never_run(root: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "core.sshCommand"):
        git(root, "config", key, str(program))
    write(root, {".git/info/attributes": "* diff=x\n", "train.py": "2\n", "u": "u"})
    files = captured(root, tmp_path)
    assert b"+2" in files[layout.SOURCE_DIFF].read_bytes()
    assert not (tmp_path / "ran").exists()


def test_a_repository_without_commits_gives_what_is_staged(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    git(root, "init", "-q")
    write(root, {"a.py": "1\n", "b.py": "2\n"})
    git(root, "add", "a.py")
    files = captured(root, tmp_path)
    assert b"+1" in files[layout.SOURCE_DIFF].read_bytes()
    assert list(members(files)) == ["b.py"]


def test_parts_can_be_switched_off_one_by_one(root: Path, tmp_path: Path) -> None:
    write(root, {"train.py": "2\n", "u": "u"})
    assert list(captured(root, tmp_path, SourceParts(diff=False))) == [
        layout.SOURCE_MANIFEST, layout.SOURCE_BUNDLE, layout.SOURCE_UNTRACKED
    ]  # fmt: skip
    assert list(captured(root, tmp_path, SourceParts(bundle=False, untracked=False))) == [
        layout.SOURCE_MANIFEST, layout.SOURCE_DIFF
    ]  # fmt: skip


def test_an_index_lock_neither_blocks_nor_is_made(root: Path, tmp_path: Path) -> None:
    (root / ".git/index.lock").write_text("")
    write(root, {"train.py": "2\n"})
    assert layout.SOURCE_DIFF in captured(root, tmp_path)


def test_environment_of_a_git_hook_does_not_lead_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(tmp_path / "other", {"o.py": "o"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    (root / "train.py").write_text("2\n")
    assert b"train.py" in captured(root, tmp_path)[layout.SOURCE_DIFF].read_bytes()
