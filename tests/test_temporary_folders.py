"""What a process makes in the folder for temporary files goes with it, however it ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mlflow.temporary_folders import held_folder, lasting_folder, release, temporary_folder

MAKES_ONE = "from mlflow.temporary_folders import lasting_folder; print(lasting_folder('kept'), flush=True)\n"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of programs that are started, empty, and of a name that sockets can bear."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def started(program: str) -> tuple[subprocess.Popen[str], Path]:
    """A running program, and the path that it prints first."""
    process = subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> int:
    """Let a program go on that waits for its input."""
    process.communicate(timeout=60)
    return process.returncode


def test_folder_of_a_block_is_private_and_gone_after_it() -> None:
    with temporary_folder("words") as folder:
        (folder / "file").write_text("x")
        assert folder.name.startswith("words-")
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert not folder.exists()


def test_folder_of_a_block_goes_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), temporary_folder("words") as folder:
        _ = 1 / 0
    assert not folder.exists()


def test_lasting_folder_outlives_blocks(place: Path) -> None:
    lasting = lasting_folder("kept")
    with temporary_folder("words"):
        pass
    assert lasting.is_dir()


def test_nothing_is_left_by_a_process_that_ends(place: Path) -> None:
    process, folder = started(f"{MAKES_ONE}input()")
    assert folder.is_relative_to(place) and folder.is_dir()
    end(process)
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_one_that_makes_a_folder(place: Path) -> None:
    dead, folder = started(f"{MAKES_ONE}input()")
    dead.send_signal(signal.SIGKILL)
    end(dead)
    assert folder.is_dir()
    process, _ = started(f"{MAKES_ONE}input()")
    assert not folder.exists()
    end(process)
    assert list(place.iterdir()) == []


def test_what_a_living_process_has_stays(place: Path) -> None:
    living, folder = started(f"{MAKES_ONE}input()")
    other, _ = started(MAKES_ONE)
    end(other)
    assert folder.is_dir()
    end(living)


def test_forked_child_leaves_what_its_parent_has_and_removes_its_own(place: Path) -> None:
    program = (
        "import os, sys\n"
        f"{MAKES_ONE}"
        "from mlflow.temporary_folders import temporary_folder\n"
        "with temporary_folder('block') as block:\n"
        "    child = os.fork()\n"
        "if child == 0:\n"
        "    lasting_folder('of-child')\n"
        "    sys.exit()\n"
        "os.waitpid(child, 0)\n"
        "print(sorted(p.name[:5] for p in block.parent.iterdir()), len(list(block.parent.parent.iterdir())))\n"
        "input()\n"
    )
    process, _ = started(program)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "['kept-', 'lock'] 1"
    end(process)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("how", ["spawn", "fork"])
def test_worker_of_multiprocessing_leaves_nothing(place: Path, how: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing\n"
        "from mlflow.temporary_folders import lasting_folder\n"
        "def work():\n    assert lasting_folder('kept').is_dir()\n"
        "if __name__ == '__main__':\n"
        f"    process = multiprocessing.get_context('{how}').Process(target=work)\n"
        "    process.start()\n    process.join()\n    raise SystemExit(process.exitcode)\n"
    )
    subprocess.run([sys.executable, str(program)], check=True, timeout=100)
    assert [path for path in place.iterdir() if path.name.startswith("mlflow-")] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_folder_of_another_user_stays(place: Path) -> None:
    foreign = place / "mlflow-process-foreign"
    foreign.mkdir()
    os.chown(foreign, 65534, 65534)
    process, _ = started(MAKES_ONE)
    end(process)
    assert foreign.is_dir()


def test_link_that_looks_like_a_folder_stays_with_what_it_leads_to(place: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    (place / "mlflow-process-link").symlink_to(tmp_path / "mine")
    process, _ = started(MAKES_ONE)
    end(process)
    assert (tmp_path / "mine" / "file").read_text() == "x"


HOLDS_ONE = (
    "from mlflow.temporary_folders import held_folder; folder = held_folder('kept'); print(folder, flush=True)\n"
)


def test_held_folder_is_private_and_goes_when_it_is_released() -> None:
    folder = held_folder("words")
    assert folder.name.startswith("words-")
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    release(folder)
    assert not folder.parent.exists()


def test_held_folder_of_a_killed_process_goes_with_the_next_one_that_makes_any(place: Path) -> None:
    dead, folder = started(f"{HOLDS_ONE}input()")
    dead.send_signal(signal.SIGKILL)
    end(dead)
    assert folder.is_dir()
    process, _ = started(MAKES_ONE)
    end(process)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("release(folder)", id="releases it"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", id="is killed"),
    ],
)
def test_folder_that_was_handed_on_goes_with_the_last_process_that_holds_it(place: Path, last: str) -> None:
    second = (
        "import os, signal; from pathlib import Path; from mlflow.temporary_folders import hold, release; "
        f"folder = Path(input()); hold(folder); print('begun', flush=True); input(); {last}"
    )
    program = (
        f"import subprocess, sys\nfrom mlflow.temporary_folders import let_go, locks_of\n{HOLDS_ONE}"
        f"subprocess.Popen([sys.executable, '-c', {second!r}], pass_fds=locks_of([folder]))\nlet_go([folder])\n"
    )
    process, folder = started(program)
    assert process.wait(60) == 0
    assert process.stdin is not None
    assert process.stdout is not None
    print(folder, file=process.stdin, flush=True)  # to the second one, which has both from the first
    assert process.stdout.readline() == "begun\n"
    other, _ = started(MAKES_ONE)
    end(other)
    assert folder.is_dir()
    process.stdin.close()
    assert process.stdout.read() == ""  # it has ended
    process.stdout.close()
    other, _ = started(MAKES_ONE)
    end(other)
    assert list(place.iterdir()) == []


def test_forked_child_does_not_hold_what_its_parent_released(place: Path) -> None:
    program = (
        "import os, sys\n"
        f"{HOLDS_ONE}"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    sys.stdin.readline()\n"
        "    sys.exit()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    process, folder = started(program)
    process.wait(60)
    other, _ = started(MAKES_ONE)
    end(other)
    assert not folder.exists()
    end(process)
