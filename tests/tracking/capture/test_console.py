import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlflow.tracking.capture.console import ConsoleCapture

PRELUDE = """
import os, subprocess, sys, threading, time
from mlflow.tracking.capture.console import ConsoleCapture
descriptor = os.open("log", os.O_WRONLY | os.O_CREAT)
def sink(offset, data):
    os.pwrite(descriptor, data, offset)
    os.ftruncate(descriptor, offset + len(data))
capture = ConsoleCapture(sink, interval=0.05)
assert capture.start()
"""


def run(code: str, cwd: Path, check: bool = True, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PRELUDE + code],
        cwd=cwd, capture_output=True, check=check, timeout=60, **options,
    )  # fmt: skip


def log(cwd: Path) -> bytes:
    return (cwd / "log").read_bytes()


def test_python_children_and_raw_writes_reach_both_the_log_and_the_console(tmp_path: Path) -> None:
    code = (
        "print('python')\nsys.stdout.flush()\n"
        "subprocess.run(['sh', '-c', 'echo child; echo problem >&2'])\n"
        "os.write(1, b'\\xff\\xfe raw\\n')\n"
        "import ctypes; ctypes.CDLL(None).puts(b'from C')\n"
        "capture.stop()\nprint('after')\n"
    )
    done = run(code, tmp_path)
    assert done.stdout == b"python\nchild\n\xff\xfe raw\nfrom C\nafter\n"
    assert done.stderr == b"problem\n"
    assert sorted(log(tmp_path).splitlines()) == sorted([b"python", b"child", b"problem", b"\xff\xfe raw", b"from C"])


def test_output_before_the_end_of_the_interpreter_is_recorded_with_the_traceback(tmp_path: Path) -> None:
    done = run("print('last words')\nraise SystemError('boom')\n", tmp_path, check=False)
    assert done.returncode == 1
    assert b"SystemError: boom" in done.stderr
    assert b"last words\n" in log(tmp_path)
    assert b"SystemError: boom" in log(tmp_path)


def test_progress_bars_leave_their_last_state(tmp_path: Path) -> None:
    code = (
        "for i in range(101):\n    print(f'\\r{i}%', end='', file=sys.stderr, flush=True)\n"
        "print(file=sys.stderr)\ncapture.stop()\n"
    )
    done = run(code, tmp_path)
    assert done.stderr.count(b"\r") == 101
    assert log(tmp_path) == b"100%\n"


@pytest.mark.parametrize("ending", ["os._exit(3)", "os.kill(os.getpid(), 9)"], ids=["exit", "kill"])
def test_what_was_flushed_stays_when_the_process_dies_at_once(tmp_path: Path, ending: str) -> None:
    code = f"print('first', flush=True)\ntime.sleep(0.5)\nprint('last', flush=True)\n{ending}\n"
    done = run(code, tmp_path, check=False)
    assert done.returncode != 0
    assert done.stdout == b"first\nlast\n"
    assert log(tmp_path).startswith(b"first\n")


def test_threads_and_huge_output_lose_nothing_on_the_console(tmp_path: Path) -> None:
    code = (
        "def work(n):\n    for i in range(20000):\n        os.write(1, b'%d %d\\n' % (n, i))\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\ncapture.stop()\n"
    )
    done = run(code, tmp_path)
    expected = sorted(b"%d %d" % (n, i) for n in range(4) for i in range(20000))
    assert sorted(done.stdout.splitlines()) == expected
    assert sorted(log(tmp_path).splitlines()) == expected


def test_the_log_is_bounded(tmp_path: Path) -> None:
    code = "for i in range(40):\n    print('x' * (1 << 20))\nprint('end')\ncapture.stop()\n"
    done = run(code, tmp_path)
    assert len(done.stdout) > 40 << 20
    assert 10 << 20 <= len(log(tmp_path)) < (10 << 20) + 100
    assert log(tmp_path).endswith(b"x\nend\n")
    assert b"bytes left out" in log(tmp_path)


