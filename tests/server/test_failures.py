"""What the server says when it fails itself."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.served import served


def test_a_failed_request_has_an_id_that_the_log_knows(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with served(tmp_path) as server, caplog.at_level(logging.ERROR):
        (database,) = tmp_path.rglob("*.db")
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("ALTER TABLE experiments RENAME TO gone")
        answer = server.get("/api/2.0/mlflow/experiments/get?experiment_id=0")
        assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
        name = answer.headers["x-request-id"]
        assert len(name) == 32
        assert f"GET /api/2.0/mlflow/experiments/get failed, request {name}: " in caplog.text
        own = server.get("/api/2.0/mlflow/experiments/get?experiment_id=0", {"X-Request-Id": "mine-1"})
        assert own.headers["x-request-id"] == "mine-1"
        assert "x-request-id" not in server.get("/api/2.0/mlflow/nothing").headers
