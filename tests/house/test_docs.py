"""Every Python example of the documentation runs, in order, page by page.

A page's ```python blocks share one namespace and one empty folder, as if typed one after another. A block whose info
string says ``no-run`` is not run; a block that says ``server`` finds a tracking server at its ``MLFLOW_TRACKING_URI``.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.fixtures.servers import TrackingServer

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^( *)```python([^\n]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


class Page(NamedTuple):
    """A page and the examples to run on it."""

    name: str
    program: str
    needs_server: bool


def read_page(path: Path) -> Page:
    text = path.read_text()
    program, server = "", False
    for block in BLOCK.finditer(text):
        indent, info, body = block.groups()
        if "no-run" in info:
            continue
        server = server or "server" in info
        line = text.count("\n", 0, block.start(3))
        code = "\n".join(row.removeprefix(indent) for row in body.splitlines())
        program += "\n" * max(0, line - program.count("\n")) + code + "\n"
    return Page(str(path.relative_to(ROOT)), program, server)


def pages() -> list[Page]:
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in map(read_page, paths) if page.program]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_examples_of_a_page_run(page: Page, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if page.needs_server:
        server: TrackingServer = request.getfixturevalue("tracking_server")
        request.getfixturevalue("monkeypatch").setenv("MLFLOW_TRACKING_URI", server.url)
    script = tmp_path / "page.py"
    script.write_text(page.program)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, f"{page.name} (line numbers are the page's):\n{done.stdout}{done.stderr}"
