"""What every test may ask for. Servers start once a session, on first use, and are stopped by their own pid."""

import importlib.util
import os
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.temporary",
    "tests.fixtures.processes",
    "tests.fixtures.databases",
    "tests.fixtures.postgresql",
    "tests.fixtures.mariadb",
    "tests.fixtures.s3",
    "tests.fixtures.foreign",
    "tests.fixtures.servers",
]

KEPT = {"MLFLOW_ORACLE_PYTHON", "MLFLOW_ORACLE_ANEW", "MLFLOW_FRAMEWORKS_PYTHON"}

if importlib.util.find_spec("hypothesis"):  # which the frameworks' environment has not
    from hypothesis import HealthCheck, settings

    # no verdict may hang on how busy the machine is
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Measure coverage in the processes that run tests, not in the thousands that these start."""
    if hasattr(config, "workerinput"):
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files: long ones first, so that no core idles in the end, and those that need the published server last.

    Its fifteen processes keep a core busy as long as they live.
    """
    items.sort(key=lambda item: (item.get_closest_marker("oracle") is not None, not item.get_closest_marker("long")))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder of its own, with journal and kept models there, and no MLFLOW_ setting from outside."""
    for name in [name for name in os.environ if name.startswith("MLFLOW_") and name not in KEPT]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MLFLOW_JOURNAL_DIR", str(tmp_path / "journal"))
    monkeypatch.setenv("MLFLOW_MODEL_CACHE_DIR", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
