"""Settings made by environment variables."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mlflow import environment_variables as settings
from mlflow.environment_variables import Variable


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in [n for n in os.environ if n.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("variable", settings.table(), ids=str)
def test_unset_variable_answers_its_default(variable):
    assert not variable.defined
    assert variable.get_raw() is None
    assert variable.get() == variable.default
    assert getattr(settings, variable.name) is variable


@pytest.mark.parametrize("variable", settings.table(), ids=str)
def test_default_has_the_declared_type(variable):
    assert variable.default is None or isinstance(variable.default, variable.type)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("TRUE", True), ("1", True), ("false", False), ("False", False), ("0", False)],
)
def test_boolean_accepts_words_and_digits_in_any_case(monkeypatch, text, value):
    monkeypatch.setenv("MLFLOW_OWN_FLAG", text)
    assert Variable(bool, None, "", name="MLFLOW_OWN_FLAG").get() is value


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        (settings.MLFLOW_S3_IGNORE_TLS, "yes", "true, false, 1 or 0"),
        (settings.MLFLOW_S3_IGNORE_TLS, "", "true, false, 1 or 0"),
        (settings.MLFLOW_S3_IGNORE_TLS, " true", "true, false, 1 or 0"),
        (settings.MLFLOW_PORT, "1.5", "an integer"),
        (settings.MLFLOW_PORT, "", "an integer"),
        (settings.MLFLOW_HTTP_REQUEST_BACKOFF_JITTER, "much", "a number"),
        (settings.MLFLOW_OFFLINE, "sometimes", "one of auto, always, never"),
    ],
    ids=lambda value: str(value) or "empty",
)
def test_bad_value_names_variable_value_and_expectation(monkeypatch, variable, text, expected):
    monkeypatch.setenv(variable.name, text)
    with pytest.raises(ValueError, match=f"{variable.name} is '{text}'. Set it to {expected}") as caught:
        variable.get()
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (settings.MLFLOW_TRACKING_URI, "http://127.0.0.1:5000"),
        (settings.MLFLOW_PORT, 5001),
        (settings.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL, 0.5),
        (settings.MLFLOW_SYNCHRONOUS, True),
        (settings.MLFLOW_WEBHOOK_ALLOWED_SCHEMES, ["http", "https"]),
    ],
    ids=lambda value: str(value),
)
def test_what_is_set_is_read_again(monkeypatch, variable, value):
    monkeypatch.setenv(variable.name, "")
    variable.set(value)
    assert variable.is_set()
    assert variable.get() == value
    variable.unset()
    assert not variable.is_set()


def test_unsetting_an_absent_variable_is_no_error():
    settings.MLFLOW_RUN_ID.unset()
    assert settings.MLFLOW_RUN_ID.get() is None


def test_text_of_a_variable_is_its_name():
    assert str(settings.MLFLOW_RUN_ID) == "MLFLOW_RUN_ID"


def test_list_drops_spaces_and_empty_items(monkeypatch):
    monkeypatch.setenv("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "http, https,,")
    assert settings.MLFLOW_WEBHOOK_ALLOWED_SCHEMES.get() == ["http", "https"]


def test_documentation_table_has_one_row_a_variable():
    rows = settings.to_markdown().splitlines()[2:]
    assert len(rows) == len(settings.table())
    assert "| `MLFLOW_OFFLINE` | auto, always, never | `auto` |" in "\n".join(rows)
    assert "| `MLFLOW_ENV_ROOT` | str | `~/.mlflow/envs` |" in "\n".join(rows)


def test_import_loads_the_standard_library_only():
    code = (
        "import sys; before = set(sys.modules); import mlflow.environment_variables; "
        "print(*{n.partition('.')[0] for n in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["mlflow"]
