"""Tests of capture have it on."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def capturing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_CAPTURE", raising=False)
