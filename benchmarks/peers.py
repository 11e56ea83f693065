"""Other servers of models, measured beside the two products where they install cleanly."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

PROGRAMS = Path(__file__).parent / "programs"
INSTALL_SECONDS = 300


class Absent(Exception):
    """Why a peer cannot be measured here."""


class Peer(NamedTuple):
    """A server of models: what is installed for it, and how it is started in the folder that its files were put in."""

    name: str
    requirements: tuple[str, ...]
    arguments: tuple[str, ...]
    path: str = "/invocations"
    body: Callable[[int], Any] | None = None

    def install(self, folder: Path) -> Path:
        """Make a virtual environment, put the peer's files and the estimator beside it; its interpreter."""
        environment = folder / "environment"
        python = environment / "bin" / "python"
        if not python.exists():
            done(["uv", "venv", "--python", sys.executable, str(environment)], folder)
            done(["uv", "pip", "install", "--python", str(python), *self.requirements], folder)
            shutil.copytree(PROGRAMS / "peers", folder, dirs_exist_ok=True)
            done([str(python), "estimator.py"], folder)
        return python

    def command(self, python: Path) -> list[str]:
        """What starts it; `{port}` is filled in later."""
        return [part.replace("{bin}", str(python.parent)) for part in self.arguments]


def done(command: list[str], folder: Path) -> None:
    """Run a command to its end.

    Raises:
        Absent: it fails; with the last that it said.
    """
    program = shutil.which(command[0], path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin")
    if program is None:
        raise Absent(f"{command[0]} is not installed")
    try:
        subprocess.run(
            [program, *command[1:]], cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired as exc:
        raise Absent(f"{' '.join(command[:3])} … took over {INSTALL_SECONDS} s") from exc
    except subprocess.CalledProcessError as exc:
        said = " ".join(str(exc.stderr).split())[-300:]
        raise Absent(f"{' '.join(command[:3])} … failed: {said}") from exc


def tensor(rows: int) -> Any:
    """The body for so many rows, in the open inference protocol: a raw tensor, which nobody has to make a table of."""
    from benchmarks.serving import FEATURES, values

    flat = [value for row in values(rows) for value in row]
    return {"inputs": [{"name": "x", "shape": [rows, FEATURES], "datatype": "FP64", "data": flat}]}


SKLEARN = ("scikit-learn", "pandas")
PEERS = (
    Peer("LitServe", ("litserve", *SKLEARN), ("{bin}/python", "litserve_server.py", "{port}")),
    Peer(
        "BentoML",
        ("bentoml", *SKLEARN),
        ("{bin}/bentoml", "serve", "bentoml_server:Scored", "--host", "127.0.0.1", "--port", "{port}"),
    ),
    Peer(
        "MLServer, on raw tensors",
        ("mlserver", "mlserver-sklearn", *SKLEARN),
        ("{bin}/python", "mlserver_server.py", "{port}"),
        "/v2/models/scored/infer",
        tensor,
    ),
)
