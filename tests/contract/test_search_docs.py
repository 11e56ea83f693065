"""The examples of docs/search.md are read as filters and sort keys."""

import re
from pathlib import Path

import pytest

from mlflow.contract.search import MAX_CLAUSES, MAX_NESTING, MAX_TEXT, RUNS, parse_filter, parse_order_by

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text("utf-8")


def examples(language: str) -> list[str]:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("text", examples("filter"))
def test_example_filter_is_read(text: str) -> None:
    assert parse_filter(text, RUNS) is not None


def test_example_sort_keys_are_read() -> None:
    keys = examples("order_by")
    assert len(parse_order_by(keys, RUNS)) == len(keys) > 3


def test_example_failure_is_as_printed(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(examples("python")), {})
    assert capsys.readouterr().out.splitlines() == examples("output")


def test_limits_are_as_told() -> None:
    told = f"{MAX_TEXT:,} characters, {MAX_CLAUSES} comparisons and {MAX_NESTING} levels"
    assert told in PAGE
