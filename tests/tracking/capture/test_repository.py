import os
from pathlib import Path

import pytest

from mlflow.tracking.capture.repository import find_repository, without_credentials
from tests.tracking.capture.git_repositories import commit, git, make_repository


def test_commit_branch_and_remote_are_those_git_names(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    git(root, "remote", "add", "backup", "https://example.com/b.git")
    git(root, "remote", "add", "origin", "https://user:secret@example.com/x.git")
    (root / "deep/er").mkdir(parents=True)
    found = find_repository(root / "deep/er")
    assert found == (root, git(root, "rev-parse", "HEAD"), "main", "https://example.com/x.git")


def test_packed_references_are_read(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    git(root, "checkout", "-q", "-b", "feature/x")
    head = commit(root, {"a": "1"})
    git(root, "pack-refs", "--all")
    found = find_repository(root)
    assert found is not None
    assert (found.commit, found.branch) == (head, "feature/x")


def test_a_detached_head_has_no_branch(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    git(root, "checkout", "-q", "--detach")
    found = find_repository(root)
    assert found is not None
    assert (found.commit, found.branch, found.remote_url) == (git(root, "rev-parse", "HEAD"), None, None)


def test_a_worktree_has_its_own_head_and_the_shared_remote(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    git(root, "remote", "add", "origin", "git@example.com:o/r.git")
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "w"))
    found = find_repository(tmp_path / "w")
    assert found == (tmp_path / "w", git(root, "rev-parse", "HEAD"), "side", "git@example.com:o/r.git")


def test_an_empty_repository_has_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    found = find_repository(tmp_path)
    assert found is not None
    assert (found.commit, found.branch) == (None, "main")


def test_outside_of_repositories_there_is_none(tmp_path: Path) -> None:
    assert find_repository(tmp_path) is None


@pytest.mark.parametrize("content", ["", "ref: ../../secret", "\x00\xff", "ref: refs/heads/.invalid"])
def test_a_broken_head_gives_no_commit(tmp_path: Path, content: str) -> None:
    root = make_repository(tmp_path / "r")
    (root / ".git/HEAD").write_text(content)
    found = find_repository(root)
    assert found is None or found.commit is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_a_repository_of_another_user_is_left_alone(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    os.chown(root, 12345, -1)
    assert find_repository(root) is None


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://u:p@h/x.git?token=1#f", "https://h/x.git"),
        ("https://token@h:8443/x.git", "https://h:8443/x.git"),
        ("ssh://git:pw@h:22/x.git", "ssh://git@h:22/x.git"),
        ("git@h:o/r.git", "git@h:o/r.git"),
        ("/srv/r.git", "/srv/r.git"),
        ("file:///srv/r.git", "file:///srv/r.git"),
    ],
)
def test_urls_lose_their_credentials(url: str, plain: str) -> None:
    assert without_credentials(url) == plain
