import json
import os
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from mlflow.tracking.capture import layout
from mlflow.tracking.capture.origin import Origin, OriginCapture
from mlflow.tracking.capture.packages import package_lock
from tests.tracking.capture.git_repositories import git, make_repository, write

SCRIPT = """
import json, sys
from mlflow.tracking.capture.origin import OriginCapture
origin = OriginCapture().capture()
print(json.dumps({"tags": origin.tags, "files": {f.path: f.read_bytes().decode("latin-1") for f in origin.files}}))
"""


def run(*command: str, cwd: Path, **environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "r", {"train.py": SCRIPT, "pkg/__init__.py": "", "pkg/job.py": SCRIPT})


def process(captured: dict) -> dict:
    return json.loads(captured["files"][layout.PROCESS])


def test_a_script_is_recorded_with_its_arguments_and_itself(root: Path, tmp_path: Path) -> None:
    captured = run("../r/train.py", "--password=x", "--lr", "1", cwd=root)
    assert process(captured)["entry_point"] == {"kind": "script", "name": "../r/train.py"}
    assert process(captured)["argv"] == ["../r/train.py", "--password=[redacted]", "--lr", "1"]
    assert process(captured)["working_directory"] == str(root)
    assert captured["files"][f"{layout.SOURCE_ENTRY_FOLDER}/train.py"] == SCRIPT
    assert captured["tags"] == {"mlflow.source.git.dirty": "false"}


def test_a_module_is_recorded_by_its_name(root: Path) -> None:
    assert process(run("-m", "pkg.job", cwd=root))["entry_point"] == {"kind": "module", "name": "pkg.job"}


def test_a_command_is_recorded_with_the_repository_of_its_folder(root: Path) -> None:
    (root / "new.py").write_text("1")
    captured = run("-c", SCRIPT, cwd=root)
    assert process(captured)["entry_point"] == {"kind": "command", "name": None}
    assert layout.SOURCE_UNTRACKED in captured["files"]
    assert not any(path.startswith(layout.SOURCE_ENTRY_FOLDER) for path in captured["files"])


def test_a_console_is_recorded_as_one(root: Path) -> None:
    done = subprocess.run([sys.executable], input=SCRIPT, cwd=root, capture_output=True, check=True, text=True)
    assert process(json.loads(done.stdout))["entry_point"] == {"kind": "console", "name": None}


@pytest.mark.parametrize(
    ("variable", "gone"),
    [
        ("MLFLOW_CAPTURE_GIT_DIFF", layout.SOURCE_DIFF),
        ("MLFLOW_CAPTURE_GIT_BUNDLE", layout.SOURCE_BUNDLE),
        ("MLFLOW_CAPTURE_UNTRACKED", layout.SOURCE_UNTRACKED),
        ("MLFLOW_CAPTURE_PACKAGES", layout.PACKAGES),
        ("MLFLOW_CAPTURE_SOURCE_CODE", f"{layout.SOURCE_ENTRY_FOLDER}/train.py"),
    ],
)
def test_each_part_has_a_switch(root: Path, variable: str, gone: str) -> None:
    write(root, {"new.py": "1", "pkg/__init__.py": "2"})
    everything = set(run("train.py", cwd=root)["files"])
    assert set(run("train.py", cwd=root, **{variable: "false"})["files"]) == everything - {gone}


def test_the_master_switch_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    assert OriginCapture().start(pytest.fail) is None


@pytest.mark.parametrize("break_it", ["HEAD", "index", "config"])
def test_a_broken_repository_fails_nothing(root: Path, break_it: str) -> None:
    (root / ".git" / break_it).write_bytes(b"\x00garbage\xff[")
    captured = run("train.py", cwd=root)
    assert layout.PROCESS in captured["files"]
    assert layout.SOURCE_MANIFEST not in captured["files"]


def test_a_working_directory_that_is_gone_fails_nothing(root: Path, tmp_path: Path) -> None:
    code = (
        f"import os, sys; os.mkdir({str(tmp_path / 'd')!r}); os.chdir({str(tmp_path / 'd')!r}); os.rmdir(os.getcwd())\n"
    )
    captured = run("-c", code + SCRIPT, cwd=root)
    assert process(captured)["working_directory"] is None


def test_without_git_the_rest_is_recorded(root: Path, tmp_path: Path) -> None:
    captured = run("train.py", cwd=root, PATH=str(tmp_path))
    assert layout.PACKAGES in captured["files"]
    assert layout.SOURCE_MANIFEST not in captured["files"]


def test_a_thread_delivers_and_the_next_run_reuses_an_unchanged_tree(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["-c"])
    (root / "new.py").write_text("1")
    capture, delivered = OriginCapture(), []

    def deliver(origin: Origin) -> None:
        assert threading.current_thread() is not threading.main_thread()
        packed = next(file.content for file in origin.files if file.path == layout.SOURCE_UNTRACKED)
        with tarfile.open(packed) as archive:
            delivered.append((packed.stat().st_ino, archive.extractfile("new.py").read()))

    for text in ("1", "1", "changed"):
        if (root / "new.py").read_text() != text:
            (root / "new.py").write_text(text)
        thread = capture.start(deliver)
        assert thread is not None
        thread.join(30)
    assert [content for _, content in delivered] == [b"1", b"1", b"changed"]
    assert delivered[0] == delivered[1]


def test_a_callback_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    thread = OriginCapture().start(lambda origin: 1 / 0)
    assert thread is not None
    thread.join(30)
    assert "could not be recorded" in caplog.text


def test_the_lock_names_installed_editable_and_direct_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = {
        "Plain.Name-1.0": None,
        "ed_it-2": {"url": "file:///src/ed", "dir_info": {"editable": True}},
        "vcs-3": {"url": "https://u:p@h/r.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}, "subdirectory": "s"},
        "wheel-4": {"url": "https://h/w.whl", "archive_info": {}},
        "bad-5": "no object",
    }
    for name, record in records.items():
        folder = tmp_path / f"{name}.dist-info"
        folder.mkdir()
        if record is not None:
            (folder / "direct_url.json").write_text(json.dumps(record))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    header, *lines = package_lock().splitlines()
    assert header.startswith("# CPython 3.")
    assert lines == [
        "bad==5",
        "-e file:///src/ed  # ed-it",
        "plain-name==1.0",
        "vcs @ git+https://h/r.git@abc#subdirectory=s",
        "wheel @ https://h/w.whl",
    ]
    (tmp_path / "later-1.dist-info").mkdir()
    os.utime(tmp_path, (1, 1))
    assert "later==1" in package_lock()


def test_the_lock_agrees_with_the_metadata_of_this_environment() -> None:
    from importlib.metadata import distributions

    installed = {dist.metadata["Name"].replace("_", "-").replace(".", "-").lower() for dist in distributions()}
    locked = {line.split("==")[0] for line in package_lock().splitlines() if "==" in line}
    assert locked <= installed
    assert len(installed - locked) <= 3


def test_a_forked_child_leaves_the_parents_files_alone(root: Path) -> None:
    code = (
        "import os, sys\n"
        "from mlflow.tracking.capture import origin, layout\n"
        "kept = []\n"
        "origin.capture_origin(lambda found: kept.extend(found.files)).join()\n"
        "path = next(f.content for f in kept if f.path == layout.SOURCE_UNTRACKED)\n"
        "child = os.fork()\n"
        "if not child: sys.exit(0)\n"
        "os.waitpid(child, 0)\n"
        "assert path.exists()\n"
        "print('{}')\n"
    )
    (root / "new.py").write_text("1")
    run("-W", "ignore", "-c", code, cwd=root)
    git(root, "status")
