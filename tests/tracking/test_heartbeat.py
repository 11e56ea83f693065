"""The thread that gives signs of life."""

import threading
import time

import pytest

from mlflow.tracking.heartbeat import Heartbeat


def alive() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "mlflow-heartbeat"}


def test_beats_end_when_they_are_switched_off_and_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []

    def runs() -> tuple[()]:
        beats.append(time.monotonic())
        return ()

    before = alive()
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0.01")
    heart = Heartbeat(runs)
    heart.start()
    [thread] = alive() - before
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0")
    thread.join(30)
    assert not thread.is_alive()
    count = len(beats)
    heart.start()
    assert len(beats) == count
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "30")
    heart.start()
    assert len(beats) == count + 1
    assert len(alive() - before) == 1
