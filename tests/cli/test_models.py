"""`mlflow models`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from mlflow.cli.main import cli
from mlflow.models.package import save
from tests.models.flavors import LINE, Line


def test_requirements_of_a_model_are_added_and_removed() -> None:
    save(LINE, Line(1.0), "model")
    runner = CliRunner()
    added = runner.invoke(cli, ["models", "update-pip-requirements", "-m", "model", "add", "scipy==1.0", "boto3"])
    assert (added.exit_code, added.stdout) == (0, "")
    lines = Path("model/requirements.txt").read_text().splitlines()
    assert lines[-2:] == ["scipy==1.0", "boto3"]
    assert "  - scipy==1.0" in Path("model/conda.yaml").read_text()
    removed = runner.invoke(cli, ["models", "update-pip-requirements", "-m", "model", "remove", "scipy"])
    assert removed.exit_code == 0
    assert "scipy" not in Path("model/requirements.txt").read_text()


def test_requirement_that_is_none_and_folder_that_is_none_are_told_in_one_line() -> None:
    save(LINE, Line(1.0), "model")
    runner = CliRunner()
    broken = runner.invoke(cli, ["models", "update-pip-requirements", "-m", "model", "add", "=="])
    absent = runner.invoke(cli, ["models", "update-pip-requirements", "-m", "absent", "add", "scipy"])
    assert (broken.exit_code, absent.exit_code) == (1, 1)
    assert "'==' is not one of pip's" in broken.stderr
    assert "No model at 'absent'" in absent.stderr
