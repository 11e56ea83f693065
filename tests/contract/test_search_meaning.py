"""The trees find among search_seed.json what the published store found, judged by the plainest possible evaluation."""

import json
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.search import (
    GRAMMARS,
    And,
    Comparison,
    Kind,
    Node,
    Not,
    Operator,
    Or,
    like_to_regex,
    parse_filter,
)

FOLDER = Path(__file__).parent
SEED = json.loads((FOLDER / "search_seed.json").read_text("utf-8"))
ROWS = [json.loads(line) for line in (FOLDER / "search_table.jsonl").read_text("utf-8").splitlines()]
NOW = 1_760_000_000_000
Entity = dict[tuple[Kind, str], Any]

OPERATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.LIKE: lambda value, pattern: like_to_regex(pattern, True).fullmatch(value) is not None,
    Operator.ILIKE: lambda value, pattern: like_to_regex(pattern, False).fullmatch(value) is not None,
    Operator.IN: lambda value, members: value in members,
    Operator.NOT_IN: lambda value, members: value not in members,
}


def holds(node: Node, entity: Entity) -> bool:
    if isinstance(node, And):
        return all(holds(item, entity) for item in node.items)
    if isinstance(node, Or):
        return any(holds(item, entity) for item in node.items)
    return not holds(node.item, entity) if isinstance(node, Not) else compares(node, entity)


def compares(node: Comparison, entity: Entity) -> bool:
    value = entity.get((node.field.kind, node.field.key))
    if node.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        return (value is None) is (node.operator is Operator.IS_NULL)
    return value is not None and OPERATIONS[node.operator](value, node.value)


def attributes(**values: Any) -> Entity:
    return {(Kind.ATTRIBUTE, key): value for key, value in values.items()}


def keyed(kind: Kind, values: dict[str, Any]) -> Entity:
    return {(kind, key): value for key, value in values.items()}


def run(seed: dict[str, Any]) -> Entity:
    own = attributes(
        run_id=f"id of {seed['name']}",
        run_name=seed["name"],
        status="FINISHED" if "end_time" in seed else "RUNNING",
        user_id="someone",
        artifact_uri="/somewhere",
        start_time=seed["start_time"],
        end_time=seed.get("end_time"),
    )
    tags = keyed(Kind.TAG, {"mlflow.runName": seed["name"], **seed["tags"]})
    metrics, params = keyed(Kind.METRIC, seed["metrics"]), keyed(Kind.PARAM, seed["params"])
    return own | tags | metrics | params | keyed(Kind.DATASET, seed.get("dataset", {}))


def experiment(index: int, seed: dict[str, Any]) -> Entity:
    own = attributes(name=seed["name"], experiment_id=str(index), creation_time=NOW, last_update_time=NOW)
    return own | keyed(Kind.TAG, seed["tags"])


def model(seed: dict[str, Any]) -> Entity:
    return attributes(name=seed["name"]) | keyed(Kind.TAG, seed["tags"])


def version(number: int, seed: dict[str, Any]) -> Entity:
    own = attributes(name=seed["name"], version_number=number, source_path=seed["source"])
    return own | keyed(Kind.TAG, seed["tags"])


SEEDED: dict[str, dict[str, Entity]] = {
    "runs": {seed["name"]: run(seed) for seed in SEED["runs"]},
    "experiments": {
        seed["name"]: experiment(index, seed)
        for index, seed in enumerate([{"name": "Default", "tags": {}}, *SEED["experiments"]])
    },
    "registered_models": {seed["name"]: model(seed) for seed in SEED["registered_models"]},
    "model_versions": {
        f"{seed['name']}/{number}": version(number, seed)
        for seed, number in zip(SEED["model_versions"], (1, 2, 1), strict=True)
    },
}
COMPARED = [
    row
    for row in ROWS
    if row["entity"] in SEEDED and "order_by" not in row and isinstance(row["mlflow"], list) and "reads_as" in row
]


@pytest.mark.parametrize("entity", SEEDED)
def test_trees_find_what_the_published_store_found(entity: str) -> None:
    rows = [row for row in COMPARED if row["entity"] == entity]
    assert len(rows) > 20
    wrong = []
    for row in rows:
        tree = parse_filter(row["filter"], GRAMMARS[entity])
        found = sorted(name for name, seeded in SEEDED[entity].items() if tree is None or holds(tree, seeded))
        if found != sorted(row["mlflow"]):
            wrong.append((row["filter"], row["mlflow"], found))
    assert wrong == []
