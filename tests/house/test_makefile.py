"""The commands that the README and the gate name are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/quickstart.md", "docs/benchmarks.md", ".ci/run"]
)
def test_make_targets_that_a_page_names_exist(page: str) -> None:
    named = set(re.findall(r"(?:`|^|')make ([a-z-]+)", (ROOT / page).read_text(), re.MULTILINE))
    assert named
    assert named <= TARGETS
