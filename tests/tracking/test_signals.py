"""The handler of SIGTERM that notes open runs as killed, and processes that are forked beneath it."""

import subprocess
import sys

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
