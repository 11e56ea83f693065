import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_a_doctor_reports_versions_settings_and_checks(mlflow: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "secret")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "sweep")
    report = json.loads(mlflow("doctor", "--json").stdout)
    assert report["problems"] == []
    assert (report["settings"]["MLFLOW_TRACKING_PASSWORD"], report["settings"]["MLFLOW_EXPERIMENT_NAME"]) == (
        "***",
        "sweep",
    )
    assert report["checks"]["Tracking store"] == "answers"
    assert "sqlalchemy: " in mlflow("doctor").stdout
    assert "sweep" not in mlflow("doctor", "--mask-envs").stdout


def test_what_does_not_work_is_named_and_gives_exit_code_1(mlflow: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    text = mlflow("doctor", code=1).stdout
    assert "Tracking store: failed" in text
    assert "Problem: " in text


def test_variables_are_read_from_a_file_and_those_set_win(
    mlflow: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "7")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "")
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME")
    (tmp_path / "settings").write_text("MLFLOW_EXPERIMENT_ID=8\nMLFLOW_EXPERIMENT_NAME=from a file\n")
    result = mlflow("--env-file", "settings", "doctor", "--json")
    settings = json.loads(result.stdout)["settings"]
    assert (settings["MLFLOW_EXPERIMENT_ID"], settings["MLFLOW_EXPERIMENT_NAME"]) == ("7", "from a file")
    assert "settings" in result.stderr
    mlflow("--env-file", "nowhere", "doctor", code=2)
