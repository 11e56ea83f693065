"""Run the cells of a notebook: `python -m mlflow.projects.reproduction.notebook FILE`.

In a kernel where nbclient and ipykernel are installed, else in a shell of IPython, else as plain Python. A cell that is
not tagged as one that may fail ends it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from mlflow.tracking.capture.cells import MAY_FAIL

__all__ = ["main"]


def main(path: Path) -> int:
    """Run a notebook's cells in the working directory; returns the exit status."""
    if find_spec("nbclient") and find_spec("ipykernel"):
        return _in_kernel(path)
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    run = _in_shell() if find_spec("IPython") else _in_python()
    for number, cell in enumerate(cells, 1):
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if not run(source) and MAY_FAIL not in cell.get("metadata", {}).get("tags", ()):
            sys.stderr.write(f"Cell [{cell.get('execution_count') or number}] failed.\n")
            return 1
    return 0


def _in_kernel(path: Path) -> int:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # this environment's kernel, not one of the user's of the same name
    notebook = nbformat.read(path, as_version=4)
    here = {"metadata": {"path": str(Path.cwd())}}
    client = NotebookClient(notebook, timeout=None, kernel_name="python3", resources=here)
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return 0


def _in_shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    return lambda source: shell.run_cell(source, store_history=True).success


def _in_python() -> Any:
    module = ModuleType("__main__")
    sys.modules["__main__"] = module  # what pickles and the program itself take for their main module

    def run(source: str) -> bool:
        try:
            exec(compile(source, "<cell>", "exec"), vars(module))  # noqa: S102 - the recorded program itself
        except SyntaxError:
            traceback.print_exc(0)
            sys.stderr.write("What only IPython understands needs it: pip install ipython nbclient ipykernel\n")
            return False
        except Exception:  # noqa: BLE001 - whatever the program raises, as a notebook shows it
            traceback.print_exc()
            return False
        return True

    return run


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
