"""Projects of real git servers: HTTPS with a password, SSH with a key; both come from git's own settings."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from mlflow.projects.git_command import GitError
from mlflow.projects.reproduction.reproduce import reproduce
from mlflow.projects.sources import fetch
from mlflow.tracking.client import MlflowClient
from tests.projects.conftest import Git
from tests.projects.git_servers import PASSWORD, USER, HttpsGit, SshGit, https_git, ssh_git

pytestmark = pytest.mark.faults

FILE = "entry_points:\n  main:\n    parameters: {n: int}\n    command: 'seq {n} | wc -l > count.txt'\n"


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bare repository `team/project.git`, whose tag `v1` is behind its branch `main`."""
    root = tmp_path_factory.mktemp("repositories")
    work = root / "work"
    (work / "sub").mkdir(parents=True)
    (work / "sub" / "MLproject").write_text(FILE)
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "init.defaultBranch=main"]

    def git(*arguments: str) -> None:
        subprocess.run(["git", *identity, *arguments], cwd=work, check=True, capture_output=True)

    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]):
        git(*command)
    (work / "sub" / "more.sh").write_text("true\n")
    for command in (["add", "."], ["commit", "-qm", "two"]):
        git(*command)
    git("clone", "-q", "--bare", str(work), str(root / "team" / "project.git"))
    return root


@pytest.fixture(scope="module")
def https(repositories: Path) -> Iterator[HttpsGit]:
    with https_git(repositories) as server:
        yield server


@pytest.fixture(scope="module")
def ssh() -> Iterator[SshGit]:
    with ssh_git() as server:
        yield server


@pytest.fixture
def trusting(https: HttpsGit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> HttpsGit:
    """The authority is trusted; nothing of the user's own settings of git counts."""
    monkeypatch.setenv("GIT_SSL_CAINFO", str(https.authority))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("HOME", str(tmp_path))
    return https


def ask_helper(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> None:
    helper = f"!f() {{ echo 'username={USER}'; echo 'password={password}'; }}; f"
    for name, value in {"COUNT": "1", "KEY_0": "credential.helper", "VALUE_0": helper}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)


@pytest.mark.parametrize("way", ["helper", "askpass", "netrc", "address"])
def test_the_password_of_https_comes_from_git(
    way: str, trusting: HttpsGit, repositories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: Git
) -> None:
    url = f"{trusting.url}/team/project.git"
    asked = url
    if way == "helper":
        ask_helper(monkeypatch)
    elif way == "askpass":
        script = tmp_path / "ask.sh"
        script.write_text(f"#!/bin/sh\ncase $1 in User*) echo '{USER}';; *) echo '{PASSWORD}';; esac\n")
        script.chmod(0o755)
        monkeypatch.setenv("GIT_ASKPASS", str(script))
    elif way == "netrc":
        (tmp_path / ".netrc").write_text(f'machine 127.0.0.1 login {USER} password "{PASSWORD}"\n')
    else:
        asked = url.replace("https://", f"https://{USER}:{PASSWORD.replace(' ', '%20')}@")
    source = fetch(f"{asked}#sub", "v1")
    assert source.commit == git(repositories / "work", "rev-parse", "v1")
    assert (source.name, source.repository_url) == (f"{url}#sub", url)
    assert not (source.folder / "more.sh").exists()
    assert "sesame" not in str(source.tags())


def test_a_project_runs_from_https_and_its_run_is_repeated_from_there(
    store: MlflowClient, trusting: HttpsGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_helper(monkeypatch)
    uri = f"{trusting.url}/team/project.git"
    found = store.get_run(mlflow.projects.run(f"{uri}#sub", parameters={"n": 3}, env_manager="local").run_id)
    tags = found.data.tags
    assert (tags["mlflow.source.name"], tags["mlflow.source.git.repoURL"]) == (f"{uri}#sub", uri)
    assert (tags["mlflow.source.git.branch"], tags["mlflow.source.type"]) == ("main", "PROJECT")
    store.log_metric(found.info.run_id, "m", 1.0)
    told: list[str] = []
    report = reproduce(found.info.run_id, environment="local", folder=Path("again"), said=told.append)
    assert Path("again/sub/count.txt").read_text().strip() == "3"
    assert report.verdict == "DIFFERENT"  # the metric was ours


@pytest.mark.parametrize("commit", [40, 9], ids=["a whole commit", "its beginning"])
def test_a_commit_that_no_branch_points_to_comes_over_https(
    commit: int, trusting: HttpsGit, repositories: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_helper(monkeypatch)
    wanted = git(repositories / "work", "rev-parse", "v1")
    assert fetch(f"{trusting.url}/team/project.git", wanted[:commit]).commit == wanted


def test_a_wrong_password_an_unknown_authority_and_a_missing_repository_are_told(
    trusting: HttpsGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{trusting.url}/team/project.git"
    with pytest.raises(GitError, match=r"Reaching 'https://127\.0\.0\.1.* failed: .*could not read Username"):
        fetch(url)
    ask_helper(monkeypatch, "wrong one")
    with pytest.raises(GitError, match="Authentication failed") as raised:
        fetch(url)
    assert "wrong one" not in raised.value.message
    ask_helper(monkeypatch)
    with pytest.raises(GitError, match="not found"):
        fetch(f"{trusting.url}/team/gone.git")
    monkeypatch.delenv("GIT_SSL_CAINFO")
    with pytest.raises(GitError, match="certificate"):
        fetch(url)


def test_a_project_runs_from_ssh(
    store: MlflowClient, ssh: SshGit, repositories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh.command)
    uri = f"{ssh.url}{repositories}/team/project.git"
    found = store.get_run(mlflow.projects.run(f"{uri}#sub", parameters={"n": 2}, env_manager="local").run_id)
    assert found.data.tags["mlflow.source.git.repoURL"].endswith("/team/project.git")
    assert found.info.status == "FINISHED"


def test_the_short_form_of_ssh_addresses_is_understood(
    ssh: SshGit, repositories: Path, monkeypatch: pytest.MonkeyPatch, git: Git
) -> None:
    user, _, port = ssh.url.removeprefix("ssh://").partition("@127.0.0.1:")
    monkeypatch.setenv("GIT_SSH_COMMAND", f"{ssh.command} -p {port}")
    source = fetch(f"{user}@127.0.0.1:{repositories}/team/project.git#sub", "v1")
    assert source.commit == git(repositories / "work", "rev-parse", "v1")


def test_a_host_with_another_key_is_refused(ssh: SshGit, repositories: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh.stranger)
    with pytest.raises(GitError, match="Host key verification failed"):
        fetch(f"{ssh.url}{repositories}/team/project.git")
