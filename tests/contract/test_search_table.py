"""What MLflow 3.17.2 answered to 900 filters and order_bys, and how each is read here.

A row of search_table.jsonl: `mlflow` is what the published store found among search_seed.json (names; "accepted" where
random ids decide) or its error code; `reads_as` and `sorts_by` are our trees, spelt canonically, or `refused`
our error code. `because` says why a text that MLflow accepts is refused.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.search import (
    GRAMMARS,
    FilterError,
    Grammar,
    canonical,
    canonical_order,
    parse_filter,
    parse_order_by,
)
from tests.fixtures.foreign import Program

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parent
TABLE = FOLDER / "search_table.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def read(row: dict[str, Any], grammar: Grammar) -> dict[str, Any]:
    read: dict[str, Any] = {}
    try:
        if "filter" in row:
            read["reads_as"] = canonical(parse_filter(row["filter"], grammar))
        if "order_by" in row:
            read["sorts_by"] = [canonical_order(key) for key in parse_order_by(row["order_by"], grammar)]
    except FilterError as exc:
        return {"refused": exc.error_code}
    return read


@pytest.mark.parametrize("entity", GRAMMARS)
def test_every_text_is_read_as_the_table_says(entity: str) -> None:
    rows = [row for row in ROWS if row["entity"] == entity]
    assert len(rows) > 50
    wrong = []
    for row in rows:
        wanted = {name: row[name] for name in ("reads_as", "sorts_by", "refused") if name in row}
        if (got := read(row, GRAMMARS[entity])) != wanted:
            wrong.append((row.get("filter"), row.get("order_by"), wanted, got))
    assert wrong == []


def test_what_mlflow_accepts_is_refused_only_for_a_reason() -> None:
    accepted = [row for row in ROWS if not isinstance(row["mlflow"], str) or row["mlflow"] == "accepted"]
    refused = [row for row in accepted if "refused" in row]
    assert len(accepted) > 400
    assert all(row["because"] for row in refused)
    assert len(refused) <= 14


@pytest.mark.oracle
def test_the_published_mlflow_answers_as_recorded(run_published: Program) -> None:
    program = (FOLDER / "search_oracle.py").read_text("utf-8")
    printed = run_published(program, {"SEED": str(FOLDER / "search_seed.json"), "TABLE": str(TABLE)})
    answers = [json.loads(line) for line in printed.splitlines() if line]
    assert len(answers) == len(ROWS)
    changed = [(row, answer) for row, answer in zip(ROWS, answers, strict=True) if row["mlflow"] != answer]
    assert changed == []