def test_code_that_holds_the_interpreter_lock_and_prints_does_not_deadlock(tmp_path: Path) -> None:
    code = (
        "import ctypes\nlibc = ctypes.PyDLL(None)\nblock = b'z' * 4095\n"
        "for _ in range(2000):\n    libc.puts(block)\nlibc.fflush(None)\ncapture.stop()\n"
    )
    assert len(run(code, tmp_path).stdout) == 2000 * 4096


def test_a_forked_child_writes_into_the_parents_log_once(tmp_path: Path) -> None:
    code = (
        "child = os.fork()\n"
        "if not child:\n    print('child', flush=True); capture.stop(); sys.exit(0)\n"
        "os.waitpid(child, 0)\nprint('parent', flush=True)\ncapture.stop()\n"
    )
    assert run(code, tmp_path).stdout == b"child\nparent\n"
    assert log(tmp_path) == b"child\nparent\n"


def test_a_forked_child_that_records_its_own_run_is_not_captured_twice(tmp_path: Path) -> None:
    code = (
        "child = os.fork()\n"
        "if not child:\n"
        "    own = bytearray()\n"
        "    def keep(offset, data): own[offset:] = data\n"
        "    second = ConsoleCapture(keep)\n    assert second.start()\n"
        "    print('child', flush=True)\n    second.stop()\n"
        "    open('own', 'wb').write(own)\n    os._exit(0)\n"
        "os.waitpid(child, 0)\ncapture.stop()\n"
    )
    assert run(code, tmp_path).stdout == b"child\n"
    assert (tmp_path / "own").read_bytes() == b"child\n"
    assert log(tmp_path) == b""


def test_a_surviving_child_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    code = (
        "child = subprocess.Popen(['sh', '-c', 'sleep 3; echo late'])\n"
        "print('x', flush=True)\nbefore = time.monotonic()\ncapture.stop()\n"
        "assert time.monotonic() - before < 2\n"
        "os.write(2, b'stopped ')\nchild.wait()\n"
    )
    done = run(code, tmp_path)
    assert done.stdout == b"x\nlate\n"
    assert log(tmp_path) == b"x\n"


def test_death_of_the_tee_gives_the_console_back(tmp_path: Path) -> None:
    code = (
        "print('one', flush=True); time.sleep(0.3)\n"
        "os.kill(capture._tap._process.pid, 9)\ntime.sleep(0.3)\n"
        "print('two', flush=True)\ncapture.stop()\nprint('three')\n"
    )
    assert run(code, tmp_path).stdout == b"one\ntwo\nthree\n"


def test_signals_to_the_whole_group_leave_the_tee_to_finish(tmp_path: Path) -> None:
    code = (
        "import signal\nsignal.signal(signal.SIGTERM, lambda *a: (print('terminated'), sys.exit(4)))\n"
        "print('up', flush=True)\nos.killpg(0, signal.SIGTERM)\ntime.sleep(5)\n"
    )
    done = run(code, tmp_path, check=False, start_new_session=True)
    assert done.returncode == 4
    assert log(tmp_path) == b"up\nterminated\n"


def test_a_second_capture_does_not_start_and_a_later_one_does(tmp_path: Path) -> None:
    code = (
        "second = ConsoleCapture(sink)\nassert not second.start()\nsecond.stop()\n"
        "print('one', flush=True)\ncapture.stop()\ncapture.stop()\n"
        "assert second.start()\nprint('two', flush=True)\nsecond.stop()\nprint('three')\n"
    )
    assert run(code, tmp_path).stdout == b"one\ntwo\nthree\n"
    assert log(tmp_path) == b"two\n"


def test_a_sink_that_raises_is_reported_and_the_console_goes_on(tmp_path: Path) -> None:
    code = "capture.stop()\nwith ConsoleCapture(lambda offset, data: 1 / 0):\n    print('x', flush=True)\nprint('y')\n"
    done = run(code, tmp_path)
    assert done.stdout == b"x\ny\n"
    assert b"could not be recorded" in done.stderr


