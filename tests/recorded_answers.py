"""Answers of the published package that are kept in a file beside their test.

They follow from a program and from what is installed with the published package. So the program is run there again when
either is another than that of the record, or when MLFLOW_ORACLE_ANEW is set, and not otherwise.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

LISTING = """
from importlib.metadata import distributions
print(sorted({f"{found.name}=={found.version}" for found in distributions()}))
"""


class Record:
    """A file of answers, and the stamp of what they follow from.

    Args:
        path: of the file.
        program: what the answers were printed by.
    """

    def __init__(self, path: Path, program: str) -> None:
        self._path, self._program = path, program

    @property
    def answers(self) -> Any:
        return json.loads(self._path.read_text())["answers"]

    def is_current(self, python: str) -> bool:
        """Whether the program and the packages of an interpreter are those of the record."""
        stamp = json.loads(self._path.read_text())["stamp"]
        return bool(stamp == self._stamp(python)) and not os.environ.get("MLFLOW_ORACLE_ANEW")

    def write(self, python: str, answers: Any) -> None:
        """Replace the record, as its test does when MLFLOW_ORACLE_ANEW is `write`."""
        content = {"stamp": self._stamp(python), "answers": answers}
        self._path.write_text(json.dumps(content, indent=1) + "\n")

    def _stamp(self, python: str) -> str:
        listed = subprocess.run([python, "-c", LISTING], capture_output=True, text=True, check=True).stdout
        return hashlib.sha256(f"{listed}\n{self._program}".encode()).hexdigest()
