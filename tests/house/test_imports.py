"""`import mlflow` stays light: a fresh interpreter may load the standard library and little else."""

import json
import subprocess
import sys

import pytest

ALLOWED = {"mlflow", "msgspec"}
PROGRAM = """
import json, sys
before = set(sys.modules)
import {module}
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(json.dumps(sorted(loaded - sys.stdlib_module_names - {{"__mp_main__"}})))
"""


def loaded_packages(module: str) -> set[str]:
    """Third-party packages that importing ``module`` brings in, in an interpreter without site customisation."""
    command = [sys.executable, "-c", PROGRAM.format(module=module)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["mlflow", "mlflow.exceptions", "mlflow.environment_variables"])
def test_import_loads_nothing_but_the_allowed_packages(module: str) -> None:
    assert loaded_packages(module) - ALLOWED == set()


def test_command_line_loads_neither_server_nor_database_nor_data_frames() -> None:
    heavy = {"numpy", "pandas", "sqlalchemy", "alembic", "starlette", "uvicorn", "urllib3", "pyarrow", "obstore"}
    assert loaded_packages("mlflow.cli") & heavy == set()


def test_a_server_on_sqlite_and_gc_load_neither_numpy_nor_yaml_nor_drivers_of_other_databases() -> None:
    heavy = {"numpy", "pandas", "yaml", "alembic", "psycopg", "pymysql", "pyarrow", "obstore"}
    for module in ("mlflow.server.app", "mlflow.sql.store", "mlflow.sql.garbage"):
        assert loaded_packages(module) & heavy == set(), module
