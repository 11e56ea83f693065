"""``mlflow``: runs a command as a user types it, without a new process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlflow.cli import cli

Command = Callable[..., Result]


@pytest.fixture
def mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``mlflow("runs", "list", …, code=0) -> result``; a message with an exit code that is not expected fails the test.

    The store is ``store.db`` in the test's folder.
    """
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments], prog_name="mlflow")
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        if code:
            assert "Traceback" not in result.output
            assert result.output.strip()
        return result

    return run
