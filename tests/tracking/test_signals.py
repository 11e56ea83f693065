"""The handler of SIGTERM that notes open runs as killed, and processes that are forked beneath it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FORKS = """
import os, signal, time
import mlflow

with mlflow.start_run():
    stubborn = []
    for _ in range(100):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        os.kill(child, signal.SIGTERM)
        end = time.monotonic() + 20
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.001)
            if time.monotonic() > end:
                stubborn.append(child)
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
        if stubborn:
            break
print(len(stubborn), mlflow.last_active_run().info.status)
"""


def test_a_child_that_is_ended_while_it_is_forked_ends() -> None:
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout.split() == ["0", "FINISHED"], done.stderr


STUCK = """
import ctypes, os, signal, time
import mlflow

mutex = ctypes.create_string_buffer(64)  # zeros, as an initialised mutex is on Linux
wait = ctypes.CDLL(None).pthread_mutex_lock
with mlflow.start_run():
    child = os.fork()
    if child == 0:
        wait(mutex), wait(mutex)  # a wait in C code that no signal interrupts
    time.sleep(1)
    os.kill(child, signal.SIGTERM)
    end = time.monotonic() + 20
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < end:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(ended[1]), mlflow.last_active_run().info.status)
"""

OWN_RUN = """
import os, signal, time
import mlflow

with mlflow.start_run() as run:
    child = os.fork()
    if child == 0:
        mlflow.end_run()
        with mlflow.start_run(run_name="of the child"):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
end = time.monotonic() + 20
while True:  # what the child had noted is sent by whoever comes next, in the background
    found = mlflow.search_runs(output_format="list", order_by=["attributes.start_time"])
    statuses = [each.info.status for each in found]
    if "RUNNING" not in statuses or time.monotonic() > end:
        break
    time.sleep(0.05)
print(*statuses)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="initialises a mutex as Linux does")
def test_a_forked_child_that_waits_in_c_code_ends_at_once_as_a_pools_worker_must() -> None:
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout.split() == [str(-signal.SIGTERM), "RUNNING"], done.stderr


def test_a_forked_child_notes_its_own_run_as_killed_and_not_its_parents(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OWN_RUN],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=os.environ | {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/runs.db"},
    )
    assert done.stdout.split() == [str(-signal.SIGTERM), "FINISHED", "KILLED"], done.stderr
