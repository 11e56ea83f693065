"""Processes that serve one socket end when they are told to, however young they are."""

import subprocess
import sys

PROGRAM = """
import os, signal, time
from mlflow.asgi.workers import Workers
def work(ready):
    ready()
    while True:
        time.sleep(1)
workers = Workers(work, count=1, drain=0)
signal.signal(signal.SIGTERM, workers._stop)  # as run() does before the first worker
for _ in range(30):
    process = workers._start()
    os.kill(process.pid, signal.SIGTERM)
    process.join(10)
    print(process.exitcode, flush=True)
    if process.exitcode is None:
        process.kill()
"""


def test_worker_that_is_told_to_end_while_it_is_forked_ends() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout.split() == ["-15"] * 30, done.stderr


DYING = """
import logging, sys
from mlflow.asgi.workers import Workers
logging.basicConfig()
ended = []
def work(ready):
    ready()
    sys.exit(3)
def note(pid):
    ended.append(pid)
    if len(ended) == 3:
        workers._stop(0, None)
workers = Workers(work, count=1, drain=0, ended=note)
workers._await_all = lambda: False  # they may have ended by then
workers.run(lambda: None)
"""


def test_workers_that_end_as_soon_as_they_begin_are_replaced_more_and_more_slowly() -> None:
    done = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True, check=False, timeout=100)
    pauses = [line.rpartition("; ")[2] for line in done.stderr.splitlines()]
    assert pauses == ["starting another.", "another starts in 1 s.", "another starts in 2 s."], done.stderr
