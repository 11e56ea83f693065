"""The page of flavors lists what there is, by the names that pip knows."""

import importlib
import re
from pathlib import Path

import pytest

from tests.flavors.samples import SAMPLES, Sample

PAGE = Path(__file__).resolve().parents[2] / "docs" / "flavors.md"
ROWS = {
    module: [cell.strip() for cell in cells.split("|")]
    for module, cells in re.findall(r"^\| `mlflow\.(\w+)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
}


def test_page_lists_every_flavor() -> None:
    assert set(ROWS) == {sample.flavor for sample in SAMPLES} | {"sklearn"}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_row_names_the_package_that_pip_installs(name: str) -> None:
    assert ROWS[name][0] == importlib.import_module(f"mlflow.{name}").FLAVOR.distribution


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_row_has_a_format_of_the_samples_kind(sample: Sample) -> None:
    _, safe, other, tested = ROWS[sample.flavor]
    assert safe if sample.safe else other
    assert tested.startswith("yes")