def test_many_captures_leave_no_descriptors_and_no_processes(tmp_path: Path) -> None:
    code = (
        "capture.stop()\nbefore = set(os.listdir('/proc/self/fd'))\n"
        "for _ in range(5):\n    with ConsoleCapture(sink): print('x', flush=True)\n"
        "assert set(os.listdir('/proc/self/fd')) == before\n"
        "try:\n    os.waitpid(-1, os.WNOHANG); raise SystemExit('a child is left')\nexcept ChildProcessError: pass\n"
    )
    run(code, tmp_path)


def test_descriptors_above_a_thousand_do_no_harm(tmp_path: Path) -> None:
    code = (
        "capture.stop()\nimport resource\nhard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (2000, hard))\n"
        "opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1200)]\n"
        "with ConsoleCapture(sink): print('x', flush=True)\n"
    )
    run(code, tmp_path)
    assert log(tmp_path) == b"x\n"


def test_programs_still_see_a_terminal_where_there_was_one(tmp_path: Path) -> None:
    code = (
        "import shutil\nprint(sys.stdout.isatty(), shutil.get_terminal_size(fallback=(0, 0)).columns, flush=True)\n"
        "subprocess.run(['sh', '-c', 'test -t 1 && echo terminal'])\nos.environ.pop('COLUMNS', None)\ncapture.stop()\n"
    )
    shown = _in_terminal(code, tmp_path)
    assert shown == b"True 123\r\nterminal\r\n"
    assert log(tmp_path) == b"True 123\nterminal\n"


def _in_terminal(code: str, cwd: Path) -> bytes:
    import fcntl
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 123, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code],
        cwd=cwd,
        env=environment,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):
            while select.select([leader], [], [], 30)[0]:
                shown += os.read(leader, 4096)
        assert process.wait(10) == 0
    os.close(leader)
    return shown


def test_streams_that_are_objects_are_heard(capsys: pytest.CaptureFixture[str]) -> None:
    text = bytearray()

    def keep(offset: int, data: bytes) -> None:
        text[offset:] = data

    with ConsoleCapture(keep, interval=0.01):
        print("out")
        time.sleep(0.1)
        print("\r1%\r2%", file=sys.stderr)
        assert text.startswith(b"out\n")
    print("after")
    assert bytes(text) == b"out\n2%\n"
    assert capsys.readouterr() == ("out\nafter\n", "\r1%\r2%\n")


def test_a_notebook_that_replaces_write_around_each_cell_is_still_heard(capsys: pytest.CaptureFixture[str]) -> None:
    text = bytearray()

    def keep(offset: int, data: bytes) -> None:
        text[offset:] = data

    before = sys.stdout.write
    with ConsoleCapture(keep, interval=0.01):
        print("first cell")
        sys.stdout.write = before
        listening, seen = sys.stdout.write, []
        sys.stdout.write = lambda text: (seen.append(text), listening(text))[1]
        print("second cell")
        sys.stdout.write = listening
        sys.stdout.writelines(["third ", "cell\n"])
        with contextlib.redirect_stdout(sys.stderr):
            print("elsewhere")
    assert "".join(seen) == "second cell\n"
    assert bytes(text) == b"first cell\nsecond cell\nthird cell\nelsewhere\n"
    assert capsys.readouterr() == ("first cell\nsecond cell\nthird cell\n", "elsewhere\n")


@pytest.mark.parametrize("variable", ["MLFLOW_CAPTURE", "MLFLOW_CAPTURE_CONSOLE"])
def test_the_console_has_switches(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "0")
    assert ConsoleCapture(lambda offset, data: None).start() is False


def test_interrupt_at_the_keyboard_ends_the_program_and_keeps_the_log(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + "print('up', flush=True)\ntime.sleep(30)\n"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in errors
    assert log(tmp_path).startswith(b"up\n")
    assert b"KeyboardInterrupt" in log(tmp_path)
