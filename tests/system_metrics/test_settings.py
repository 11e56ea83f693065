"""Settings of system metrics, and mlflow.config."""

from __future__ import annotations

import os

import pytest

import mlflow.config
from mlflow.environment_variables import (
    MLFLOW_ENABLE_ASYNC_LOGGING,
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING,
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.exceptions import InvalidParameterValue


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


def test_system_metrics_are_switched_for_child_processes_too():
    mlflow.config.enable_system_metrics_logging()
    assert MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get() is True
    mlflow.config.disable_system_metrics_logging()
    assert MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get() is False


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("sampling_interval", 2.5, MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL),
        ("samples_before_logging", 3, MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING),
        ("node_id", "rank-1", MLFLOW_SYSTEM_METRICS_NODE_ID),
    ],
)
def test_setting_is_kept_and_none_takes_it_back(name, value, variable):
    setter = getattr(mlflow.config, f"set_system_metrics_{name}")
    setter(value)
    assert variable.get() == value
    setter(None)
    assert not variable.is_set()


@pytest.mark.parametrize("interval", [0, -1, "x", float("nan"), float("inf"), True.__class__])
def test_interval_that_is_no_time_is_refused(interval):
    with pytest.raises(InvalidParameterValue, match="Sampling interval is"):
        mlflow.config.set_system_metrics_sampling_interval(interval)


@pytest.mark.parametrize("samples", [0, -1, 1.5, "x", True])
def test_number_of_samples_that_is_none_is_refused(samples):
    with pytest.raises(InvalidParameterValue, match="Number of samples before logging is"):
        mlflow.config.set_system_metrics_samples_before_logging(samples)


def test_client_is_made_asynchronous_and_back():
    mlflow.config.enable_async_logging()
    assert MLFLOW_ENABLE_ASYNC_LOGGING.get() is True
    mlflow.config.enable_async_logging(False)
    assert MLFLOW_ENABLE_ASYNC_LOGGING.get() is False


@pytest.mark.parametrize("name", mlflow.config.__all__)
def test_every_public_name_is_a_function(name):
    assert callable(getattr(mlflow.config, name))


def test_tracking_uri_is_the_one_of_the_tracking_floor(tmp_path):
    mlflow.config.set_tracking_uri(f"sqlite:///{tmp_path}/x.db")
    assert mlflow.config.get_tracking_uri() == f"sqlite:///{tmp_path}/x.db"
    assert mlflow.config.is_tracking_uri_set()


def test_unknown_setting_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_setting"):
        mlflow.config.no_such_setting  # noqa: B018 - the access is the test
