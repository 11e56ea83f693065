"""Notebooks and consoles: the executed cells are recorded, and run again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlflow.projects.reproduction.failures import NotReproducible
from mlflow.projects.reproduction.reproduce import reproduce
from mlflow.tracking.client import MlflowClient

pytestmark = pytest.mark.long

CELLS = [
    "import random, mlflow",
    "spelt_wrong",
    "%time scale = 2.5",
    "with mlflow.start_run(run_name='first'):\n    mlflow.log_metric('loss', 9.0)",
    "run = mlflow.start_run(run_name='second')\nrandom.seed(3)",
    "1 / 0",
    "for step in range(3):\n    mlflow.log_metric('loss', random.random() * scale, step=step)",
    "key = '-----BEGIN RSA PRIVATE KEY'",
    "mlflow.end_run()",
    "print('after the run')",
]


@pytest.fixture(autouse=True)
def _store(store: MlflowClient) -> None:
    """Cells are kept beside the notebook."""


def notebook(cells: list[str]) -> Path:
    """A notebook whose cells may fail, as they may for somebody who goes on after a mistake."""
    path = Path("typed.ipynb").absolute()
    made = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {"tags": ["raises-exception"]}, "source": text,
         "outputs": [], "execution_count": None}
        for at, text in enumerate(cells)
    ]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": made}))
    return path


def execute(cells: list[str], *, without: tuple[str, ...] = ()) -> None:
    """Run cells in a process where some packages are not there."""
    hidden = f"import sys; sys.modules.update(dict.fromkeys({without!r}))"
    program = f"{hidden}\nfrom pathlib import Path\nfrom mlflow.projects.reproduction.notebook import main\n"
    program += f"sys.exit(main(Path({str(notebook(cells))!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def runs(client: MlflowClient) -> dict[str, str]:
    return {run.info.run_name: run.info.run_id for run in client.search_runs(["0"])}


@pytest.mark.faults
@pytest.mark.parametrize("without", [(), ("nbclient",)], ids=["a kernel of Jupyter", "a shell of IPython"])
def test_the_cells_of_a_notebook_are_run_again(without: tuple[str, ...], store: MlflowClient) -> None:
    execute(CELLS, without=without)
    run_id = runs(store)["second"]
    recorded = json.loads(Path(store.download_artifacts(run_id, ".mlflow/source/cells.ipynb")).read_text())
    sources = [cell["source"] for cell in recorded["cells"]]
    assert sources == [*CELLS[:7], "# This cell was not recorded: it holds a private key.", CELLS[8]]
    may_fail = [cell["metadata"] != {} for cell in recorded["cells"]]
    assert may_fail == [True, True, True, False, False, True, False, False, False]
    assert all(cell["outputs"] == [] for cell in recorded["cells"])
    report = reproduce(run_id, environment="local", said=[].append)
    assert report.verdict == "EXACT", report.to_markdown()
    first = [run for run in store.search_runs(["0"]) if run.info.run_name == "first"]
    assert {run.data.tags.get("mlflow.parentRunId") for run in first} == {None, report.reproduction_id}
    assert reproduce(report.reproduction_id, environment="local", said=[].append).verdict == "EXACT"


@pytest.mark.faults
def test_plain_cells_run_without_ipython_and_a_failure_names_the_cell() -> None:
    hidden = ("nbclient", "IPython")
    execute(["values = [1]", "assert __import__('__main__').values == [1]"], without=hidden)
    path = notebook(["x = 1", "raise OSError('no')", "%time y = 2"])
    path.write_text(path.read_text().replace("raises-exception", "other"))
    program = f"import sys; sys.modules.update(dict.fromkeys({hidden!r}))\nfrom pathlib import Path\n"
    program += f"from mlflow.projects.reproduction.notebook import main\nsys.exit(main(Path({str(path)!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OSError: no" in done.stderr
    assert "Cell [2] failed" in done.stderr


@pytest.mark.parametrize("kind", ["notebook", "console"])
def test_cells_that_were_not_recorded_are_told(kind: str, store: MlflowClient) -> None:
    run_id = store.create_run("0").info.run_id
    store.log_metric(run_id, "m", 1.0)
    process = {"entry_point": {"kind": kind, "name": None}, "argv": [""], "command": ["python", "-m", "ipykernel"]}
    store.log_dict(run_id, process, ".mlflow/environment/process.json")
    words = f"ran in a {kind}, and what was typed there was not recorded. To have it, run it in IPython"
    with pytest.raises(NotReproducible, match=words):
        reproduce(run_id, environment="local", said=[].append)


@pytest.mark.faults
def test_a_saved_notebook_stands_in_for_cells_that_were_not_recorded(store: MlflowClient, tmp_path: Path) -> None:
    run_id = store.create_run("0").info.run_id
    store.log_metric(run_id, "m", 1.0)
    cells = "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('m', 1.0)"
    store.log_artifact(run_id, str(notebook([cells])), ".mlflow/source/entry")
    process = {"entry_point": {"kind": "notebook", "name": "typed.ipynb"}, "argv": ["x"], "command": ["python", "x"]}
    store.log_dict(run_id, process, ".mlflow/environment/process.json")
    told: list[str] = []
    assert reproduce(run_id, environment="local", said=told.append).verdict == "EXACT"
    assert any("as it was saved, is run from top to bottom" in text for text in told)
